import { ambientWorkloads, ANY_OTHER_PORT } from './ambient-workloads';
import { Severity } from './finding';
import { AMBIENT_POLICIES, AMBIENT_POLICIES_PAGE } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf, selections } from './selections';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { MODE, peerAuthentication, portMode } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}}}
      ---`;

export const rule: Rule = {
  code: 'MTLS401',
  name: 'disable-in-ambient',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A PeerAuthentication sets DISABLE for a workload in ambient. A warning where it is for sidecars too, an info for single ports.',
  why: 'ztunnel knows no DISABLE and treats it as PERMISSIVE: calls from the mesh still arrive in its tunnel, encrypted, and callers outside the mesh get through. '
    + 'Whoever wrote the policy to have plaintext on the wire does not get it.',
  fix: 'Write PERMISSIVE, which is what happens, or take the workload out of ambient with the label istio.io/dataplane-mode: none on its pods.',
  references: [AMBIENT_POLICIES, AMBIENT_POLICIES_PAGE],
  examples: {
    settings: { ambient: true },
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: DISABLE}}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: PERMISSIVE}}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: elsewhere}
      spec: {mtls: {mode: DISABLE}}
    `,
  },
  check(context) {
    if (!context.settings.ambient || !hasDisable(context)) return;
    const decided = decidedBy(context, ambientWorkloads(context));
    if (decided.size > 0) {
      const sidecars = decidedBy(context, context.model.inventory.workloads.filter(({ dataPlane }) => dataPlane.value === 'sidecar' || dataPlane.value === 'unknown'));
      decided.forEach((workloads, object) => report(context, object, workloads, sidecars.get(object) ?? []));
    }
    for (const { policies: [policy], won } of selections(context)) {
      const workload = won.find(({ dataPlane }) => dataPlane.value === 'ambient');
      const ports = workload === undefined ? [] : (policy.ports ?? []).filter(({ mode, port }) =>
        mode === 'DISABLE' && context.model.serverMode(workload, port).value === 'PERMISSIVE');
      if (workload === undefined || ports.length === 0) continue;
      context.report({
        at: policy.object,
        field: portMode(ports[0].port),
        see: [workload.object],
        what: `workload port ${ports.map(({ port }) => port).join(', ')} of ${namesOf([workload])} is DISABLE, and ztunnel treats it as PERMISSIVE`,
        fix: `Write PERMISSIVE for workload port ${ports.map(({ port }) => port).join(', ')}, which is what happens.`,
        severity: Severity.INFO,
      });
    }
  },
};

/** Most meshes have no DISABLE, and need not be looked at. */
function hasDisable(context: RuleContext): boolean {
  return context.ofKind(Kinds.PEER_AUTHENTICATION).some(object => {
    const { mode, ports } = peerAuthentication(object);
    return mode === 'DISABLE' || ports?.some(one => one.mode === 'DISABLE') === true;
  });
}

/** The workloads for which a policy with DISABLE decides, by policy. */
function decidedBy(context: RuleContext, workloads: readonly Workload[]): Map<MeshObject, Workload[]> {
  const decided = new Map<MeshObject, Workload[]>();
  const isDisable = new Map<MeshObject, boolean>();
  for (const workload of workloads) {
    const { object } = context.model.serverMode(workload, ANY_OTHER_PORT).decidedBy;
    if (object?.key !== Kinds.PEER_AUTHENTICATION) continue;
    let disables = isDisable.get(object);
    if (disables === undefined) isDisable.set(object, disables = peerAuthentication(object).mode === 'DISABLE' && context.acceptance(object)?.accepted === true);
    if (!disables) continue;
    const list = decided.get(object);
    if (list === undefined) decided.set(object, [workload]);
    else list.push(workload);
  }
  return decided;
}

function report(context: RuleContext, object: MeshObject, workloads: readonly Workload[], sidecars: readonly Workload[]): void {
  context.report({
    at: object,
    field: MODE,
    see: workloads.slice(0, 5).map(one => one.object),
    what: `${object.title} sets DISABLE for ${namesOf(workloads)} in ambient, where ztunnel treats it as PERMISSIVE`,
    fix: sidecars.length === 0
      ? `Write mtls: {mode: PERMISSIVE} in ${object.title}, which is what happens, `
        + 'or take the workloads out of ambient with the label istio.io/dataplane-mode: none on their pods.'
      : `Keep DISABLE for the workloads with sidecars (${namesOf(sidecars)}), and give those in ambient a policy of their own with mtls: {mode: PERMISSIVE}.`,
    severity: sidecars.length === 0 ? undefined : Severity.WARNING,
  });
}
