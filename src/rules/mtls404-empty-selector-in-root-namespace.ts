import { ambientWorkloads, ANY_OTHER_PORT } from './ambient-workloads';
import { Severity } from './finding';
import { scopes } from './peer-authentications';
import { AMBIENT_POLICIES, AMBIENT_POLICIES_PAGE } from './references';
import { MODEL, Rule } from './rule';
import { namesOf } from './selections';
import { Kinds } from '../mesh/kinds';
import { peerAuthentication } from '../mesh/policies/peer-authentication';

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
  code: 'MTLS404',
  name: 'empty-selector-in-root-namespace',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'The STRICT policy of a mesh with ambient has a selector that is empty.',
  why: 'For sidecars an empty selector is none, and the policy counts for the whole mesh. For ambient only a policy without the field does: workloads outside '
    + 'the root namespace go on taking plaintext.',
  fix: 'Remove spec.selector from the policy.',
  references: [AMBIENT_POLICIES, AMBIENT_POLICIES_PAGE],
  examples: {
    settings: { ambient: true },
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {selector: {}, mtls: {mode: STRICT}}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {selector: {}, mtls: {mode: STRICT}}
    `,
  },
  check(context) {
    const { ambient, rootNamespace } = context.settings;
    const object = ambient ? scopes(context).get(rootNamespace)?.[0] : undefined;
    if (object === undefined) return;
    const { hasSelectorField, mode } = peerAuthentication(object);
    // What is not STRICT is what ztunnel does without a policy.
    if (!hasSelectorField || mode !== 'STRICT') return;
    const concerned = ambientWorkloads(context).filter(workload => workload.namespace !== rootNamespace
      && context.model.serverMode(workload, ANY_OTHER_PORT).decidedBy.object === undefined);
    const isOpen = ambientWorkloads(context).length === 0;
    if (concerned.length === 0 && !isOpen) return;
    context.report({
      at: object,
      field: ['spec', 'selector'],
      see: concerned.slice(0, 5).map(workload => workload.object),
      what: `spec.selector of ${object.title} is there and empty: the policy is for all sidecars, and not for `
        + (isOpen ? 'workloads in ambient' : `${namesOf(concerned)} in ambient`),
      fix: `Remove spec.selector from ${object.title}.`,
      severity: isOpen ? Severity.WARNING : undefined,
      ...isOpen ? { condition: 'the mesh has workloads in ambient that the input does not show' } : {},
    });
  },
};
