import { Severity } from './finding';
import { modeOf, scopes, setsNothing } from './peer-authentications';
import { POLICY_ORDER } from './references';
import { Rule, RuleContext } from './rule';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';

export const rule: Rule = {
  code: 'MTLS103',
  name: 'second-policy-for-scope',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION],
  summary: 'A namespace, or the mesh, has two PeerAuthentications without a selector.',
  why: 'Istio takes the oldest, as a whole, and drops the others: with equal age the first by name, and in ambient any of them. A mode that is set in a dropped policy '
    + 'never takes effect, and which of two is older can change when one is applied anew.',
  fix: 'Keep one policy without a selector in the namespace, with the mode that is meant, and delete the others.',
  references: [POLICY_ORDER],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: PERMISSIVE}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: strict, namespace: shop}
      spec:
        mtls: {mode: STRICT}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: strict, namespace: shop}
      spec:
        mtls: {mode: STRICT}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: PERMISSIVE}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: billing}
      spec:
        mtls: {mode: STRICT}
    `,
  },
  check(context) {
    for (const [winner, ...dropped] of scopes(context).values()) {
      if (setsNothing(winner)) {
        continue; // The policy that hides the others is the fault; MTLS109 speaks.
      }
      for (const object of dropped) {
        context.report({
          at: object,
          see: [winner],
          what: `the policy (${modeOf(object)}) is dropped: ${winner.title} (${modeOf(winner)}) is ${seniority(winner, object)} `
            + `and already speaks for ${scopeName(context, winner)}`,
          fix: `Delete one of the two: as they stand, only ${winner.title} (${modeOf(winner)}) has any effect.`,
        });
      }
    }
  },
};

function seniority(winner: MeshObject, object: MeshObject): string {
  return winner.metadata.creationTimestamp !== object.metadata.creationTimestamp ? 'older' : 'first by name';
}

function scopeName(context: RuleContext, policy: MeshObject): string {
  return policy.namespace === context.settings.rootNamespace ? 'the whole mesh' : `namespace ${JSON.stringify(policy.namespace)}`;
}
