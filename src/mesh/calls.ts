import { ClientAnswers } from './client/client-answers';
import { Waypoint, waypointOf } from './client/waypoint';
import { bare, takesHbone, Wire } from './client/wire';
import { FoundConnection } from './connection';
import { Decision, decide } from './decision';
import { Inventory } from './inventory';
import { KnownCalls } from './known/known-calls';
import { judgeOutcome } from './server/outcome';
import { hangsAtClient, hangsAtServer, waitsForEver } from './server/server-first';
import { ServerMode, ServerModes } from './server/server-mode';
import { Endpoint, workloadPort } from './services/endpoints';
import { Protocol } from './services/protocol';
import { Service, ServicePort } from './services/service';
import { OutboundTrafficMode, ResolvedMeshSettings } from './settings';
import { DataPlane } from './workloads/data-plane';
import { excludedOutbound } from './workloads/excluded-ports';
import { Workload } from './workloads/workload';

/** What is taken for granted where the input leaves a data plane open. */
export interface Assumption {
  readonly client?: DataPlane;
  readonly server?: DataPlane;
}

/** Follows a client's calls to the endpoints that answer. */
export class Calls {
  private readonly waitsForEver: boolean;

  constructor(
    private readonly inventory: Inventory,
    private readonly clients: ClientAnswers,
    private readonly modes: ServerModes,
    private readonly settings: ResolvedMeshSettings,
    private readonly known: KnownCalls,
  ) {
    this.waitsForEver = waitsForEver(settings);
  }

  /** The calls of a client to one service port, one for each subset and endpoint. The client's data plane is known. */
  *to(client: Workload, service: Service, port: ServicePort, assumed?: DataPlane): Generator<FoundConnection> {
    const endpoints = this.clients.endpointsOf(service, port, assumed);
    if (client.dataPlane.value !== 'sidecar') {
      yield* this.withoutSidecar(client, service, port, endpoints);
      return;
    }
    const unseen = excludedOutbound(client, port.number);
    if (unseen !== undefined) {
      yield* this.toAll(client, service, port, endpoints, decide(bare('plaintext'), { ...unseen, cause: 'excluded-outbound' }));
      return;
    }
    const owner = this.clients.ownerFor(client, service.host, port.number);
    // The client takes the host to be another service's: the call is listed there.
    if (owner !== undefined && owner !== service) return;
    const hidden = owner === undefined
      ? { object: service.object, field: ['spec', 'hosts'], text: `the client's proxy takes ${service.host} to be another ServiceEntry's` }
      : this.clients.visibility.hidden(client, service, port);
    if (hidden !== undefined) {
      const { mode, reason } = this.clients.visibility.outboundTrafficMode(client);
      yield* this.toAll(client, service, port, endpoints, decide(bare(mode === OutboundTrafficMode.ALLOW_ANY ? 'plaintext' : 'none'), { ...hidden, cause: 'hidden' }, reason));
      return;
    }
    const rule = this.clients.ruleFor(client, service);
    for (const subset of [undefined, ...rule?.subsets ?? []]) {
      for (const endpoint of endpoints) {
        const wire = this.clients.send(client, service, port, endpoint, rule, subset, assumed);
        if (wire !== undefined) yield this.arrive(client, service, port, endpoint, wire, subset?.name, true);
      }
    }
  }

  /**
   * Whether whatever a client may call under a service port is listed with another
   * service, too: the one which a sidecar takes the host to be. ServiceEntries of
   * one namespace with one host share their endpoints.
   */
  isListedElsewhere(client: Workload, service: Service, { number, name }: ServicePort): boolean {
    if (service.isKubernetes) return false;
    const owner = this.clients.ownerFor(client, service.host, number);
    return owner !== undefined && owner !== service && !owner.isKubernetes && owner.namespace === service.namespace
      && owner.resolution === service.resolution && owner.ports.some(port => port.number === number && port.name === name);
  }

  /**
   * The calls to an ExternalName Service, which is another name of a host whose
   * rules hold. Only sidecars know that; for others it is a DNS name like any.
   */
  *toAlias(client: Workload, alias: Service, number: number, assumed?: DataPlane): Generator<FoundConnection> {
    const target = this.inventory.servicesOf(alias.aliasOf ?? '').find(({ isKubernetes }) => isKubernetes);
    const port = target?.ports.find(one => one.number === number);
    if (client.dataPlane.value !== 'sidecar' || target === undefined || target.aliasOf !== undefined || port === undefined) return;
    for (const connection of this.to(client, target, port, assumed)) {
      if (connection.subset === '') yield connection.with({ service: alias, host: alias.host });
    }
  }

