import { CallGroup, CallGroups } from './call-groups';
import { Calls } from './calls';
import { ClientAnswers, NamespaceAnswer } from './client/client-answers';
import { ClientTls } from './client/client-tls';
import { Connection } from './connection';
import { Decision } from './decision';
import { MeshFacts } from './facts';
import { HealthyServices } from './healthy-services';
import { Inventory } from './inventory';
import { KnownCalls } from './known/known-calls';
import { EffectivePolicy, SidecarPolicies } from './policies/effective-policy';
import { MtlsMode, PeerAuthentication } from './policies/peer-authentication';
import { NamespacePolicies, PolicyIndex } from './policies/policy-index';
import { Possibilities } from './possibilities';
import { DestinationRule, MergedRule } from './rules/destination-rule';
import { GatewayListener, GatewayListeners } from './server/gateway-listener';
import { ServerMode, ServerModes } from './server/server-mode';
import { Service, ServicePort } from './services/service';
import { ResolvedMeshSettings } from './settings';
import { UnlistedCalls } from './unlisted-calls';
import { DataPlane } from './workloads/data-plane';
import { Workload } from './workloads/workload';

/** Those that work the answers out. */
interface Parts {
  readonly clients: ClientAnswers;
  readonly policies: SidecarPolicies;
  readonly modes: ServerModes;
  readonly possibilities: Possibilities;
  readonly unlisted: UnlistedCalls;
  readonly healthy: HealthyServices;
  readonly index: PolicyIndex;
}

/** What Istio does with a mesh. Every answer says which field of which object decided it, and nothing is worked out before it is asked for. */
export class MeshModel {
  /** The workloads and services that questions are about. */
  readonly inventory: Inventory;
  /** The calls that the manifests show to be made. */
  readonly known: KnownCalls;
  private parts?: Parts;

  /** @param base a model that differs from this one in PeerAuthentications only */
  constructor(private readonly facts: MeshFacts, base?: MeshModel) {
    this.inventory = base?.inventory ?? new Inventory(facts);
    this.known = base?.known ?? new KnownCalls(facts, this.inventory);
  }

  get settings(): ResolvedMeshSettings {
    return this.facts.settings;
  }

  /** What carries a workload's traffic. */
  dataPlane(workload: Workload): Decision<DataPlane> {
    return workload.dataPlane;
  }

  /** What a workload port accepts. */
  serverMode(workload: Workload, port: number): Decision<ServerMode> {
    return this.answers.modes.of(workload, port);
  }

  /** What the sidecars of a namespace accept where no policy for single workloads says otherwise. */
  namespaceMode(namespace: string): Decision<MtlsMode> {
    return this.answers.policies.namespaceMode(namespace);
  }

  /** The policies of a namespace, in the order in which they win. */
  policiesIn(namespace: string): NamespacePolicies {
    return this.answers.index.of(namespace);
  }

  /** The policy that selects a workload and counts for it; in the root namespace none does. */
  policyFor(workload: Workload): PeerAuthentication | undefined {
    return workload.namespace === this.settings.rootNamespace ? undefined : this.answers.index.selecting(workload);
  }

  /** What the policies say for sidecars of pods with some labels in a namespace, whether or not the input has such pods. */
  sidecarPolicy(pods: Pick<Workload, 'namespace' | 'label' | 'eachLabel'>): EffectivePolicy {
    return this.answers.policies.of(pods);
  }

  /** The DestinationRule that holds for a client's calls to a service. */
  ruleFor(client: Workload, service: Service): MergedRule | undefined {
    return this.answers.clients.ruleFor(client, service);
  }

  /**
   * What all sidecars are told for a service port: the answer of all namespaces
   * but some, and that of each of those. Pods that a rule selects by their
   * labels may be told something else.
   */
  clientAnswers(service: Service, port: ServicePort): readonly NamespaceAnswer[] {
    return this.answers.clients.ofNamespaces(service, port);
  }

