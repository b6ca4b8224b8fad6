import { Connection } from '../../src/mesh/connection';
import { Mesh } from '../../src/mesh/mesh';
import { NamespacePlan, planMigration } from '../../src/plan/plan';
import { Stage, staged } from '../../src/plan/stage';

/*
 * What a stage breaks, found by following every call twice and without the shortcuts of the plan.
 */

function keyOf({ client, host, port, subset, server, targetPort }: Connection): string {
  return [client.object.identity, host, port, subset, server?.object.identity, targetPort].join(' ');
}

/** Whether the manifests show the call; those to ports that no Service lists are only there because they do. */
function isShown({ known, service, port }: Connection): boolean {
  return known || !service.ports.some(({ number }) => number === port);
}

/**
 * The calls that work today and fail in the stage. Those of clients without a
 * proxy, and those that a Sidecar object hides, count only where the manifests
 * show them to be made.
 */
export function broken(mesh: Mesh, stage: Stage): Connection[] {
  const working = new Set<string>();
  for (const one of mesh.model.connections()) {
    if (one.outcome.value !== 'fail') working.add(keyOf(one));
  }
  return [...staged(mesh, stage).model.connections()].filter(one => one.outcome.value === 'fail' && working.has(keyOf(one))
    && (isShown(one) || (one.client.dataPlane.value !== 'none' && one.wire.decidedBy.cause !== 'hidden')));
}

/** A namespace of which the plan says one thing and the calls another. */
export interface Disagreement {
  readonly namespace: string;
  readonly calls: readonly string[];
  readonly blockers: readonly string[];
}

/** Holds the plan of a mesh against the calls, namespace by namespace, and then the mesh as a whole. */
export function disagreements(mesh: Mesh): { readonly asked: number; readonly ready: number; readonly found: Disagreement[] } {
  const plan = planMigration(mesh);
  const names = plan.namespaces.map(({ name }) => name);
  const found: Disagreement[] = [];
  let ready = 0;
  const hold = (namespace: string, blockers: NamespacePlan['blockers'], stage: Stage): void => {
    const calls = broken(mesh, stage);
    if (blockers.length === 0) ready++;
    if ((blockers.length === 0) === (calls.length === 0)) return;
    found.push({ namespace, calls: calls.map(keyOf), blockers: blockers.map(({ what }) => what) });
  };
  for (const { name, blockers } of plan.namespaces) hold(name, blockers, { namespaces: [name] });
  hold('the mesh', [...plan.namespaces, plan.mesh].flatMap(({ blockers }) => blockers), { namespaces: names, mesh: true });
  return { asked: names.length + 1, ready, found };
}
