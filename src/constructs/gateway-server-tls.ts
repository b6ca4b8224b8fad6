import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkingApiVersion } from './api-version';
import { begin } from './private/begin';
import { fail, show } from './private/errors';
import { nameFromId, objectMetadata, requireNamespace } from './private/metadata';
import {
  isDnsLabel, requireDnsLabel, requireEnum, requireHost, requireInstance, requireLabels, requireObject, requirePortNumber, requireText, requireTexts,
} from './private/require';
import { ServerTls } from './server-tls';

/** One server of a gateway: a port, the hosts on it, and their TLS. */
export interface GatewayServer {
  /**
   * The hosts that clients call: `shop.example.com`, `*.example.com`, `*`, each
   * with `<namespace>/` before it where only VirtualServices of that namespace may
   * use the host.
   */
  readonly hosts: string[];

  /** The port on which the gateway listens. */
  readonly port: number;

  /** How the server treats TLS. */
  readonly tls: ServerTls;

  /**
   * The name of the port, which no other server of the gateway may have.
   *
   * @default - the protocol in lower case and the number, such as `https-443`
   */
  readonly portName?: string;

  /**
   * The protocol of the port: `HTTPS` or `TLS`; `HTTP`, `HTTP2` or `GRPC` for
   * `ServerTls.httpsRedirect()`.
   *
   * @default - HTTPS where the gateway ends TLS, TLS where it passes TLS through,
   * HTTP for a redirect
   */
  readonly protocol?: string;
}

/** Options of a `GatewayServerTls`. */
export interface GatewayServerTlsProps extends GatewayServer {
  /**
   * The labels of the gateway's pods. They are looked for in all namespaces.
   *
   * @default { istio: 'ingressgateway' }
   */
  readonly selector?: { [key: string]: string };

  /**
   * The namespace of the Gateway.
   *
   * @default - the namespace of the chart; an error where it has none
   */
  readonly namespace?: string;

  /**
   * Metadata of the Gateway.
   *
   * @default - named after the construct's id, in lower case
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * The API version of the Gateway.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly apiVersion?: NetworkingApiVersion;
}

/**
 * The TLS that a gateway speaks with its clients: a Gateway of Istio.
 *
 * PeerAuthentication does not count for a gateway's listeners; this does.
 */
export class GatewayServerTls extends Construct {
  /** The Gateway. */
  public readonly gateway: ApiObject;

  private readonly servers: { port: { name: string; number: number; protocol: string }; hosts: string[]; tls: object }[] = [];

  constructor(scope: Construct, id: string, props: GatewayServerTlsProps) {
    super(scope, id);
    begin(this, props);
    const selector = requireLabels(this, 'selector', props.selector ?? { istio: 'ingressgateway' });
    if (Object.keys(selector).length === 0) {
      fail(this, "'selector' must have at least one label; got {}, which would make every proxy of the mesh a gateway");
    }
    const name = requireDnsLabel(this, 'metadata.name', props.metadata?.name ?? nameFromId(this));
    const namespace = requireNamespace(this, props);
    this.write('', props);
    this.gateway = new ApiObject(this, 'Resource', {
      apiVersion: requireEnum(this, 'apiVersion', props.apiVersion ?? NetworkingApiVersion.V1, NetworkingApiVersion),
      kind: 'Gateway',
      metadata: objectMetadata(props.metadata, name, namespace),
      spec: { selector, servers: this.servers },
    });
  }

  /**
   * Adds a server to the gateway.
   *
   * An error where another server has the name of its port already.
   */
  public addServer(server: GatewayServer): void {
    this.write('server: ', requireObject(this, 'server', server));
  }

  private write(where: string, server: GatewayServer): void {
    const hosts = requireTexts(this, `${where}hosts`, server.hosts);
    hosts.forEach((host, i) => this.requireGatewayHost(`${where}hosts[${i}]`, host));
    const number = requirePortNumber(this, `${where}port`, server.port);
    const tls = requireInstance(this, `${where}tls`, server.tls, ServerTls, "ServerTls.simple({ credentialName: '…' })");
    const spec = tls._spec(this, `${where}tls`);
    const protocol = server.protocol ?? tls._protocols[0];
    if (!tls._protocols.includes(protocol)) {
      fail(this, `'${where}protocol' must be one of ${tls._protocols.join(', ')} for this 'tls'; got ${show(protocol)}`);
    }
    const name = requireText(this, `${where}portName`, server.portName ?? `${protocol.toLowerCase()}-${number}`);
    if (this.servers.some(other => other.port.name === name)) {
      fail(this, `'${where}portName' must differ from those of the other servers; got ${show(name)} again`);
    }
    this.servers.push({ port: { name, number, protocol }, hosts, tls: spec });
  }

  /** The hosts that Istio accepts in a gateway (`ValidateNamespaceSlashWildcardHostname`). */
  private requireGatewayHost(what: string, given: string): void {
    const slash = given.indexOf('/');
    const namespace = slash < 0 ? undefined : given.slice(0, slash);
    const host = given.slice(slash + 1);
    if (namespace !== undefined && namespace !== '*' && namespace !== '.' && !isDnsLabel(namespace)) {
      fail(this, `'${what}' must have a namespace, '.' or '*' before the '/'; got ${show(given)}`);
    }
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host === '*') {
      return;
    }
    requireHost(this, what, host);
    if (!host.includes('.') || (host.includes('*') && !host.startsWith('*.'))) {
      fail(this, `'${what}' must be a full host name, with a wildcard only as its first label; got ${show(given)}`);
    }
  }
}
