import { Aged, byAge, createdAt } from '../age';
import { Reason } from '../decision';
import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { asList, asObject, asText, own } from '../json';
import { Kinds } from '../kinds';
import { isSelected, Selector, selectorOf } from '../labels';
import { compareText, MeshObject } from '../object';
import { Egress } from './egress';
import { parseProtocol, Protocol } from '../services/protocol';
import { Service, ServicePort } from '../services/service';
import { OutboundTrafficMode } from '../settings';
import { Workload } from '../workloads/workload';

/** A Sidecar object: what its workloads can see. */
interface SidecarScope extends Aged {
  readonly object: MeshObject;
  readonly selector?: Selector;
}

/** Which hosts a client's proxy knows: `exportTo` of the host, and the Sidecar object of the client. */
export class Visibility {
  private readonly scopes = new Map<string, SidecarScope[]>();
  private readonly egress: Egress;

  constructor(private readonly facts: MeshFacts) {
    this.egress = new Egress(facts);
    const all: SidecarScope[] = inCluster(facts, Kinds.SIDECAR).map(object => {
      const selector = asObject(own(object.spec, 'workloadSelector'));
      return {
        object, createdAt: createdAt(object), namespace: namespaceOf(object), selector: selector && selectorOf(own(selector, 'labels')),
      };
    });
    // Those for single workloads come first (`initSidecarScopes` in pilot/pkg/model/push_context.go).
    all.sort((a, b) => Number(a.selector === undefined) - Number(b.selector === undefined) || byAge(a, b));
    for (const scope of all) {
      this.scopes.set(scope.namespace, [...this.scopes.get(scope.namespace) ?? [], scope]);
    }
  }

  /** Why a client's proxy does not know a service port; undefined when it does. */
  hidden(client: Workload, service: Service, port: ServicePort): Reason | undefined {
    const { exportTo } = service;
    if (exportTo.length > 0 && !exportTo.some(item => item === '*' || item === client.namespace || (item === '.' && service.namespace === client.namespace))) {
      return service.isKubernetes
        ? { object: service.object, field: ['metadata', 'annotations', 'networking.istio.io/exportTo'], text: `the service is not exported to namespace ${client.namespace}` }
        : { object: service.object, field: ['spec', 'exportTo'], text: `the host is not exported to namespace ${client.namespace}` };
    }
    const scope = this.scopeOf(client);
    const egress = scope === undefined ? [] : asList(own(scope.object.spec, 'egress'));
    return egress.length === 0 || egress.some(listener => this.egress.imports(listener, client.namespace, service, port))
      ? undefined
      : { object: scope!.object, field: ['spec', 'egress'], text: `the Sidecar of ${client.key} does not import ${service.host}` };
  }

  /**
   * Of several services with one host, those that the client's proxy takes it
   * to be, the first of which wins for each port: a Kubernetes Service before
   * ServiceEntries, those of the client's namespace before others, the oldest
   * before younger ones (`selectServices` and `appendSidecarServices` in
   * pilot/pkg/model/sidecar.go).
   */
  owners(client: Workload, services: readonly Service[]): readonly Service[] {
    const seen = services
      .filter(service => service.ports.some(port => this.hidden(client, service, port) === undefined))
      .sort((a, b) => Number(isPublic(a)) - Number(isPublic(b)) || byServiceAge(a, b));
    const first = seen.find(({ isKubernetes }) => isKubernetes) ?? seen.find(({ namespace }) => namespace === client.namespace) ?? seen[0];
    return first === undefined ? [] : [first, ...seen.filter(other => other !== first && merges(first, other))];
  }

  /** What happens to calls to hosts that the client's proxy does not know. */
  outboundTrafficMode(client: Workload): { readonly mode: OutboundTrafficMode; readonly reason: Reason } {
    const scope = this.scopeOf(client);
    const given = asObject(own(scope?.object.spec, 'outboundTrafficPolicy'));
    if (given !== undefined) {
      // REGISTRY_ONLY is the first of the enum, so a policy that names no mode means it.
      const mode = own(given, 'mode') === 'ALLOW_ANY' ? OutboundTrafficMode.ALLOW_ANY : OutboundTrafficMode.REGISTRY_ONLY;
      return { mode, reason: { object: scope!.object, field: ['spec', 'outboundTrafficPolicy', 'mode'], text: `calls to unknown hosts: ${mode}` } };
    }
    const mode = this.facts.settings.outboundTrafficMode;
    return { mode, reason: { field: ['outboundTrafficPolicy', 'mode'], text: `calls to unknown hosts: ${mode}` } };
  }

  /** The Sidecar object of a client. */
  sidecarOf(client: Workload): MeshObject | undefined {
    return this.scopeOf(client)?.object;
  }

  /**
   * What a server's proxy takes the bytes on a workload port to be where its
   * Sidecar object lists the ports; undefined where it lists none. A port that is
   * not listed is passed through, as one that no Service declares
   * (`buildInboundChainConfigs` in pilot/pkg/networking/core/listener_inbound.go).
   */
  listed(server: Workload, workloadPort: number): Protocol | undefined {
    const ingress = this.ingressOf(server);
    if (ingress.length === 0) return undefined;
    const listener = ingress.find(one => own(own(one, 'port'), 'number') === workloadPort);
    return listener === undefined ? 'auto' : parseProtocol(asText(own(own(listener, 'port'), 'protocol')) ?? '');
  }

  /** Whether the Sidecar object of a server lists its ports. */
  listsPorts(server: Workload): boolean {
    return this.ingressOf(server).length > 0;
  }

  private ingressOf(server: Workload): readonly unknown[] {
    return asList(own(this.scopeOf(server)?.object.spec, 'ingress'));
  }

  /** The Sidecar of a client: its namespace's, else the root namespace's. Gateways have none. */
  private scopeOf(client: Workload): SidecarScope | undefined {
    if (this.scopes.size === 0 || client.isGateway) return undefined;
    const nearest = this.scopes.get(client.namespace)?.find(({ selector }) => selector === undefined || isSelected(client, selector));
    return nearest ?? this.scopes.get(this.facts.settings.rootNamespace)?.find(({ selector }) => selector === undefined);
  }
}

/** The order of services: the oldest first, then by their own name, which is the host for a ServiceEntry (`SortServicesByCreationTime`). */
function byServiceAge(a: Service, b: Service): number {
  return a.createdAt !== b.createdAt ? (a.createdAt < b.createdAt ? -1 : 1) : compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/** Whether a service is for every namespace. Those that are not come before those that are, whatever their age (`servicesExportedToNamespace`). */
export function isPublic({ exportTo }: Service): boolean {
  return exportTo.length === 0 || exportTo.includes('*');
}

/** Whether the ports of two services of one host count together (`canMergeServices`). */
function merges(a: Service, b: Service): boolean {
  return !a.isKubernetes && !b.isKubernetes && a.namespace === b.namespace && a.resolution === b.resolution && a.isExternal === b.isExternal;
}
