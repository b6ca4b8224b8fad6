import { hasSelector } from './peer-authentications';
import { RuleContext } from './rule';
import { Decision, revalued } from '../mesh/decision';
import { inCluster, namespaceOf } from '../mesh/facts';
import { asList, asObject, asText, at, own, textEntries } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { isSelected, LabelPairs, pairsOf, Selector, SelectorIndex, selectorOf, selectsAll } from '../mesh/labels';
import { MeshObject } from '../mesh/object';
import { GATEWAY_NAME } from '../mesh/server/gateway-server';
import { ServerMode } from '../mesh/server/server-mode';
import { Service, ServicePort } from '../mesh/services/service';
import { templatePath } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** A workload port that refuses whoever brings no certificate of the mesh. */
export interface StrictPort {
  readonly workload: Workload;
  /** The workload port. */
  readonly port: number;
  readonly mode: Decision<ServerMode>;
  /** The policy that makes the port STRICT. */
  readonly policy: MeshObject;
  /** What must hold for the port to be STRICT, where the input does not show what carries the pods' traffic. */
  readonly condition?: string;
}

/** Whether any policy of the input makes anything STRICT: most rules about STRICT ports can stop here. */
export function anythingStrict(context: RuleContext): boolean {
  return context.once(anythingStrict, () => context.ofKind(Kinds.PEER_AUTHENTICATION).some(({ spec }) =>
    at(spec, 'mtls', 'mode') === 'STRICT'
    || Object.values(asObject(own(spec, 'portLevelMtls')) ?? {}).some(level => own(level, 'mode') === 'STRICT')));
}

/** The workload as it is where its sidecar is a matter of a Namespace that is not in the input, and what must hold for that. */
export function assumingSidecar(workload: Workload): { readonly workload: Workload; readonly condition?: string } {
  if (workload.dataPlane.value !== 'unknown') return { workload };
  return {
    workload: workload.withDataPlane(revalued(workload.dataPlane, 'sidecar')),
    condition: `the pods of ${workload.key} have a sidecar (Namespace ${workload.namespace} is not in the input)`,
  };
}

/** The workload port where it is STRICT; undefined for gateways, whose listeners do not ask PeerAuthentications. */
export function strictPort(context: RuleContext, workload: Workload, port: number): StrictPort | undefined {
  if (workload.dataPlane.value === 'none' || isGateway(workload)) return undefined;
  const { workload: assumed, condition } = assumingSidecar(workload);
  const mode = context.model.serverMode(assumed, port);
  // A forecast is about what the port takes today.
  if (context.forecast?.before.serverMode(assumed, port).value === 'STRICT') return undefined;
  const policy = mode.value === 'STRICT' ? mode.decidedBy.object : undefined;
  return policy === undefined ? undefined : { workload, port, mode, policy, condition };
}

/**
 * The STRICT workload ports behind a service port: those that are STRICT
 * whatever else the cluster holds, else those that may be.
 *
 * Where a policy means to open the port and fails to, the rule about that
 * failure speaks, and the port is not listed.
 */
export function strictPortsBehind(context: RuleContext, service: Service, port: ServicePort): readonly StrictPort[] {
  const known = context.once(strictPortsBehind, () => new Map<ServicePort, readonly StrictPort[]>());
  let found = known.get(port);
  if (found === undefined) {
    const all: StrictPort[] = [];
    for (const { workload, port: number } of context.model.inventory.endpoints.of(service, port)) {
      const strict = workload && strictPort(context, workload, number);
      if (strict && !isExceptionLost(context, strict, port.number)) all.push(strict);
    }
    const sure = all.filter(({ condition }) => condition === undefined);
    known.set(port, found = sure.length > 0 ? sure : all);
  }
  return found;
}

/** Whether a workload is a gateway, also one that was installed with its proxy in the manifest. */
export function isGateway(workload: Workload): boolean {
  return workload.isGateway || workload.label(GATEWAY_NAME) !== undefined
    || /^(ingress|egress|eastwest)gateway$/.test(workload.label('istio') ?? '');
}

/** Whether any policy that can select pods of a namespace names ports. Where none does, one answer holds for all ports of a workload. */
export function namesPorts(context: RuleContext, namespace: string): boolean {
  return openingPolicies(context).get(namespace)?.areAnyPorts ?? false;
}

