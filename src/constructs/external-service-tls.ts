import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkingApiVersion } from './api-version';
import { ClientTls } from './client-tls';
import { begin } from './private/begin';
import { writeRule } from './private/destination-rule';
import { fail, show } from './private/errors';
import { requireExportTo } from './private/export-to';
import { nameFromId, objectMetadata, requireNamespace } from './private/metadata';
import { requireEnum, requireHost, requireInstance, requirePortNumber, requireTexts } from './private/require';

/** What an application speaks to a host outside the mesh. */
export enum ExternalProtocol {
  /** HTTP/1.1 in plaintext. */
  HTTP = 'HTTP',

  /** HTTP/2 in plaintext. */
  HTTP2 = 'HTTP2',

  /** gRPC in plaintext. */
  GRPC = 'GRPC',

  /** HTTP over TLS that the application speaks itself. */
  HTTPS = 'HTTPS',

  /** TLS that the application speaks itself. */
  TLS = 'TLS',

  /** Any bytes. */
  TCP = 'TCP',

  /** The protocol of MongoDB. */
  MONGO = 'MONGO',

  /** The protocol of MySQL. */
  MYSQL = 'MYSQL',

  /** The protocol of Redis. */
  REDIS = 'REDIS',
}

/** How the proxy finds the addresses of a host outside the mesh. */
export enum ExternalResolution {
  /** By asking DNS for the host, or for the endpoints where there are any. */
  DNS = 'DNS',

  /** By asking DNS at each new connection, and using the first answer. */
  DNS_ROUND_ROBIN = 'DNS_ROUND_ROBIN',

  /** By the addresses in `endpoints`. */
  STATIC = 'STATIC',

  /** Not at all: the call goes to the address and port that the application chose. */
  NONE = 'NONE',
}

/** Options of an `ExternalServiceTls`. */
export interface ExternalServiceTlsProps {
  /** The host outside the mesh, such as `api.example.com` or `*.example.com`. */
  readonly host: string;

  /**
   * The TLS that the proxy adds. Not `ClientTls.istioMutual()`: a host outside the
   * mesh has no certificate of the mesh.
   *
   * Where neither `sni` nor `subjectAltNames` is given, both are the host (unless it
   * has a wildcard), so that the server must prove to be the host for every
   * protocol. `ClientTls.simple()` without `caCertificates` trusts the CA
   * certificates of the proxy's operating system.
   *
   * @default ClientTls.disable(): the call leaves as the application wrote it
   */
  readonly tls?: ClientTls;

  /**
   * The port that the application calls.
   *
   * @default - 443 where the protocol is HTTPS or TLS, 80 where it is HTTP, HTTP2 or GRPC; an error for the others
   */
  readonly applicationPort?: number;

  /**
   * The port of the host that the proxy calls.
   *
   * @default - 443 where the proxy adds TLS to application port 80, else the application port
   */
  readonly externalPort?: number;

  /**
   * What the application speaks. HTTPS and TLS are an error where the proxy adds
   * TLS, which would then be there twice.
   *
   * @default - ExternalProtocol.HTTP where the proxy adds TLS, else ExternalProtocol.TLS
   */
  readonly protocol?: ExternalProtocol;

  /**
   * How the proxy finds the host's addresses.
   *
   * @default - STATIC where all `endpoints` are addresses, NONE for a host with a wildcard and no endpoints, else DNS
   */
  readonly resolution?: ExternalResolution;

  /**
   * Virtual addresses by which the application calls the host, for protocols that
   * do not name it (TCP, MySQL). A CIDR block needs the resolution NONE or STATIC.
   *
   * @default - none
   */
  readonly addresses?: string[];

  /**
   * Addresses, or other host names, at which the host is found.
   *
   * @default - the host itself
   */
  readonly endpoints?: string[];

  /**
   * The namespaces that see the host and its rule: `*`, `.` for its own, or names.
   *
   * @default - all
   */
  readonly exportTo?: string[];

  /**
   * The namespace of both objects.
   *
   * @default - the namespace of the chart; an error where it has none
   */
  readonly namespace?: string;

