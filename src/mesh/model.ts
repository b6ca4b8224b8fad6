import { ClientTls, judgeClientTls } from './client/client-tls';
import { Visibility } from './client/visibility';
import { bare, judgeWire, takesHbone, Wire } from './client/wire';
import { Connection } from './connection';
import { Decision, decide } from './decision';
import { MeshFacts } from './facts';
import { Inventory } from './inventory';
import { SidecarPolicies } from './policies/effective-policy';
import { PolicyIndex } from './policies/policy-index';
import { Subset } from './rules/destination-rule';
import { MergedRule } from './rules/merge';
import { RuleIndex } from './rules/rule-index';
import { Arrival, judgeOutcome } from './server/outcome';
import { ServerMode, ServerModes } from './server/server-mode';
import { Endpoint, workloadPort } from './services/endpoints';
import { isHttp, Protocol } from './services/protocol';
import { Service, ServicePort } from './services/service';
import { OutboundTrafficMode } from './settings';
import { DataPlane } from './workloads/data-plane';
import { excludedOutbound } from './workloads/excluded-ports';
import { Workload } from './workloads/workload';

/** What Istio does with a mesh. Every answer says which field of which object decided it. */
export class MeshModel {
  readonly inventory: Inventory;
  private readonly settings;
  private policyIndex?: PolicyIndex;
  private sidecarPolicies?: SidecarPolicies;
  private modes?: ServerModes;
  private ruleIndex?: RuleIndex;
  private seen?: Visibility;
  /** What clients are told per rule, service port and subset; a client matters only through its rule and its kind. */
  private readonly told = new Map<ServicePort, Map<MergedRule | undefined, Map<string, Decision<ClientTls>>>>();

  constructor(private readonly facts: MeshFacts) {
    this.settings = facts.settings;
    this.inventory = new Inventory(facts);
  }

  /** What carries a workload's traffic. */
  dataPlane(workload: Workload): Decision<DataPlane> {
    return workload.dataPlane;
  }

  /** What a workload port accepts. */
  serverMode(workload: Workload, port: number): Decision<ServerMode> {
    this.modes ??= new ServerModes(this.index, this.policies, this.settings);
    return this.modes.of(workload, port);
  }

  /** What a client's proxy is told to do for a service port; undefined where there is no such port or subset. */
  clientTls(client: Workload, host: string, port: number, subset = ''): Decision<ClientTls> | undefined {
    const service = this.ownerFor(client, host, port);
    const servicePort = service?.ports.find(({ number }) => number === port);
    if (service === undefined || servicePort === undefined) return undefined;
    const rule = this.ruleFor(client, service);
    const wanted = subset === '' ? undefined : rule?.subsets.find(({ name }) => name === subset);
    return subset !== '' && wanted === undefined ? undefined : this.tellClient(client, service, servicePort, rule, wanted);
  }

  /** The DestinationRule that holds for a client's calls to a service. */
  ruleFor(client: Workload, service: Service): MergedRule | undefined {
    const found = this.rules.lookup(client.namespace, service);
    return found.length === 0 ? undefined : this.rules.select(client, client.namespace, found);
  }

  /** Every call that a workload can make to another. */
  *connections(): Generator<Connection> {
    for (const client of this.inventory.workloads) {
      yield* this.connectionsOf(client);
    }
  }

  /** The calls of one client: every service port and subset, and every endpoint behind it. */
  *connectionsOf(client: Workload): Generator<Connection> {
    for (const service of this.inventory.services) {
      if (service.aliasOf !== undefined) {
        yield* this.alias(client, service);
      } else if (!this.inventory.endpoints.selects(service, client)) {
        for (const port of service.ports) yield* this.callsTo(client, service, port);
      }
    }
  }