/** The policies that say anything of plaintext, by namespace. */
interface OpeningPolicies {
  readonly selecting: SelectorIndex<MeshObject>;
  readonly general: readonly MeshObject[];
  /** Whether one of them names ports. */
  readonly areAnyPorts: boolean;
}

/**
 * Whether a policy was meant to open a port that is STRICT all the same: an
 * older one hides it, its key is the service port, it stands in the root
 * namespace, has no selector, or ambient drops what it says. Rules about
 * policies name that fault; to blame the policy that wins would be beside it.
 */
export function isExceptionLost(context: RuleContext, { workload, port, policy }: StrictPort, servicePort?: number): boolean {
  if (context.forecast !== undefined) return false;
  const keys = [port, ...servicePort !== undefined && !portsOf(context, workload).has(servicePort) ? [servicePort] : []].map(String);
  const opens = (one: MeshObject): boolean => {
    if (one !== policy && isOpen(at(one.spec, 'mtls', 'mode')) && outdoes(policy, one)) return true;
    // Beside mtls is where the ports belong; within it the API server drops them.
    const isAmong = (levels: unknown, isRead: boolean): boolean => keys.some(key =>
      isOpen(at(levels, key, 'mode')) && (!isRead || key !== String(port) || one !== policy || !hasSelector(one)));
    return isAmong(own(one.spec, 'portLevelMtls'), true) || isAmong(at(one.spec, 'mtls', 'portLevelMtls'), false);
  };
  const { rootNamespace } = context.settings;
  for (const namespace of workload.namespace === rootNamespace ? [rootNamespace] : [workload.namespace, rootNamespace]) {
    const policies = openingPolicies(context).get(namespace);
    if (policies === undefined) continue;
    if (policies.general.some(opens)) return true;
    let found = false;
    policies.selecting.all(workload, one => found ||= opens(one));
    if (found) return true;
  }
  return false;
}

function isOpen(mode: unknown): boolean {
  return mode === 'PERMISSIVE' || mode === 'DISABLE';
}

/** Whether a policy that opens the whole workload is none that the deciding one is there to narrow down: it was to count, and does not. */
function outdoes(deciding: MeshObject, opening: MeshObject): boolean {
  return hasSelector(opening) || (!hasSelector(deciding) && namespaceOf(deciding) === namespaceOf(opening));
}

function openingPolicies(context: RuleContext): ReadonlyMap<string, OpeningPolicies> {
  return context.once(openingPolicies, () => {
    const byNamespace = new Map<string, MeshObject[]>();
    for (const object of inCluster(context, Kinds.PEER_AUTHENTICATION)) {
      const mtls = own(object.spec, 'mtls');
      if (!isOpen(own(mtls, 'mode')) && asObject(own(object.spec, 'portLevelMtls') ?? own(mtls, 'portLevelMtls')) === undefined) continue;
      const list = byNamespace.get(namespaceOf(object));
      if (list === undefined) byNamespace.set(namespaceOf(object), [object]);
      else list.push(object);
    }
    return new Map([...byNamespace].map(([namespace, list]) => [namespace, {
      selecting: new SelectorIndex(list.filter(hasSelector), labelsSelected),
      general: list.filter(object => !hasSelector(object)),
      areAnyPorts: list.some(({ spec }) => asObject(own(spec, 'portLevelMtls')) !== undefined),
    }]));
  });
}

function labelsSelected(policy: MeshObject): Selector {
  return selectorOf(at(policy.spec, 'selector', 'matchLabels'));
}

/** The workload ports that the manifests name: container ports, and target ports of the Services in front. */
export function portsOf(context: RuleContext, workload: Workload): ReadonlySet<number> {
  const { endpoints } = context.model.inventory;
  const ports = new Set<number>(containersOf(workload).flatMap(container => asList(own(container, 'ports')))
    .filter(port => (own(port, 'protocol') ?? 'TCP') === 'TCP')
    .map(port => own(port, 'containerPort'))
    .filter((port): port is number => typeof port === 'number'));
  for (const service of endpoints.servicesOf(workload)) {
    for (const port of service.ports) {
      for (const endpoint of endpoints.of(service, port)) {
        if (endpoint.workload === workload) ports.add(endpoint.port);
      }
    }
  }
  return ports;
}

