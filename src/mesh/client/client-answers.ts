import { Decision, Reason } from '../decision';
import { MeshFacts } from '../facts';
import { Inventory } from '../inventory';
import { isSelected } from '../labels';
import { ClientTls, judgeClientTls, uniformClientTls } from './client-tls';
import { givenCertificate, ownCertificates } from './mesh-certificates';
import { isPublic, Visibility } from './visibility';
import { judgeWire, Wire } from './wire';
import { SidecarPolicies } from '../policies/effective-policy';
import { DestinationRule, MergedRule, Subset } from '../rules/destination-rule';
import { NO_LABELS } from '../rules/host-rules';
import { NamespaceRule, RuleIndex } from '../rules/rule-index';
import { portPolicy } from '../rules/traffic-policy';
import { Endpoint, workloadPort } from '../services/endpoints';
import { isHttp } from '../services/protocol';
import { Service, ServicePort } from '../services/service';
import { DataPlane } from '../workloads/data-plane';
import { outboundExclusions } from '../workloads/excluded-ports';
import { Workload } from '../workloads/workload';

/** An answer with what it depends on beside the rule and the port. */
interface Told {
  readonly service: Service;
  readonly subset?: Subset;
  readonly isGateway: boolean;
  readonly assumed?: DataPlane;
  readonly tls: Decision<ClientTls>;
}

/** What the sidecars of a namespace are told for a service port. */
export interface NamespaceAnswer {
  /** Undefined for all namespaces that have no answer of their own. */
  readonly namespace?: string;
  readonly tls: Decision<ClientTls>;
}

/** What an answer to a client depends on. */
type Client = Pick<Workload, 'isGateway'>;

const ANY_SIDECAR: Client = { isGateway: false };

const NO_ENDPOINTS: readonly Endpoint[] = [];

/** What clients' proxies know and are told. A client matters only through its namespace, its labels where a rule asks for them, and its kind. */
export class ClientAnswers {
  readonly visibility: Visibility;
  private readonly rules: RuleIndex;
  /** The service that was asked for last, and what the sidecars of all namespaces find for it. */
  private lastService?: Service;
  private lastRule?: MergedRule;
  private lastExceptions: readonly NamespaceRule[] = [];
  private lastAnswers?: readonly NamespaceAnswer[];
  /** What clients are told where no rule is for a host, by the namespace of the service. */
  private readonly unruled = new Map<string, Decision<ClientTls>>();
  /** What clients have been told, by rule and service port. Few rules are used by many ports, and a port has few entries. */
  private readonly told = new Map<MergedRule | undefined, Map<ServicePort, Told[]>>();

  constructor(private readonly facts: MeshFacts, private readonly inventory: Inventory, private readonly policies: SidecarPolicies) {
    this.visibility = new Visibility(facts);
    this.rules = new RuleIndex(facts, inventory.services.length);
  }

  /** The DestinationRule that holds for a client's calls to a service. */
  ruleFor(client: Workload, service: Service): MergedRule | undefined {
    return this.rules.find(client, client.namespace, service);
  }

  /** All rules that a client comes upon for a service, in the order in which they are looked for; only the first that selects it counts. */
  candidates(client: Workload, service: Service): readonly MergedRule[] {
    return this.rules.candidates(client.namespace, service).filter(({ first: { workloadSelector } }) =>
      workloadSelector === undefined || isSelected(client, workloadSelector));
  }

  /** Every DestinationRule of the mesh. */
  get allRules(): readonly DestinationRule[] {
    return this.rules.all;
  }

  /** Whether no rule, wherever it stands, says anything of TLS for a host. */
  leavesAlone(host: string): boolean {
    return this.rules.leavesAlone(host);
  }

  /** The namespaces whose clients find other rules for a service than all the others do. */
  namespacesApart(service: Service): readonly string[] {
    return this.rules.exceptions(service).map(({ namespace }) => namespace);
  }

