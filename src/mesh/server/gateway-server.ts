import { asList, asObject, asText, FieldPath, own } from '../json';
import { fullHost } from '../known/virtual-service';
import { Selector, selectorOf } from '../labels';
import { MeshObject } from '../object';
import { parseProtocol, Protocol } from '../services/protocol';

/** What a gateway's listener does with TLS. `plain`: it takes none. */
export type GatewayTls = 'plain' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL' | 'PASSTHROUGH' | 'AUTO_PASSTHROUGH' | 'OPTIONAL_MUTUAL';

/** A server of a Gateway object, or a listener of a Gateway of the Gateway API. */
export interface GatewayServer {
  readonly object: MeshObject;
  readonly path: FieldPath;
  readonly port: number;
  readonly protocol: Protocol;
  readonly tls: GatewayTls;
  /** The hosts for which the server is, without their namespaces. */
  readonly hosts: readonly string[];
  /** The pods that are the gateway: by their labels in any namespace, by their labels in one, or by the Services that lead to them. */
  readonly pods: { readonly selector: Selector; readonly namespace?: string } | { readonly services: readonly string[] };
}

/** The servers of an Istio Gateway. */
export function istioServers(object: MeshObject): GatewayServer[] {
  const selector = selectorOf(own(object.spec, 'selector'));
  const servers: GatewayServer[] = [];
  asList(own(object.spec, 'servers')).forEach((server, index) => {
    const port = own(own(server, 'port'), 'number');
    if (typeof port !== 'number') return;
    const tls = asObject(own(server, 'tls'));
    servers.push({
      object,
      pods: { selector },
      port,
      path: ['spec', 'servers', index, ...tls === undefined ? ['port'] : ['tls']],
      protocol: parseProtocol(asText(own(own(server, 'port'), 'protocol')) ?? ''),
      hosts: asList(own(server, 'hosts')).filter((host): host is string => typeof host === 'string').map(host => host.slice(host.indexOf('/') + 1)),
      tls: tls === undefined ? 'plain' : istioTls(asText(own(tls, 'mode'))),
    });
  });
  return servers;
}

/** PASSTHROUGH is the first of the enum, and so what a block without a mode means. */
function istioTls(mode: string | undefined): GatewayTls {
  switch (mode) {
    case 'SIMPLE':
    case 'MUTUAL':
    case 'ISTIO_MUTUAL':
    case 'AUTO_PASSTHROUGH':
    case 'OPTIONAL_MUTUAL': return mode;
    default: return 'PASSTHROUGH';
  }
}

/** The label by which the pods that istiod makes for a Gateway of the Gateway API name it. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/**
 * The listeners of a Gateway of the Gateway API (`buildListener` and
 * `extractGatewayServices` in pilot/pkg/config/kube/gateway/conversion.go). The
 * Gateway is of pods that istiod makes, unless it names the Services of others.
 */
export function apiServers(object: MeshObject, namespace: string, clusterDomain: string): GatewayServer[] {
  const addresses = asList(own(object.spec, 'addresses'));
  const pods: GatewayServer['pods'] = addresses.length === 0
    ? { selector: { [GATEWAY_NAME]: object.name }, namespace }
    : { services: addresses.filter(address => own(address, 'type') === 'Hostname').map(address => fullHost(asText(own(address, 'value')) ?? '', namespace, clusterDomain)) };
  const servers: GatewayServer[] = [];
  asList(own(object.spec, 'listeners')).forEach((listener, index) => {
    const port = own(listener, 'port');
    const protocol = PROTOCOLS.get(asText(own(listener, 'protocol')) ?? '');
    if (typeof port !== 'number' || protocol === undefined) return;
    const tls = asObject(own(listener, 'tls'));
    servers.push({
      object,
      pods,
      port,
      path: ['spec', 'listeners', index, tls === undefined ? 'port' : 'tls'],
      protocol,
      hosts: [asText(own(listener, 'hostname')) || '*'],
      tls: tls === undefined ? 'plain' : apiTls(tls),
    });
  });
  return servers;
}

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([['HTTP', 'http'], ['HTTPS', 'https'], ['TLS', 'tls'], ['TCP', 'tcp']]);

/** `buildTLS` in the same file; an option says what the standard has no word for. */
function apiTls(tls: unknown): GatewayTls {
  if (own(tls, 'mode') === 'Passthrough') return 'PASSTHROUGH';
  const mode = own(own(tls, 'options'), 'gateway.istio.io/tls-terminate-mode');
  if (mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL' || mode === 'ISTIO_MUTUAL') return mode;
  return own(tls, 'frontendValidation') === undefined ? 'SIMPLE' : 'MUTUAL';
}