  /**
   * Metadata of both objects.
   *
   * @default - named after the construct's id, in lower case
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * The API version of both objects.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly apiVersion?: NetworkingApiVersion;
}

const OWN_TLS = [ExternalProtocol.HTTPS, ExternalProtocol.TLS];
const HTTP_FAMILY = [ExternalProtocol.HTTP, ExternalProtocol.HTTP2, ExternalProtocol.GRPC];
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$/;

/**
 * A host outside the mesh on one port, and the TLS towards it: a ServiceEntry and
 * a DestinationRule.
 *
 * Without `tls` the call leaves as the application wrote it, which is right for an
 * application that speaks TLS itself. With `ClientTls.simple()` or
 * `ClientTls.mutual()` the proxy adds TLS: the application calls
 * `http://api.example.com` (port 80) and the proxy calls port 443 over TLS.
 */
export class ExternalServiceTls extends Construct {
  /** The ServiceEntry. */
  public readonly entry: ApiObject;

  /** The DestinationRule. */
  public readonly rule: ApiObject;

  constructor(scope: Construct, id: string, props: ExternalServiceTlsProps) {
    super(scope, id);
    const { clusterDomain } = begin(this, props).facts(this);
    const host = this.requireExternalHost(props.host, clusterDomain);
    const namespace = requireNamespace(this, props);
    const tls = requireInstance(this, 'tls', props.tls ?? ClientTls.disable(), ClientTls, 'ClientTls.simple()');
    if (tls._mode === 'ISTIO_MUTUAL') {
      fail(this, `'tls' must be ClientTls.disable(), simple(), mutual() or mutualFromSecret(); got ClientTls.istioMutual(), and ${show(host)} has no certificate of the mesh`);
    }
    if (tls._secret !== undefined) {
      fail(this, `'tls' takes its certificates from Secret ${show(tls._secret)}, which sidecars cannot read for all clients: they would send plaintext; `
        + "use files, or give a 'workloadSelector' with ServiceClientTls and ServiceRef.host()");
    }
    tls._checkNamespace(this, 'tls', namespace);
    const originates = tls._mode !== 'DISABLE';
    const protocol = this.requireProtocol(props.protocol, originates);
    const ports = this.requirePorts(props, protocol, originates);
    const spec = this.entrySpec(props, host, protocol, ports);
    const exportTo = props.exportTo === undefined ? {} : { exportTo: requireExportTo(this, props.exportTo, namespace, false) };
    const apiVersion = requireEnum(this, 'apiVersion', props.apiVersion ?? NetworkingApiVersion.V1, NetworkingApiVersion);
    const metadata = objectMetadata(props.metadata, nameFromId(this), namespace);
    this.entry = new ApiObject(this, 'Entry', { apiVersion, kind: 'ServiceEntry', metadata, spec: { ...spec, ...exportTo } });
    const written = this.tlsTowards(host, tls);
    this.rule = writeRule(this, 'Resource', apiVersion, metadata, { host, trafficPolicy: { tls: written }, ...exportTo });
  }

  private requireExternalHost(value: unknown, clusterDomain: string): string {
    const host = requireHost(this, 'host', value);
    if (!host.includes('.') || (host.includes('*') && !host.startsWith('*.'))) {
      fail(this, `'host' must be a full host name, with a wildcard only as its first label; got ${show(host)}`);
    }
    if (host.endsWith(`.svc.${clusterDomain}`)) {
      fail(this, `'host' must be outside the cluster; got ${show(host)}, use ServiceClientTls for a Service`);
    }
    return host;
  }

  private requireProtocol(given: ExternalProtocol | undefined, originates: boolean): ExternalProtocol {
    const protocol = requireEnum(this, 'protocol', given ?? (originates ? ExternalProtocol.HTTP : ExternalProtocol.TLS), ExternalProtocol);
    if (originates && OWN_TLS.includes(protocol)) {
      fail(this, `'protocol' is ${protocol}, which the application encrypts itself, and 'tls' would encrypt it again; `
        + "leave 'tls' out, or let the application speak HTTP");
    }
    return protocol;
  }

