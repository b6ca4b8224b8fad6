import { count } from './text';
import { Cure, WrittenPolicy } from '../plan/cures';
import { scalar } from '../plan/exception-text';
import { CurableBlocker, MeshPlan, MigrationPlan, NamespacePlan } from '../plan/plan';

/*
 * What all ways of printing a plan say in the same words.
 */

/** What has to be done with the policy of a namespace, or of the mesh. */
export function policyStep({ policy, mode }: NamespacePlan): string {
  if (policy.isNew) return `add ${policy.title} with mode STRICT`;
  return mode.value === 'STRICT' ? `keep ${policy.title}, which is STRICT` : `make ${policy.title} STRICT`;
}

/** How far a namespace is, as the end of its first line. */
export function readinessText({ readiness, blockers }: NamespacePlan): string {
  const sure = blockers.filter(({ condition }) => condition === undefined).length;
  switch (readiness) {
    case 'strict': return 'is STRICT';
    case 'ready': return 'can be STRICT: no known call breaks';
    case 'open': return 'can be STRICT once the questions below are answered';
    case 'blocked': return `cannot be STRICT yet: ${count(sure, 'blocker')}`;
  }
}

/** Where the mode of a namespace comes from. */
export function modeText({ mode: { value, decidedBy } }: NamespacePlan): string {
  return `${value} (${decidedBy.object === undefined ? 'Istio\'s default' : `from ${decidedBy.object.title}`})`;
}

/** How many workloads there are, and which of them a policy is for. */
export function workloadsText({ workloads: { withProxy, without, unknown } }: NamespacePlan): string {
  const parts = [
    ...withProxy > 0 ? [`${count(withProxy, 'workload')} with a proxy`] : [],
    ...without > 0 ? [`${without} without`] : [],
    ...unknown > 0 ? [`${unknown} of which that is not known`] : [],
  ];
  return parts.join(', ') || 'no workloads';
}

/** The workloads that take something else than their namespace: one line for those with one policy and one answer. */
export function differenceLines({ differences }: NamespacePlan): string[] {
  const groups = new Map<string, string[]>();
  for (const { workload, mode, ports, policy } of differences) {
    const text = `${[mode, ...[...ports].map(([port, one]) => `workload port ${port} ${one}`)].join(', ')} (from ${policy.title})`;
    const list = groups.get(text);
    if (list === undefined) groups.set(text, [workload.key]);
    else list.push(workload.key);
  }
  return [...groups].map(([text, keys]) => `${some(keys)}: ${text}`);
}

/** The first of many names. */
export function some(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The calls of a blocker, with a word on those that nothing shows to be made. */
export function callLines({ calls, callCount, isKnown, condition }: CurableBlocker): string[] {
  const lines = calls.map(call => (isKnown || condition !== undefined ? call : `${call} (nothing shows that it is made)`));
  return callCount > calls.length ? [...lines, `and ${count(callCount - calls.length, 'more call')}`] : lines;
}

/** So many policies are printed for one cure; a rule for a whole namespace can ask for hundreds. */
const MAX_POLICIES = 3;

/** The policies of a cure, the first of many; empty where there are none. */
export function policiesOf({ policies = [] }: Cure): WrittenPolicy {
  const more = policies.length - MAX_POLICIES;
  const first = policies.slice(0, MAX_POLICIES);
  const rest = more > 0 ? `and so for ${more} more (all of them with --format json)` : '';
  return {
    yaml: first.map(({ yaml }) => yaml).join('\n---\n') + (rest && `\n# ${rest}`),
    typescript: first.map(({ typescript }) => typescript).join('\n') + (rest && `\n// ${rest}`),
  };
}

/** How many namespaces are how far. */
export function countsLine({ namespaces, mesh }: MigrationPlan): string {
  if (isDone({ namespaces, mesh })) return 'the mesh is STRICT';
  const counts = new Map<string, number>();
  for (const { readiness } of namespaces) counts.set(readiness, (counts.get(readiness) ?? 0) + 1);
  const parts = [['strict', 'STRICT'], ['ready', 'ready'], ['open', 'with questions'], ['blocked', 'blocked']]
    .flatMap(([readiness, word]) => (counts.has(readiness) ? `${counts.get(readiness)} ${word}` : []));
  return `${count(namespaces.length, 'namespace')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** Whether nothing is left to do. */
export function isDone({ namespaces, mesh }: Pick<MigrationPlan, 'namespaces' | 'mesh'>): boolean {
  return mesh.readiness === 'strict' && namespaces.every(({ readiness }) => readiness === 'strict');
}

/** The policy of the whole mesh at the end, as YAML. */
export function meshPolicyYaml({ policy: { title } }: MeshPlan): string {
  const [namespace, name] = title.slice(title.indexOf(' ') + 1).split('/');
  return `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${scalar(name)}, namespace: ${scalar(namespace)}}\n`
    + 'spec:\n  mtls: {mode: STRICT}';
}