/** The containers of a workload's pods, without the init containers. */
export function containersOf(workload: Workload): readonly unknown[] {
  return asList(at(workload.object.body, ...templatePath(workload.object), 'spec', 'containers'));
}

/** The labels by which a policy can select a workload: those of the service in front, or by which its own object knows its pods, else all that it has. */
export function labelsFor(workload: Workload, service?: Service): LabelPairs {
  if (service?.selector !== undefined && !selectsAll(service.selector)) return pairsOf(service.selector);
  const own_ = selectorOf(at(workload.object.body, 'spec', 'selector', 'matchLabels'));
  if (!selectsAll(own_) && isSelected(workload, own_)) return pairsOf(own_);
  return textEntries(at(workload.object.body, ...templatePath(workload.object), 'metadata', 'labels'));
}

/** How to let STRICT ports take plaintext as well, with the YAML of this very case. */
export function openPorts(context: RuleContext, strict: readonly StrictPort[], service?: Service): string {
  const texts = new Set<string>();
  for (const one of strict) texts.add(openPort(context, one, service));
  return [...texts].join('\n');
}

function openPort(context: RuleContext, { workload, port, mode, policy }: StrictPort, service?: Service): string {
  if (workload.namespace === context.settings.rootNamespace) {
    return 'Policies with a selector are ignored in the root namespace, so keep the port out of the sidecar, '
      + `with this annotation on the pods of ${workload.key}:\n`
      + `traffic.sidecar.istio.io/excludeInboundPorts: "${port}"`;
  }
  const deciders = [policy, ...mode.because.map(({ object }) => object)];
  const existing = deciders.find(object => object?.key === Kinds.PEER_AUTHENTICATION && hasSelector(object));
  const place = existing === undefined ? ', and keep the others STRICT' : `, in ${existing.title}, which already selects the pods (a second policy would be ignored)`;
  return `Let workload port ${port} take plaintext too${place}:\n${portPolicy(workload, port, 'PERMISSIVE', 'STRICT', existing, service)}`;
}

/** A policy that sets the mode of one workload port, or what to add to one that already selects the pods. */
export function portPolicy(workload: Workload, port: number, mode: string, others: string, existing?: MeshObject, service?: Service): string {
  const level = `  portLevelMtls:\n    "${port}": {mode: ${mode}}`;
  if (existing !== undefined) {
    const general = asText(at(existing.spec, 'mtls', 'mode')) ?? 'UNSET';
    return `spec:\n  mtls: {mode: ${general === 'UNSET' ? others : general}}\n${level}`;
  }
  const labels = labelsFor(workload, service).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ');
  return 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
    + `metadata: {name: ${workload.name}-${port}, namespace: ${workload.namespace}}\n`
    + `spec:\n  selector: {matchLabels: {${labels}}}\n  mtls: {mode: ${others}}\n${level}`;
}

/** `workload port 9443 of shop/web` for one or several. */
export function portsText(strict: readonly StrictPort[]): string {
  return [...new Set(strict.map(({ workload, port }) => `workload port ${port} of ${workload.key}`))].join(' and ');
}

/** `is STRICT` or `are STRICT`, after the names of the ports. */
export function areStrict(strict: readonly StrictPort[]): string {
  return new Set(strict.map(({ workload, port }) => `${port} ${workload.key}`)).size === 1 ? 'is STRICT' : 'are STRICT';
}

/** The condition of a finding about several ports; undefined where one of them needs none. */
export function conditionOf(strict: readonly StrictPort[]): string | undefined {
  return strict.every(({ condition }) => condition !== undefined) ? [...new Set(strict.map(({ condition }) => condition))].join(', and ') : undefined;
}

/** The objects that a finding about STRICT ports names beside the policy. */
export function serversOf(strict: readonly StrictPort[]): MeshObject[] {
  return [...new Set(strict.map(({ workload }) => workload.object))];
}

/** The ports by the policy that makes them STRICT: each is a fault of its own. */
export function byPolicy(strict: readonly StrictPort[]): ReadonlyMap<MeshObject, readonly StrictPort[]> {
  const groups = new Map<MeshObject, StrictPort[]>();
  for (const one of strict) {
    const list = groups.get(one.policy);
    if (list === undefined) groups.set(one.policy, [one]);
    else list.push(one);
  }
  return groups;
}

/** A text as the second half of a sentence. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