  private requirePorts(props: ExternalServiceTlsProps, protocol: ExternalProtocol, originates: boolean) {
    const usual = OWN_TLS.includes(protocol) ? 443 : HTTP_FAMILY.includes(protocol) ? 80 : undefined;
    if (props.applicationPort === undefined && usual === undefined) {
      fail(this, `'applicationPort' is missing, and protocol ${protocol} has no usual one; give the port that the application calls`);
    }
    const application = requirePortNumber(this, 'applicationPort', props.applicationPort ?? usual);
    const external = requirePortNumber(this, 'externalPort', props.externalPort ?? (originates && application === 80 ? 443 : application));
    return { application, external };
  }

  private entrySpec(props: ExternalServiceTlsProps, host: string, protocol: ExternalProtocol, ports: { application: number; external: number }) {
    const endpoints = props.endpoints === undefined ? [] : requireTexts(this, 'endpoints', props.endpoints);
    const addresses = props.addresses === undefined ? [] : requireTexts(this, 'addresses', props.addresses);
    const allAddresses = endpoints.length > 0 && endpoints.every(endpoint => ADDRESS.test(endpoint));
    const usual = allAddresses ? ExternalResolution.STATIC
      : host.includes('*') && endpoints.length === 0 ? ExternalResolution.NONE : ExternalResolution.DNS;
    const resolution = requireEnum(this, 'resolution', props.resolution ?? usual, ExternalResolution);
    const asksDns = resolution === ExternalResolution.DNS || resolution === ExternalResolution.DNS_ROUND_ROBIN;
    if (resolution === ExternalResolution.NONE && endpoints.length > 0) {
      fail(this, `'resolution' NONE takes no 'endpoints'; got ${show(endpoints)}`);
    }
    if (resolution === ExternalResolution.NONE && ports.external !== ports.application) {
      fail(this, `'resolution' NONE calls the port that the application chose, ${ports.application}, and cannot call 'externalPort' ${ports.external}; `
        + "give a host without '*', or the same port for both");
    }
    if (resolution === ExternalResolution.STATIC && !allAddresses) {
      fail(this, `'resolution' STATIC needs 'endpoints' that are IP addresses; got ${show(endpoints)}`);
    }
    if (asksDns && host.includes('*') && endpoints.length === 0) {
      fail(this, `'resolution' ${resolution} needs a host without '*', or 'endpoints'; got ${show(host)}`);
    }
    if (resolution === ExternalResolution.DNS_ROUND_ROBIN && endpoints.length > 1) {
      fail(this, `'resolution' DNS_ROUND_ROBIN takes one of 'endpoints' at most; got ${show(endpoints)}`);
    }
    if (asksDns && addresses.some(address => address.includes('/'))) {
      fail(this, `'addresses' can only have CIDR blocks with the 'resolution' NONE or STATIC; got ${show(addresses)} with ${resolution}`);
    }
    const number = ports.application;
    return {
      hosts: [host],
      location: 'MESH_EXTERNAL',
      resolution,
      ports: [{ name: `${protocol.toLowerCase()}-${number}`, number, protocol, ...(ports.external === number ? {} : { targetPort: ports.external }) }],
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(endpoints.length > 0 ? { endpoints: endpoints.map(address => ({ address })) } : {}),
    };
  }

  /**
   * Istio verifies that the server is the one that was called only where neither sni nor
   * subjectAltNames is given, and for HTTP only; so both are said wherever the host is known.
   */
  private tlsTowards(host: string, tls: ClientTls): unknown {
    const spec = tls._spec(this, 'tls');
    if (spec.mode === 'DISABLE' || host.includes('*')) {
      return spec;
    }
    const sni = spec.sni ?? host;
    return { ...spec, sni, ...(spec.subjectAltNames === undefined && spec.insecureSkipVerify !== true ? { subjectAltNames: [sni] } : {}) };
  }
}