  /** What tells the answers of a sidecar or gateway from those of the others in its namespace; empty for nothing. */
  distinction(client: Workload): string {
    const scope = this.visibility.sidecarOf(client)?.identity ?? '';
    const rules = this.rules.selecting(client, client.namespace);
    const exclusions = outboundExclusions(client);
    const certificates = `${ownCertificates(client) ?? ''}${givenCertificate(client, 'CLIENT') ?? ''}`;
    if (!client.isGateway && scope === '' && rules.length === 0 && exclusions === '' && certificates === '') return '';
    return JSON.stringify([client.isGateway, exclusions, certificates, scope, rules.map(({ object }) => object.identity)]);
  }

  /** What all sidecars are told for a service port, but those for whose pods alone there is a rule. */
  ofNamespaces(service: Service, port: ServicePort): readonly NamespaceAnswer[] {
    // Those who ask for one port of a service ask for the others next.
    if (this.lastService !== service) {
      this.lastService = service;
      this.lastRule = this.rules.findForOthers(service);
      this.lastExceptions = this.rules.exceptions(service);
      this.lastAnswers = undefined;
    }
    const { lastExceptions: exceptions, lastAnswers: last } = this;
    // Most rules say the same for every port, so that the answers are those for the last one.
    let answers: NamespaceAnswer[] | undefined;
    for (let i = 0; i <= exceptions.length; i++) {
      const exception = i === 0 ? undefined : exceptions[i - 1];
      const tls = this.tell(ANY_SIDECAR, service, port, exception === undefined ? this.lastRule : exception.rule);
      if (last?.[i].tls === tls) continue;
      answers ??= last === undefined ? new Array<NamespaceAnswer>(1 + exceptions.length) : [...last];
      answers[i] = { namespace: exception?.namespace, tls };
    }
    return this.lastAnswers = answers ?? last!;
  }

  /** The TLS of its own that a waypoint of a namespace sends to a service port; undefined for none, and for the mesh's. */
  originates(waypointNamespace: string, service: Service, port: ServicePort): Reason | undefined {
    const rule = this.rules.find(NO_LABELS, waypointNamespace, service);
    const tls = portPolicy(rule, port.number).tls;
    return tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL'
      ? { object: tls.object, field: [...tls.path, 'mode'], text: `the waypoint originates ${tls.mode} TLS` }
      : undefined;
  }

  /** The service that a client's proxy takes a host to be on a port. */
  ownerFor(client: Workload, host: string, port: number): Service | undefined {
    const services = this.inventory.servicesOf(host);
    return services.length < 2
      ? services[0]
      : this.visibility.owners(client, services).find(({ ports }) => ports.some(({ number }) => number === port));
  }

  /**
   * The endpoints of a port, as they are if the pods of unknown data plane have
   * the given one. ServiceEntries of one namespace with one host share theirs:
   * istiod files endpoints by host and namespace.
   */
  endpointsOf(service: Service, port: ServicePort, assumed?: DataPlane): readonly Endpoint[] {
    const { endpoints } = this.inventory;
    const all = this.inventory.servicesOf(service.host);
    if (all.length < 2 || service.isKubernetes) return endpoints.of(service, port, assumed);
    // An entry that lists nothing stands for its host, and a name is no address that a client could be told of.
    const hasAddresses = ({ listed, selector }: Service): boolean => service.resolution !== 'endpoints' || listed.length > 0 || selector !== undefined;
    const sharing = all.filter(one => one.namespace === service.namespace && !one.isKubernetes && hasAddresses(one));
    // Endpoints that clients are told of (EDS) are found by the name of the port, those in the cluster itself by its number.
    const isSame = (one: ServicePort): boolean => service.resolution === 'endpoints' ? one.name === port.name : one.number === port.number;
    return sharing.flatMap(other =>
      other.ports.filter(isSame).flatMap(one => endpoints.of(other, one, assumed)));
  }