  private *withoutSidecar(client: Workload, service: Service, port: ServicePort, endpoints: readonly Endpoint[]): Generator<FoundConnection> {
    const { decidedBy } = client.dataPlane;
    if (client.dataPlane.value === 'none') {
      yield* this.toAll(client, service, port, endpoints, decide(bare('plaintext'), { ...decidedBy, text: `the client has no sidecar: ${decidedBy.text}`, cause: 'no-proxy' }));
      return;
    }
    const waypoint = waypointOf(service, this.inventory);
    if (waypoint !== undefined && waypoint.name !== 'none') {
      const wire = this.throughWaypoint(service, port, waypoint);
      for (const endpoint of endpoints) yield this.arrive(client, service, port, endpoint, wire(endpoint));
      return;
    }
    // A client's ztunnel looks at no DestinationRule.
    for (const endpoint of endpoints) {
      const wire: Decision<Wire> = endpoint.workload !== undefined && takesHbone(endpoint)
        ? decide(bare('hbone'), { ...decidedBy, text: 'the client\'s ztunnel tunnels to endpoints that take HBONE', cause: 'ztunnel' })
        : decide(bare('plaintext'), { ...decidedBy, text: 'the client\'s ztunnel passes on as it is what goes to endpoints without HBONE', cause: 'ztunnel' });
      yield this.arrive(client, service, port, endpoint, wire);
    }
  }

  /**
   * The client tunnels to the waypoint, and the waypoint to endpoints that take
   * HBONE. Of the DestinationRules, which the waypoint looks up, only TLS of
   * one's own counts (`buildWaypointTLSContext` in cluster_waypoint.go).
   */
  private throughWaypoint(service: Service, port: ServicePort, waypoint: Waypoint): (endpoint: Endpoint) => Decision<Wire> {
    const tls = this.clients.originates(waypoint.namespace, service, port);
    return endpoint => {
      if (takesHbone(endpoint) && endpoint.workload !== undefined) {
        return decide({ ...bare('hbone'), inner: tls === undefined ? 'plaintext' : 'tls' }, waypoint.reason, ...tls === undefined ? [] : [tls]);
      }
      return tls === undefined ? decide(bare('plaintext'), waypoint.reason) : decide(bare('tls'), tls, waypoint.reason);
    };
  }

  private *toAll(
    client: Workload, service: Service, port: ServicePort, endpoints: readonly Endpoint[], wire: Decision<Wire>,
  ): Generator<FoundConnection> {
    for (const endpoint of endpoints) yield this.arrive(client, service, port, endpoint, wire);
  }

  private arrive(
    client: Workload, service: Service, port: ServicePort, listed: Endpoint, wire: Decision<Wire>, subset = '', isInspected = false,
  ): FoundConnection {
    const endpoint = listed.behind === undefined ? listed : { ...listed, workload: listed.behind };
    const server = endpoint.workload;
    const serverMode = server === undefined
      ? decide<ServerMode>('none', { object: service.object, field: endpoint.path, text: 'the endpoint is outside the mesh' })
      : this.modes.of(server, endpoint.port);
    const inbound = server === undefined ? port.protocol : this.inbound(server, endpoint.port, port.protocol);
    const outcome = judgeOutcome({
      client,
      service,
      port,
      endpoint,
      subset,
      wire,
      mode: serverMode,
      inbound,
      listener: server !== undefined && server.isGateway ? this.modes.gatewayListener(server, endpoint.port) : undefined,
      settings: this.settings,
    });
    const mayHang = this.waitsForEver && outcome.value !== 'fail';
    const isBare = wire.value.sends === 'plaintext' && server?.dataPlane.value === 'sidecar' && !server.isGateway;
    const hangs = (mayHang && isInspected && !client.isGateway ? hangsAtClient(service, port) : undefined)
      ?? (mayHang && isBare ? hangsAtServer(service, port, inbound, serverMode) : undefined);
    return new FoundConnection({
      client, service, host: service.host, port: port.number, subset, server, targetPort: endpoint.port, wire, serverMode, outcome, hangs,
    }, this.known);
  }

  /** What a server's proxy takes the bytes on a workload port to be: its Sidecar says so, else the oldest Service with that port. */
  private inbound(server: Workload, port: number, called: Protocol): Protocol {
    const listed = this.clients.visibility.listed(server, port);
    if (listed !== undefined) return listed;
    const services = this.inventory.endpoints.servicesOf(server);
    if (services.length === 1) return called;
    for (const service of services) {
      const found = service.ports.find(one => workloadPort(service, one, server) === port);
      if (found !== undefined) return found.protocol;
    }
    return called;
  }
}
