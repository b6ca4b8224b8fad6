import { Reason } from '../decision';
import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { Inventory } from '../inventory';
import { asList, asObject, asText, FieldPath, own } from '../json';
import { Kinds } from '../kinds';
import { isSelected, Selector, selectorOf } from '../labels';
import { compareText, MeshObject } from '../object';
import { workloadPort } from '../services/endpoints';
import { parseProtocol, Protocol } from '../services/protocol';
import { Workload } from '../workloads/workload';

/** What a gateway's listener does with TLS. `plain`: it takes none. */
export type GatewayTls = 'plain' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL' | 'PASSTHROUGH' | 'AUTO_PASSTHROUGH' | 'OPTIONAL_MUTUAL';

/** A server of a Gateway object. */
export interface GatewayServer {
  readonly object: MeshObject;
  readonly path: FieldPath;
  readonly selector: Selector;
  readonly port: number;
  readonly protocol: Protocol;
  readonly tls: GatewayTls;
  /** The hosts for which the server is, without their namespaces. */
  readonly hosts: readonly string[];
}

/** What listens on a port of a gateway. */
export interface GatewayListener {
  readonly servers: readonly GatewayServer[];
  /** Where to look when nothing does. */
  readonly reason: Reason;
}

/** The listeners of gateways, which come from Gateway objects and not from PeerAuthentications. */
export class GatewayListeners {
  private readonly servers: readonly GatewayServer[];
  /** The gateways to which a VirtualService is bound, as `namespace/name`. */
  private readonly routed = new Set<string>();

  constructor(facts: MeshFacts, private readonly inventory: Inventory) {
    this.servers = [...inCluster(facts, Kinds.GATEWAY)].sort((a, b) => compareText(a.identity, b.identity)).flatMap(serversOf);
    for (const route of inCluster(facts, Kinds.VIRTUAL_SERVICE)) {
      for (const name of asList(own(route.spec, 'gateways'))) {
        if (typeof name === 'string') this.routed.add(name.includes('/') ? name : `${namespaceOf(route)}/${name}`);
      }
    }
  }

  /** What listens on a workload port of a gateway. A server's port is the service port, where a Service leads to the gateway (`resolvePorts`). */
  of(gateway: Workload, port: number): GatewayListener {
    const servers = this.servers.filter(server => isSelected(gateway, server.selector)
      && this.bindsTo(gateway, server.port) === port && this.listens(server));
    const reason = servers.length > 0
      ? { object: servers[0].object, field: servers[0].path, text: `the gateway listens on workload port ${port} ${inWords(servers)}` }
      : gateway.objectReason(['metadata', 'name'], `no Gateway object makes the gateway listen on workload port ${port}`);
    return { servers, reason };
  }

  /** The workload ports on which a gateway listens, by number. */
  portsOf(gateway: Workload): readonly number[] {
    const servers = this.servers.filter(server => isSelected(gateway, server.selector) && this.listens(server));
    return [...new Set(servers.map(({ port }) => this.bindsTo(gateway, port)))].sort((a, b) => a - b);
  }

  /** TCP is listened to only where a VirtualService says where it goes; HTTP gets its 404 without one. */
  private listens({ object, protocol, tls }: GatewayServer): boolean {
    const isTcp = protocol === 'tcp' || protocol === 'tls' || protocol === 'mongo' || protocol === 'auto' || (protocol === 'https' && tls === 'PASSTHROUGH');
    return !isTcp || tls === 'AUTO_PASSTHROUGH' || this.routed.has(`${namespaceOf(object)}/${object.name}`);
  }

  private bindsTo(gateway: Workload, port: number): number {
    for (const service of this.inventory.endpoints.servicesOf(gateway)) {
      const found = service.ports.find(({ number }) => number === port);
      const target = found && workloadPort(service, found, gateway);
      if (target !== undefined) return target;
    }
    return port;
  }
}

/** `with ISTIO_MUTUAL`, for one server or several. */
function inWords(servers: readonly GatewayServer[]): string {
  return servers.map(({ tls }) => tls === 'plain' ? 'in plaintext' : `with ${tls}`).join(' and ');
}

function serversOf(object: MeshObject): GatewayServer[] {
  const selector = selectorOf(own(object.spec, 'selector'));
  const servers: GatewayServer[] = [];
  asList(own(object.spec, 'servers')).forEach((server, index) => {
    const port = own(own(server, 'port'), 'number');
    if (typeof port !== 'number') return;
    const tls = asObject(own(server, 'tls'));
    servers.push({
      object,
      selector,
      port,
      path: ['spec', 'servers', index, ...tls === undefined ? ['port'] : ['tls']],
      protocol: parseProtocol(asText(own(own(server, 'port'), 'protocol')) ?? ''),
      hosts: asList(own(server, 'hosts')).filter((host): host is string => typeof host === 'string').map(host => host.slice(host.indexOf('/') + 1)),
      tls: tls === undefined ? 'plain' : tlsOf(asText(own(tls, 'mode'))),
    });
  });
  return servers;
}

/** PASSTHROUGH is the first of the enum, and so what a block without a mode means. */
function tlsOf(mode: string | undefined): GatewayTls {
  switch (mode) {
    case 'SIMPLE':
    case 'MUTUAL':
    case 'ISTIO_MUTUAL':
    case 'AUTO_PASSTHROUGH':
    case 'OPTIONAL_MUTUAL': return mode;
    default: return 'PASSTHROUGH';
  }
}
