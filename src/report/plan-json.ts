import { isDone } from './plan-words';
import { settingsJson } from './settings';
import { reasonJson } from '../mesh/decision';
import { ResolvedMeshSettings } from '../mesh/settings';
import { CurableBlocker, MigrationPlan, NamespacePlan } from '../plan/plan';
import { docsOf } from '../rules/rule';

/** A plan as JSON for programs. `version` grows when a field changes its meaning or goes. */
export function planJson(plan: MigrationPlan, settings: ResolvedMeshSettings): string {
  const { namespaces, outside, order, mesh, questions, queries } = plan;
  return `${JSON.stringify({
    version: 1,
    settings: settingsJson(settings),
    done: isDone(plan),
    namespaces: namespaces.map(namespaceJson),
    withoutProxies: outside,
    order: order.map(({ namespace: { name }, unblocks }) => ({ namespace: name, unblocks })),
    mesh: { ...namespaceJson(mesh), redundant: mesh.redundant, exceptions: mesh.exceptions },
    questions,
    queries,
  }, null, 2)}\n`;
}

function namespaceJson({ name, mode, readiness, workloads, differences, blockers, policy }: NamespacePlan): object {
  return {
    namespace: name,
    mode: mode.value,
    decidedBy: reasonJson(mode.decidedBy),
    readiness,
    policy: policy.title,
    policyIsNew: policy.isNew,
    workloads,
    differences: differences.map(one => ({
      workload: one.workload.key, mode: one.mode, ports: Object.fromEntries(one.ports), policy: one.policy.title,
    })),
    blockers: blockers.map(blockerJson),
  };
}

function blockerJson({ code, name, isKnown, at, calls, callCount, ports, what, why, condition, cures }: CurableBlocker): object {
  return {
    code,
    name,
    known: isKnown,
    at,
    calls,
    callCount,
    workloadPorts: ports.map(({ workload, port }) => ({ workload: workload.key, port })),
    what,
    why,
    condition,
    cures,
    docs: docsOf({ code }),
  };
}