  /** The calls of a client to one service port. */
  *callsTo(client: Workload, service: Service, port: ServicePort): Generator<Connection> {
    const endpoints = this.endpointsOf(service, port);
    const bypass = client.dataPlane.value === 'sidecar' ? excludedOutbound(client, port.number) : client.dataPlane.decidedBy;
    if (bypass !== undefined) {
      const wire = decide(bare('plaintext'), client.dataPlane.value === 'sidecar'
        ? bypass : { ...bypass, text: `the client has no sidecar: ${bypass.text}` });
      for (const endpoint of endpoints) {
        yield this.arrive(client, service, port, '', endpoint, client.dataPlane.value === 'ambient' ? this.fromZtunnel(client, endpoint) : wire);
      }
      return;
    }
    const owner = this.ownerFor(client, service.host, port.number);
    // The client takes the host to be another service's: the call is listed there.
    if (owner !== undefined && owner !== service) return;
    const hidden = owner === undefined
      ? { object: service.object, field: ['spec', 'hosts'], text: `the client's proxy takes ${service.host} to be another ServiceEntry's` }
      : this.visibility.hidden(client, service, port);
    if (hidden !== undefined) {
      const { mode, reason } = this.visibility.outboundTrafficMode(client);
      const wire = decide(bare(mode === OutboundTrafficMode.ALLOW_ANY ? 'plaintext' : 'none'), hidden, reason);
      for (const endpoint of endpoints) yield this.arrive(client, service, port, '', endpoint, wire);
      return;
    }
    yield* this.fromSidecar(client, service, port, endpoints);
  }

  /** The endpoints of a port. ServiceEntries of one namespace with one host share theirs: istiod files endpoints by host and namespace. */
  private endpointsOf(service: Service, port: ServicePort): readonly Endpoint[] {
    const all = this.inventory.servicesOf(service.host);
    if (all.length < 2 || service.isKubernetes) return this.inventory.endpoints.of(service, port);
    return all.filter(({ namespace, isKubernetes }) => namespace === service.namespace && !isKubernetes).flatMap(other =>
      other.ports.filter(({ number }) => number === port.number).flatMap(one => this.inventory.endpoints.of(other, one)));
  }

  /** The service that a client's proxy takes a host to be on a port. */
  private ownerFor(client: Workload, host: string, port: number): Service | undefined {
    const services = this.inventory.servicesOf(host);
    return services.length < 2
      ? services[0]
      : this.visibility.owners(client, services).find(({ ports }) => ports.some(({ number }) => number === port));
  }

  private *fromSidecar(client: Workload, service: Service, port: ServicePort, endpoints: readonly Endpoint[]): Generator<Connection> {
    const rule = this.ruleFor(client, service);
    for (const subset of [undefined, ...rule?.subsets ?? []]) {
      const tls = this.tellClient(client, service, port, rule, subset);
      for (const endpoint of endpoints) {
        if (subset !== undefined && !tls.value.isOriginalDestination && !subset.labels.every(([key, value]) => endpoint.label(key) === value)) continue;
        const told = subset === undefined ? this.listenerOwner(client, service, port, endpoint) ?? tls : tls;
        yield this.arrive(client, service, port, subset?.name ?? '', endpoint, judgeWire(told, endpoint, port, this.policies, this.settings));
      }
    }
  }

  /** An ExternalName Service is another name of a host, whose rules hold; a sidecar looks at nothing else (`Attributes.Aliases`). */
  private *alias(client: Workload, service: Service): Generator<Connection> {
    if (client.dataPlane.value !== 'sidecar') return;
    for (const { number } of service.ports) {
      const target = this.inventory.servicesOf(service.aliasOf!).find(({ isKubernetes }) => isKubernetes);
      const port = target?.ports.find(one => one.number === number);
      if (target === undefined || target.aliasOf !== undefined || port === undefined) continue;
      for (const connection of this.callsTo(client, target, port)) {
        if (connection.subset === '') yield { ...connection, service, host: service.host };
      }
    }
  }

