import { Severity } from './finding';
import { hasSelector, selectorLabels } from './peer-authentications';
import { POLICY_COMPOSITION } from './references';
import { Rule } from './rule';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS102',
  name: 'selector-in-root-namespace',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION],
  summary: 'A PeerAuthentication in the root namespace has a selector.',
  why: 'Istio ignores it without a word, even for workloads of the root namespace: they keep the mode of the mesh, '
    + 'and no status, analyzer or log says so.',
  fix: 'Move the policy to the namespace of the workload. A workload of the root namespace, such as an ingress gateway, cannot have a policy '
    + 'of its own: move the workload, or remove the policy.',
  references: [
    POLICY_COMPOSITION,
    { title: 'Test "ignore non-emptypb selector in root namespace"', where: 'pilot/pkg/security/authn/policy_applier_test.go' },
  ],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: istio-system}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec:
        mtls: {mode: STRICT}
    `,
  },
  each(object, context) {
    if (object.namespace === context.settings.rootNamespace && hasSelector(object)) {
      context.report({
        at: object,
        field: ['spec', 'selector'],
        what: `the policy selects ${selectorLabels(object).join(', ')}, but stands in the root namespace ${JSON.stringify(object.namespace)}, where selectors are ignored`,
      });
    }
  },
};
