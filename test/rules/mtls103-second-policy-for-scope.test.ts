import { rule } from '../../src/rules/mtls103-second-policy-for-scope';
import { testRule } from '../../src/testing/test-rule';

const policy = (metadata: string, spec = '{mtls: {mode: STRICT}}') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: ${spec}
`;

testRule(rule, {
  valid: [
    {
      name: 'a namespace policy stands beside one for a workload',
      yaml: policy('name: default, namespace: shop') + policy('name: web, namespace: shop', '{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}'),
    },
    {
      name: 'the second policy is one that the API server refuses (MTLS101 speaks)',
      yaml: policy('name: default, namespace: shop') + policy('name: ports, namespace: shop', '{portLevelMtls: {"80": {mode: DISABLE}}}'),
    },
    {
      name: 'the first policy sets nothing and hides the second (MTLS109 speaks)',
      yaml: policy('name: default, namespace: shop', '{}') + policy('name: strict, namespace: shop'),
    },
    {
      name: 'both manifests are the same object (MTLS503 speaks)',
      yaml: policy('name: default, namespace: shop') + policy('name: default, namespace: shop'),
    },
  ],
  invalid: [
    {
      name: 'two policies of one age: the first by name wins, wherever it stands',
      yaml: policy('name: strict, namespace: shop') + policy('name: default, namespace: shop', '{mtls: {mode: PERMISSIVE}}'),
      findings: [{
        object: 'PeerAuthentication shop/strict',
        see: ['PeerAuthentication shop/default'],
        what: 'the policy (STRICT) is dropped: PeerAuthentication shop/default (PERMISSIVE) is first by name and already speaks for namespace "shop"',
        fix: 'Delete one of the two: as they stand, only PeerAuthentication shop/default (PERMISSIVE) has any effect.',
      }],
    },
    {
      name: 'the older one wins, whatever its name',
      yaml: policy('name: a, namespace: shop, creationTimestamp: "2026-02-01T00:00:00Z"')
        + policy('name: b, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"', '{mtls: {mode: DISABLE}}'),
      findings: [{
        object: 'PeerAuthentication shop/a',
        what: 'the policy (STRICT) is dropped: PeerAuthentication shop/b (DISABLE) is older and already speaks for namespace "shop"',
      }],
    },
    {
      name: 'an empty selector in the root namespace counts as none',
      yaml: policy('name: default, namespace: istio-system') + policy('name: extra, namespace: istio-system', '{selector: {}, mtls: {mode: DISABLE}}'),
      findings: [{
        object: 'PeerAuthentication istio-system/extra',
        what: 'the policy (DISABLE) is dropped: PeerAuthentication istio-system/default (STRICT) is first by name and already speaks for the whole mesh',
      }],
    },
  ],
});