  /** What a client's proxy is told to do for a service port, by default or for a subset; undefined where there is no such thing. */
  clientTls(client: Workload, host: string, port: number, subset = ''): Decision<ClientTls> | undefined {
    const { clients } = this.answers;
    const service = clients.ownerFor(client, host, port);
    const servicePort = service?.ports.find(({ number }) => number === port);
    if (service === undefined || servicePort === undefined) return undefined;
    const rule = clients.ruleFor(client, service);
    if (subset === '') return clients.tell(client, service, servicePort, rule);
    const wanted = rule?.subsets.find(({ name }) => name === subset);
    return wanted === undefined ? undefined : clients.tell(client, service, servicePort, rule, wanted);
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
      if (this.inventory.isBehind(service, client)) continue;
      for (const port of service.ports) yield* this.callsTo(client, service, port);
    }
    yield* this.unlistedCalls(client);
  }

  /** The calls that the manifests show to be made to what no Service and no rule lists: undeclared ports of pods, and missing subsets. */
  unlistedCalls(client: Workload): Generator<Connection> {
    return this.answers.unlisted.of(client);
  }

  /** The calls of a client to one service port. */
  callsTo(client: Workload, service: Service, port: ServicePort): Generator<Connection> {
    const { endpoints } = this.inventory;
    return this.answers.possibilities.to(client, service, port, endpoints.areOpen(this.inventory.behindAlias(service)));
  }

  /** The calls that the manifests show a client to make, to each workload that answers. */
  *knownConnections(client: Workload): Generator<Connection> {
    for (const call of this.known.callsOf(client)) {
      for (const service of this.inventory.servicesOf(call.host)) {
        const port = service.ports.find(({ number }) => number === call.port);
        if (port === undefined || this.inventory.isBehind(service, client)) continue;
        for (const connection of this.callsTo(client, service, port)) {
          if (connection.subset === call.subset) yield connection;
        }
      }
    }
    yield* this.unlistedCalls(client);
  }

  /** The workload ports on which a gateway listens, by number. */
  gatewayPorts(gateway: Workload): readonly number[] {
    return this.answers.modes.gatewayPorts(gateway);
  }

  /** What listens on a workload port of a gateway. */
  gatewayListener(gateway: Workload, workloadPort: number): GatewayListener {
    return this.answers.modes.gatewayListener(gateway, workloadPort);
  }

  /** The calls of all clients that have a proxy, each answer once for all clients that get it. */
  callGroups(): Iterable<CallGroup> {
    return this.groups.all(false);
  }

  /** The same without most of the calls that carry mesh mTLS: what is left are all that fail or are not encrypted, and a few more. */
  callsInDoubt(): Iterable<CallGroup> {
    return this.groups.all(true);
  }

  private get groups(): CallGroups {
    const { clients, unlisted, healthy } = this.answers;
    return new CallGroups(this.inventory, clients, (client, service, port) => this.callsTo(client, service, port), unlisted, healthy);
  }

  /** All rules that a client comes upon for a service, in the order in which they are looked for; only the first counts. */
  candidateRules(client: Workload, service: Service): readonly MergedRule[] {
    return this.answers.clients.candidates(client, service);
  }

  /** Every DestinationRule of the mesh. */
  get destinationRules(): readonly DestinationRule[] {
    return this.answers.clients.allRules;
  }

  private get answers(): Parts {
    if (this.parts === undefined) {
      const { facts, inventory } = this;
      const index = new PolicyIndex(facts);
      const policies = new SidecarPolicies(index, facts.settings);
      const modes = new ServerModes(index, policies, facts.settings, new GatewayListeners(facts, inventory));
      const clients = new ClientAnswers(facts, inventory, policies);
      const calls = new Calls(inventory, clients, modes, facts.settings, this.known);
      const possibilities = new Possibilities(calls, facts.settings);
      const unlisted = new UnlistedCalls(inventory, this.known, modes, clients, possibilities, facts.settings);
      const healthy = new HealthyServices(inventory, clients, policies, facts.settings);
      this.parts = { clients, modes, possibilities, unlisted, healthy, index, policies };
    }
    return this.parts;
  }
}
