import { Causes } from './causes';
import { modeChange } from './change';
import { Entries } from './entries';
import { Condition, ModeChange } from './entry';
import { Decision, revalued } from '../mesh/decision';
import { Kinds } from '../mesh/kinds';
import { LabelPairs, pairsOf, SelectorIndex, selectorKey, selectsAll } from '../mesh/labels';
import { Mesh } from '../mesh/mesh';
import { PeerAuthentication, peerAuthentication } from '../mesh/policies/peer-authentication';
import { ServerMode } from '../mesh/server/server-mode';
import { Workload } from '../mesh/workloads/workload';

/** Stands for every workload port that nothing names. */
const OTHER_PORTS = 0;

/** Compares what workload ports accept, and what policies say for pods that the input does not have. */
export class Modes {
  private readonly workloads: readonly [before: ReadonlyMap<string, Workload>, after: ReadonlyMap<string, Workload>];

  constructor(private readonly before: Mesh, private readonly after: Mesh, private readonly causes: Causes, private readonly entries: Entries) {
    this.workloads = [byKey(before), byKey(after)];
  }

  compare(): void {
    const [before, after] = this.workloads;
    for (const key of new Set([...before.keys(), ...after.keys()])) this.compareWorkload(before.get(key), after.get(key));
    this.comparePolicies();
  }

  private compareWorkload(from: Workload | undefined, to: Workload | undefined): void {
    const either = (to ?? from)!;
    // A gateway's listeners do not go by policies; what they take shows in the calls.
    if (from?.isGateway === true || to?.isGateway === true) {
      if (from === undefined || to === undefined) this.comparePort(from, to, OTHER_PORTS);
      return;
    }
    const ports = new Set([OTHER_PORTS, ...this.portsOf(from, this.before), ...this.portsOf(to, this.after)]);
    // Without a proxy nothing tells ports apart.
    for (const port of either.dataPlane.value === 'none' && (from ?? either).dataPlane.value === 'none' ? [OTHER_PORTS] : ports) this.comparePort(from, to, port);
  }

  private portsOf(workload: Workload | undefined, { model }: Mesh): number[] {
    if (workload === undefined) return [];
    const ports = [...model.sidecarPolicy(workload).namedPorts];
    for (const name of PORTS) {
      const text = workload.annotation(name);
      if (text !== undefined) ports.push(...text.split(',').map(Number).filter(port => Number.isInteger(port) && port > 0));
    }
    return ports;
  }

  private comparePort(from: Workload | undefined, to: Workload | undefined, port: number): void {
    // Two unknown data planes are compared as if both were sidecars: what policies change there should not pass unseen.
    const isOpen = [from, to].every(workload => workload === undefined || workload.dataPlane.value === 'unknown');
    const mode = (workload: Workload | undefined, { model }: Mesh): Decision<ServerMode> | undefined =>
      workload && model.serverMode(isOpen ? workload.withDataPlane(revalued(workload.dataPlane, 'sidecar')) : workload, port);
    const before = mode(from, this.before);
    const after = mode(to, this.after);
    const change = modeChange(before?.value, after?.value);
    if (change === undefined) return;
    const workload = (to ?? from)!;
    const cause = from !== undefined && to !== undefined
      ? this.causes.ofMode(before, after, to, from)
      : this.causes.ofPresence(workload.object);
    const condition: Condition | undefined = isOpen ? { kind: 'proxy', name: workload.namespace } : undefined;
    this.entries.addMode(change, cause, modeOf(workload.key, port, before, after), condition);
  }

  /**
   * What policies say where the input has nobody for whom they say it: the mesh as
   * a whole, namespaces and selectors without workloads. A folder of policies has
   * no workloads at all.
   */
  private comparePolicies(): void {
    const all = [this.before, this.after].map(mesh => mesh.ofKind(Kinds.PEER_AUTHENTICATION).map(object => peerAuthentication(object)));
    this.compareScope('the mesh', '', [], undefined);
    const scopes = new Map<string, Map<string, PeerAuthentication>>();
    for (const policy of all.flat()) {
      if (this.isRoot(policy.namespace)) continue;
      let scope = scopes.get(policy.namespace);
      if (scope === undefined) scopes.set(policy.namespace, scope = new Map<string, PeerAuthentication>());
      scope.set(selectorKey(policy.selector), policy);
    }
    const indexes = new Map<string, SelectorIndex<PeerAuthentication>>();
    scopes.forEach((policies, namespace) => indexes.set(namespace, new SelectorIndex([...policies.values()], ({ selector }) => selector)));
    const met = new Set<PeerAuthentication>();
    const meet = (policy: PeerAuthentication): void => { met.add(policy); };
    const peopled = new Set<string>();
    for (const side of this.workloads) {
      for (const workload of side.values()) {
        peopled.add(workload.namespace);
        indexes.get(workload.namespace)?.all(workload, meet);
      }
    }
    scopes.forEach((policies, namespace) => policies.forEach(policy => {
      const pairs = pairsOf(policy.selector);
      const isEverybody = selectsAll(policy.selector);
      if (isEverybody ? peopled.has(namespace) : met.has(policy)) return;
      this.compareScope(isEverybody ? `namespace ${namespace}` : `pods with ${selectorText(pairs)} in ${namespace}`, namespace, pairs, policy);
    }));
  }

  private isRoot(namespace: string): boolean {
    return [this.before, this.after].every(({ settings }) => settings.rootNamespace === namespace);
  }

  private compareScope(subject: string, namespace: string, pairs: LabelPairs, policy: PeerAuthentication | undefined): void {
    const labels = new Map(pairs);
    const pods = {
      namespace,
      label: (name: string) => labels.get(name),
      eachLabel: (visit: (name: string, value: string) => void) => labels.forEach((value, name) => visit(name, value)),
    };
    const [from, to] = [this.before, this.after].map(({ model }) => model.sidecarPolicy(pods));
    for (const port of new Set([OTHER_PORTS, ...from.namedPorts, ...to.namedPorts])) {
      const [before, after] = [from, to].map(one => one.port(port));
      const change = modeChange(before.value, after.value);
      if (change === undefined) continue;
      const condition: Condition | undefined = policy === undefined ? undefined : { kind: 'pods', name: subject.replace(/^pods with /, '') };
      this.entries.addMode(change, this.causes.ofMode(before, after), modeOf(subject, port, before, after), condition);
    }
  }
}

const PORTS = ['traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts'];

function modeOf(subject: string, port: number, from: Decision<ServerMode> | undefined, to: Decision<ServerMode> | undefined): ModeChange {
  return { subject, ...port === OTHER_PORTS ? {} : { port }, from: from?.value, to: to?.value };
}

function byKey({ model }: Mesh): ReadonlyMap<string, Workload> {
  const { workloads, machines } = model.inventory;
  return new Map([...machines, ...workloads].map(workload => [workload.key, workload]));
}

function selectorText(pairs: LabelPairs): string {
  return pairs.map(([name, value]) => `${name}=${value}`).sort().join(',');
}
