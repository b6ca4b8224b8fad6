import { Aged, byAge, createdAt } from '../age';
import { Reason } from '../decision';
import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { asList, asObject, asText, own } from '../json';
import { Kinds } from '../kinds';
import { isSelected, Selector, selectorOf } from '../labels';
import { MeshObject } from '../object';
import { isCovered } from '../rules/host-index';
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

  constructor(private readonly facts: MeshFacts) {
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
    return egress.length === 0 || egress.some(listener => imports(listener, client.namespace, service, port))
      ? undefined
      : { object: scope!.object, field: ['spec', 'egress'], text: `the Sidecar of ${client.key} does not import ${service.host}` };
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

  /** The Sidecar of a client: its namespace's, else the root namespace's. Gateways have none. */
  private scopeOf(client: Workload): SidecarScope | undefined {
    if (this.scopes.size === 0 || client.isGateway) return undefined;
    const own = this.scopes.get(client.namespace)?.find(({ selector }) => selector === undefined || isSelected(client, selector));
    return own ?? this.scopes.get(this.facts.settings.rootNamespace)?.find(({ selector }) => selector === undefined);
  }
}

/** Whether an egress listener imports a service port (`selectServices` in pilot/pkg/model/sidecar.go). */
function imports(listener: unknown, clientNamespace: string, service: Service, port: ServicePort): boolean {
  const number = own(own(listener, 'port'), 'number');
  if (typeof number === 'number' && number !== 0 && number !== port.number) return false;
  let included = false;
  for (const host of asList(own(listener, 'hosts'))) {
    const match = /^(~?)([^/]*)\/([^/]+)$/.exec(asText(host) ?? '');
    if (match === null) continue;
    const [, tilde, place, name] = match;
    const namespace = place === '.' ? clientNamespace : place === '' ? '*' : place;
    if (tilde === '' && place === '') continue;
    if ((namespace !== '*' && namespace !== service.namespace) || !isCovered(service.host, name)) continue;
    if (tilde !== '') return false;
    included = true;
  }
  return included;
}
