import { Reason } from '../decision';
import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { Inventory } from '../inventory';
import { Kinds } from '../kinds';
import { isSelected } from '../labels';
import { apiServers, GatewayServer, istioServers } from './gateway-server';
import { apiGateway, istioGateway } from '../known/branch';
import { gatewayRouteBranches } from '../known/gateway-route';
import { gatewaysIn } from '../known/virtual-service';
import { compareText, MeshObject } from '../object';
import { workloadPort } from '../services/endpoints';
import { Workload } from '../workloads/workload';

/** What listens on a port of a gateway. */
export interface GatewayListener {
  readonly servers: readonly GatewayServer[];
  /** Where to look when nothing does. */
  readonly reason: Reason;
}

/** The listeners of gateways, which come from Gateway objects and not from PeerAuthentications. */
export class GatewayListeners {
  private readonly servers: readonly GatewayServer[];
  /** The gateways to which something is bound that says where TCP goes. */
  private readonly routed = new Set<string>();

  constructor(facts: MeshFacts, private readonly inventory: Inventory) {
    const { clusterDomain } = facts.settings;
    this.servers = [
      ...inOrder(inCluster(facts, Kinds.GATEWAY)).flatMap(istioServers),
      ...inOrder(inCluster(facts, Kinds.API_GATEWAY)).flatMap(object => apiServers(object, namespaceOf(object), clusterDomain)),
    ];
    for (const route of inCluster(facts, Kinds.VIRTUAL_SERVICE)) {
      for (const key of gatewaysIn(route.spec, namespaceOf(route)) ?? []) this.routed.add(key);
    }
    for (const kind of [Kinds.TCP_ROUTE, Kinds.TLS_ROUTE]) {
      for (const route of inCluster(facts, kind)) gatewayRouteBranches(route, clusterDomain).forEach(({ gateway }) => this.routed.add(gateway));
    }
  }

  /** What listens on a workload port of a gateway. A server's port is the service port, where a Service leads to the gateway (`resolvePorts`). */
  of(gateway: Workload, port: number): GatewayListener {
    const servers = this.servers.filter(server => this.isOf(server, gateway) && this.bindsTo(gateway, server.port) === port && this.listens(server));
    const reason = servers.length > 0
      ? { object: servers[0].object, field: servers[0].path, text: `the gateway listens on workload port ${port} ${inWords(servers)}` }
      : gateway.objectReason(['metadata', 'name'], `no Gateway object makes the gateway listen on workload port ${port}`);
    return { servers, reason };
  }

  /** The workload ports on which a gateway listens, by number. */
  portsOf(gateway: Workload): readonly number[] {
    const servers = this.servers.filter(server => this.isOf(server, gateway) && this.listens(server));
    return [...new Set(servers.map(({ port }) => this.bindsTo(gateway, port)))].sort((a, b) => a - b);
  }

  private isOf({ pods }: GatewayServer, gateway: Workload): boolean {
    return 'services' in pods
      ? this.inventory.endpoints.servicesOf(gateway).some(({ host }) => pods.services.includes(host))
      : (pods.namespace === undefined || pods.namespace === gateway.namespace) && isSelected(gateway, pods.selector);
  }

  /** TCP is listened to only where a route says where it goes; HTTP gets its 404 without one. */
  private listens({ object, protocol, tls }: GatewayServer): boolean {
    const isTcp = protocol === 'tcp' || protocol === 'tls' || protocol === 'mongo' || protocol === 'auto' || (protocol === 'https' && tls === 'PASSTHROUGH');
    const key = object.key === Kinds.GATEWAY ? istioGateway : apiGateway;
    return !isTcp || tls === 'AUTO_PASSTHROUGH' || this.routed.has(key(namespaceOf(object), object.name));
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

function inOrder(objects: readonly MeshObject[]): readonly MeshObject[] {
  return [...objects].sort((a, b) => compareText(a.identity, b.identity));
}

/** `with ISTIO_MUTUAL`, for one server or several. */
function inWords(servers: readonly GatewayServer[]): string {
  return servers.map(({ tls }) => tls === 'plain' ? 'in plaintext' : `with ${tls}`).join(' and ');
}