  /** What a client's proxy is told to do for a service port or a subset of it. */
  tell(client: Client, service: Service, port: ServicePort, rule?: MergedRule, subset?: Subset, assumed?: DataPlane): Decision<ClientTls> {
    const shared = subset !== undefined ? undefined : rule === undefined ? this.tellUnruled(service) : this.tellAll(rule, service, client);
    if (shared !== undefined) return shared;
    let byPort = this.told.get(rule);
    if (byPort === undefined) this.told.set(rule, byPort = new Map());
    const answers = byPort.get(port);
    const { isGateway } = client;
    for (const told of answers ?? []) {
      if (told.subset === subset && told.service === service && told.isGateway === isGateway && told.assumed === assumed) return told.tls;
    }
    const tls = judgeClientTls({
      service,
      port,
      settings: this.facts.settings,
      policies: this.policies,
      isGateway,
      endpoints: () => this.endpointsOf(service, port, assumed),
    }, rule, subset);
    const told = { service, subset, isGateway, assumed, tls };
    if (answers === undefined) byPort.set(port, [told]);
    else answers.push(told);
    return tls;
  }

  /**
   * The answer where there is no rule: the same for all services of a namespace
   * of whose endpoints clients are told; undefined for other services.
   */
  private tellUnruled(service: Service): Decision<ClientTls> | undefined {
    if (service.isExternal || service.resolution !== 'endpoints' || service.ports.length === 0) return undefined;
    let tls = this.unruled.get(service.namespace);
    if (tls === undefined) {
      const { facts: { settings }, policies } = this;
      tls = judgeClientTls({ service, port: service.ports[0], settings, policies, isGateway: false, endpoints: () => NO_ENDPOINTS });
      this.unruled.set(service.namespace, tls);
    }
    return tls;
  }

  /** The answer of a rule that says the same for every port of every service; undefined for other rules. */
  private tellAll(rule: MergedRule, service: Service, { isGateway }: Client): Decision<ClientTls> | undefined {
    if (isGateway || service.resolution === 'passthrough') return undefined;
    // Null where the answer differs from port to port.
    if (rule.note === undefined) rule.note = uniformClientTls(rule);
    return rule.note as Decision<ClientTls> | null ?? undefined;
  }

  /** What a client's proxy sends to one endpoint; undefined for endpoints that are not of the subset. */
  send(client: Workload, service: Service, port: ServicePort, endpoint: Endpoint, rule?: MergedRule, subset?: Subset, assumed?: DataPlane):
  Decision<Wire> | undefined {
    let tls = this.tell(client, service, port, rule, subset, assumed);
    if (subset === undefined) {
      tls = this.listenerOwner(client, service, port, endpoint, assumed) ?? tls;
    } else if (!tls.value.isOriginalDestination && !isSelected(endpoint, subset.labels)) {
      return undefined;
    }
    return judgeWire(tls, service, endpoint, port, this.policies, this.facts.settings);
  }

  /**
   * The settings of another headless Service, where that one owns the client's
   * listener for the endpoint's address. HTTP is routed by host and not affected.
   */
  private listenerOwner(client: Workload, service: Service, port: ServicePort, endpoint: Endpoint, assumed?: DataPlane):
  Decision<ClientTls> | undefined {
    if (!service.isHeadless || endpoint.workload === undefined || isHttp(port.protocol) || client.isGateway) return undefined;
    const services = this.inventory.endpoints.servicesOf(endpoint.workload);
    for (const other of [...services.filter(one => !isPublic(one)), ...services.filter(isPublic)]) {
      if (!other.isHeadless) continue;
      const shared = other.ports.find(({ number, protocol }) => number === port.number && !isHttp(protocol));
      // Without an endpoint of its own on that pod, a service has no listener there.
      if (shared === undefined || workloadPort(other, shared, endpoint.workload) === undefined) continue;
      if (this.visibility.hidden(client, other, shared) !== undefined) continue;
      if (other === service) return undefined;
      const tls = this.tell(client, other, shared, this.ruleFor(client, other), undefined, assumed);
      const text = `the client's listener for ${endpoint.workload.key} belongs to ${other.host}`;
      return { value: tls.value, decidedBy: tls.decidedBy, because: [...tls.because, { object: other.object, field: shared.path, text }] };
    }
    return undefined;
  }
}
