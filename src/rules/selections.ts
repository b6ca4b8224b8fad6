import { hasSelector, scopes } from './peer-authentications';
import { RuleContext } from './rule';
import { byAge } from '../mesh/age';
import { inCluster, namespaceOf } from '../mesh/facts';
import { Kinds } from '../mesh/kinds';
import { Selector, SelectorIndex, selectorKey } from '../mesh/labels';
import { MeshObject } from '../mesh/object';
import { MtlsMode, PeerAuthentication, peerAuthentication } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

/** The policies of one namespace with one selector, the one that wins first. */
export interface Selection {
  readonly namespace: string;
  readonly selector: Selector;
  readonly policies: readonly PeerAuthentication[];
  /** The workloads of the input that they select. */
  readonly workloads: readonly Workload[];
  /** The workloads for which the first of the policies counts. */
  readonly won: readonly Workload[];
  /** For each policy of another selector that counts instead, the workloads for which it does. */
  readonly lost: ReadonlyMap<PeerAuthentication, readonly Workload[]>;
}

/** A selection while it is worked out. */
interface Growing extends Selection {
  readonly workloads: Workload[];
  readonly won: Workload[];
  readonly lost: Map<PeerAuthentication, Workload[]>;
}

/**
 * Which workloads of the input the policies with a selector are for, and which
 * policy counts for each of them. Policies that the API server refuses and those
 * of the root namespace, which Istio ignores, are not among them.
 *
 * Policies of one selector are looked at together: there may be many of both.
 */
export function selections(context: RuleContext): readonly Selection[] {
  return context.once(selections, () => {
    const found: Selection[] = [];
    if (workloadsByNamespace(context).size === 0) return found; // Nothing shows whom the policies are for.
    for (const [namespace, policies] of policiesByNamespace(context)) {
      const growing = group(namespace, policies);
      found.push(...growing);
      const workloads = workloadsByNamespace(context).get(namespace);
      if (workloads !== undefined) match(growing, workloads);
    }
    return found;
  });
}

/** The policies that a policy with a selector hides for some workload that they select too. */
export function hiddenBySelecting(context: RuleContext, object: MeshObject): readonly MeshObject[] {
  return context.once(hiddenBySelecting, () => {
    const hidden = new Map<MeshObject, MeshObject[]>();
    const hide = ({ object: winner }: PeerAuthentication, losers: readonly PeerAuthentication[]): void => {
      const list = hidden.get(winner) ?? [];
      for (const loser of losers) list.push(loser.object);
      hidden.set(winner, list);
    };
    for (const { policies, won, lost } of selections(context)) {
      if (won.length > 0) hide(policies[0], policies.slice(1));
      for (const winner of lost.keys()) hide(winner, policies);
    }
    return hidden;
  }).get(object) ?? [];
}

/** The policy that counts for a workload beside those of its namespace and the mesh. */
export function policyOf(context: RuleContext, workload: Workload): PeerAuthentication | undefined {
  return context.once(policyOf, () => {
    const winners = new Map<Workload, PeerAuthentication>();
    for (const { policies: [policy], won } of selections(context)) won.forEach(one => winners.set(one, policy));
    return winners;
  }).get(workload);
}

/** Everything that runs pods or is a machine, by namespace. */
export function workloadsByNamespace(context: RuleContext): ReadonlyMap<string, readonly Workload[]> {
  return context.once(workloadsByNamespace, () => {
    const { inventory } = context.model;
    const byNamespace = new Map<string, Workload[]>();
    for (const list of [inventory.workloads, inventory.machines]) {
      for (const workload of list) {
        const known = byNamespace.get(workload.namespace);
        if (known === undefined) byNamespace.set(workload.namespace, [workload]);
        else known.push(workload);
      }
    }
    return byNamespace;
  });
}

/** The mode that holds for the workloads of a namespace without a policy of their own. */
export function parentMode(context: RuleContext, namespace: string): MtlsMode {
  return parentPolicy(context, namespace)?.mode ?? 'PERMISSIVE';
}

/** The policy that sets the mode of a namespace's workloads, its own or that of the mesh; undefined where none does. */
export function parentPolicy(context: RuleContext, namespace: string): { readonly object: MeshObject; readonly mode: MtlsMode } | undefined {
  for (const scope of new Set([namespace, context.settings.rootNamespace])) {
    const object = scopes(context).get(scope)?.[0];
    const mode = object && peerAuthentication(object).mode;
    if (object !== undefined && mode !== undefined) return { object, mode };
  }
  return undefined;
}

/** Workloads as a sentence names them: the first three, and how many more there are. */
export function namesOf(workloads: readonly Workload[]): string {
  const names = workloads.slice(0, 3).map(({ object, key }) => `${object.kind} ${key}`);
  return names.join(', ') + (workloads.length > 3 ? ` and ${workloads.length - 3} more` : '');
}

function policiesByNamespace(context: RuleContext): ReadonlyMap<string, PeerAuthentication[]> {
  const byNamespace = new Map<string, PeerAuthentication[]>();
  for (const object of inCluster(context, Kinds.PEER_AUTHENTICATION)) {
    const namespace = namespaceOf(object);
    if (namespace === context.settings.rootNamespace || !hasSelector(object) || context.acceptance(object)?.accepted !== true) continue;
    const list = byNamespace.get(namespace);
    if (list === undefined) byNamespace.set(namespace, [peerAuthentication(object)]);
    else list.push(peerAuthentication(object));
  }
  return byNamespace;
}

/** The policies by selector, in the order in which the first of each wins. */
function group(namespace: string, policies: readonly PeerAuthentication[]): Growing[] {
  const byKey = new Map<string, PeerAuthentication[]>();
  for (const policy of [...policies].sort(byAge)) {
    const key = selectorKey(policy.selector);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [policy]);
    else same.push(policy);
  }
  return [...byKey.values()].map(same =>
    ({ namespace, selector: same[0].selector, policies: same, workloads: [], won: [], lost: new Map<PeerAuthentication, Workload[]>() }));
}

function match(growing: readonly Growing[], workloads: readonly Workload[]): void {
  const index = new SelectorIndex(growing, ({ selector }) => selector);
  const ranks = new Map(growing.map((one, rank) => [one, rank]));
  for (const workload of workloads) {
    const selecting: Growing[] = [];
    index.all(workload, one => {
      selecting.push(one);
      one.workloads.push(workload);
    });
    if (selecting.length === 0) continue;
    const winner = selecting.reduce((best, one) => ranks.get(one)! < ranks.get(best)! ? one : best);
    winner.won.push(workload);
    for (const one of selecting) {
      if (one !== winner) lose(one, winner.policies[0], workload);
    }
  }
}

function lose({ lost }: Growing, to: PeerAuthentication, workload: Workload): void {
  const list = lost.get(to);
  if (list === undefined) lost.set(to, [workload]);
  else list.push(workload);
}