  /** A client's ztunnel: DestinationRules play no part. */
  private fromZtunnel(client: Workload, endpoint: Endpoint): Decision<Wire> {
    const tunnel = endpoint.workload !== undefined && takesHbone(endpoint);
    return decide(bare(tunnel ? 'hbone' : 'plaintext'), {
      ...client.dataPlane.decidedBy,
      text: tunnel ? 'the client\'s ztunnel tunnels to endpoints that take HBONE' : 'the client\'s ztunnel passes on what it cannot tunnel',
    });
  }

  /**
   * The settings of another headless Service, where that one owns the client's
   * listener for the endpoint's address. HTTP is routed by host and not affected.
   */
  private listenerOwner(client: Workload, service: Service, port: ServicePort, endpoint: Endpoint): Decision<ClientTls> | undefined {
    if (!service.isHeadless || endpoint.workload === undefined || isHttp(port.protocol) || client.isGateway) return undefined;
    for (const other of this.inventory.endpoints.servicesOf(endpoint.workload)) {
      if (!other.isHeadless) continue;
      const shared = other.ports.find(({ number, protocol }) => number === port.number && !isHttp(protocol));
      if (shared === undefined || this.visibility.hidden(client, other, shared) !== undefined) continue;
      if (other === service) return undefined;
      const tls = this.tellClient(client, other, shared, this.ruleFor(client, other), undefined);
      return { ...tls, because: [...tls.because, { object: other.object, field: ['spec', 'ports'], text: `the client's listener for ${endpoint.workload.key} belongs to ${other.host}` }] };
    }
    return undefined;
  }

  private arrive(client: Workload, service: Service, port: ServicePort, subset: string, endpoint: Endpoint, wire: Decision<Wire>): Connection {
    const server = endpoint.workload;
    const serverMode = server === undefined
      ? decide<ServerMode>('none', { object: service.object, field: ['spec'], text: 'the endpoint is outside the mesh' })
      : this.serverMode(server, endpoint.port);
    const arrival: Arrival = {
      service, port, endpoint, wire, mode: serverMode, trustDomain: this.settings.trustDomain,
      inbound: server === undefined ? port.protocol : this.inbound(server, endpoint.port, port.protocol),
    };
    return {
      client, service, host: service.host, port: port.number, subset, server, targetPort: endpoint.port, wire, serverMode, outcome: judgeOutcome(arrival),
    };
  }

  /** What a server's proxy takes the bytes on a workload port to be: the oldest Service with that port says so. */
  private inbound(server: Workload, port: number, called: Protocol): Protocol {
    const services = this.inventory.endpoints.servicesOf(server);
    if (services.length === 1) return called;
    for (const service of services) {
      const found = service.ports.find(one => workloadPort(service, one, server) === port);
      if (found !== undefined) return found.protocol;
    }
    return called;
  }

  private tellClient(client: Workload, service: Service, port: ServicePort, rule: MergedRule | undefined, subset: Subset | undefined): Decision<ClientTls> {
    let byRule = this.told.get(port);
    if (byRule === undefined) this.told.set(port, byRule = new Map());
    let bySubset = byRule.get(rule);
    if (bySubset === undefined) byRule.set(rule, bySubset = new Map());
    const key = `${client.isGateway ? 'gateway' : 'sidecar'}/${service.host}/${subset?.name ?? ''}`;
    let tls = bySubset.get(key);
    if (tls === undefined) {
      tls = judgeClientTls({
        service, port, settings: this.settings, policies: this.policies, isGateway: client.isGateway, endpoints: this.endpointsOf(service, port),
      }, rule, subset);
      bySubset.set(key, tls);
    }
    return tls;
  }

  private get index(): PolicyIndex {
    return this.policyIndex ??= new PolicyIndex(this.facts);
  }

  private get policies(): SidecarPolicies {
    return this.sidecarPolicies ??= new SidecarPolicies(this.index, this.settings);
  }

  private get rules(): RuleIndex {
    return this.ruleIndex ??= new RuleIndex(this.facts);
  }

  private get visibility(): Visibility {
    return this.seen ??= new Visibility(this.facts);
  }
}
