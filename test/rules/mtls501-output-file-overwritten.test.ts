import { rule } from '../../src/rules/mtls501-output-file-overwritten';
import { testRule } from '../../src/testing/test-rule';

const object = (kind: string, namespace: string, name: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: ${kind}
  metadata: {name: ${name}, namespace: ${namespace}}
`;

// The harness gives every object the file that cdk8s would write with FILE_PER_RESOURCE.
testRule(rule, {
  valid: [
    { name: 'the names differ', yaml: object('PeerAuthentication', 'a', 'a') + object('PeerAuthentication', 'b', 'b') },
    { name: 'the kinds differ', yaml: object('PeerAuthentication', 'a', 'a') + object('AuthorizationPolicy', 'a', 'a') },
    { name: 'both are one object (MTLS503 speaks)', yaml: object('PeerAuthentication', 'a', 'a') + object('PeerAuthentication', 'a', 'a') },
  ],
  invalid: [
    {
      name: 'two namespaces have a policy named default',
      yaml: object('PeerAuthentication', 'shop', 'default') + object('PeerAuthentication', 'billing', 'default'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        see: ['PeerAuthentication billing/default'],
        what: 'PeerAuthentication billing/default and PeerAuthentication shop/default are both written to "PeerAuthentication.default.k8s.yaml": '
          + 'one of them is lost',
      }],
    },
  ],
});
