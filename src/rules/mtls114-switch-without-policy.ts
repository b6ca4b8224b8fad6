import { object, policy, world } from './examples';
import { Severity } from './finding';
import { PEER_AUTHENTICATION_PAGE } from './references';
import { Rule } from './rule';
import { at } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

const CONTROL_PLANE = 'maistra.io/ServiceMeshControlPlane';

const mesh = (security: string) => object('maistra.io/v2', 'ServiceMeshControlPlane', 'istio-system', 'basic', `{version: v2.6, security: {${security}}}`);

export const rule: Rule = {
  code: 'MTLS114',
  name: 'switch-without-policy',
  severity: Severity.WARNING,
  reads: [CONTROL_PLANE, Kinds.PEER_AUTHENTICATION],
  summary: 'A ServiceMeshControlPlane switches mTLS on for the control plane alone, and no policy makes the mesh STRICT.',
  why: 'The switch is about the connections of the control plane. What workloads accept is said by PeerAuthentications, and without one they are PERMISSIVE: they take plaintext from everybody.',
  fix: 'Add a PeerAuthentication with mode STRICT in the namespace of the control plane (MeshStrictMtls writes it), or set spec.security.dataPlane.mtls to true.',
  references: [PEER_AUTHENTICATION_PAGE],
  examples: {
    invalid: mesh('controlPlane: {mtls: true}'),
    fixed: world(mesh('controlPlane: {mtls: true}'), policy('istio-system', 'default', '{mtls: {mode: STRICT}}')),
    valid: mesh('controlPlane: {mtls: true}, dataPlane: {mtls: true}'),
  },
  check(context) {
    const policies = context.ofKind(Kinds.PEER_AUTHENTICATION);
    for (const one of context.ofKind(CONTROL_PLANE)) {
      const security = at(one.spec, 'security');
      if (at(security, 'controlPlane', 'mtls') !== true || at(security, 'dataPlane', 'mtls') === true) continue;
      // A policy of any mode in the root namespace shows that somebody has decided what the mesh accepts.
      if (policies.some(({ namespace }) => namespace === one.namespace || namespace === context.settings.rootNamespace)) continue;
      context.report({
        at: one,
        field: ['spec', 'security', 'controlPlane', 'mtls'],
        what: 'spec.security.controlPlane.mtls is true, which says nothing about workloads, and no PeerAuthentication of the mesh does: they accept plaintext',
        condition: 'the mesh is meant to be STRICT',
      });
    }
  },
};
