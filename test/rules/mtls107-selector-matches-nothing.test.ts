import { rule } from '../../src/rules/mtls107-selector-matches-nothing';
import { testRule } from '../../src/testing/test-rule';

const namespace = (name: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: {istio-injection: enabled}}
`;
const workload = (name: string, place = 'shop', own = '{}') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: ${place}, labels: ${own}}
  spec: {template: {metadata: {labels: {app: ${name}}}}}
`;
const policy = (selector: string, metadata = 'name: one, namespace: shop', mode = 'STRICT') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: {selector: {matchLabels: ${selector}}, mtls: {mode: ${mode}}}
`;

testRule(rule, {
  valid: [
    { name: 'a workload has the labels', yaml: workload('web') + policy('{app: web}') },
    { name: 'the namespace is not in the input', yaml: workload('web') + policy('{app: web}', 'name: one, namespace: other') },
    { name: 'the namespace has no workloads, and no workload has the labels', yaml: workload('web') + namespace('other') + policy('{app: api}', 'name: one, namespace: other') },
    {
      name: 'the namespace has no workloads, and the workload elsewhere has a policy of its own',
      yaml: workload('web') + namespace('other') + policy('{app: web}', 'name: one, namespace: other') + policy('{app: web}'),
    },
    { name: 'injection adds the label', yaml: workload('web') + policy('{security.istio.io/tlsMode: istio}') },
    { name: 'a controller adds the label', yaml: workload('web') + policy('{app: web, statefulset.kubernetes.io/pod-name: web-0}') },
    { name: 'the policy stands in the root namespace (MTLS102 speaks)', yaml: workload('web', 'istio-system') + policy('{app: x}', 'name: one, namespace: istio-system') },
    { name: 'the API server refuses the policy (MTLS113 speaks)', yaml: workload('web') + policy('{app: "*"}') },
  ],
  invalid: [
    {
      name: 'no workload has the labels',
      yaml: workload('web') + workload('api') + policy('{app: wep}'),
      findings: [{
        object: 'PeerAuthentication shop/one',
        field: 'spec.selector',
        what: 'none of the 2 workloads of namespace "shop" has app=wep',
        fix: 'Select labels that the pods have; app is api, web there.',
        condition: 'no workload of namespace "shop" that the input does not show has app=wep',
      }],
    },
    {
      name: 'the Deployment has the label, and its pods do not',
      yaml: workload('web', 'shop', '{tier: front}') + policy('{tier: front}'),
      findings: [{
        object: 'PeerAuthentication shop/one',
        see: ['Deployment shop/web'],
        what: 'no workload of namespace "shop" has tier=front; Deployment shop/web has it in its own metadata, and not in that of its pods',
        fix: 'Add tier=front to the pod template of Deployment shop/web, or select labels that its pods have.',
      }],
    },
    {
      name: 'no pod has a label of that name',
      yaml: workload('web') + policy('{tier: front}'),
      findings: [{ object: 'PeerAuthentication shop/one', fix: 'Select labels that the pods of namespace "shop" have; none of them has tier.' }],
    },
    {
      name: 'the policies of all are kept in one namespace, where nothing runs',
      yaml: workload('web') + namespace('policies') + policy('{app: web}', 'name: web, namespace: policies'),
      findings: [{
        object: 'PeerAuthentication policies/web',
        field: 'metadata.namespace',
        see: ['Deployment shop/web'],
        what: 'no workload of namespace "policies" has app=web; Deployment shop/web has, in another namespace',
        fix: 'Move the policy to the workload: metadata: {name: web, namespace: shop}.',
        condition: 'no workload of namespace "policies" that the input does not show has app=web',
      }],
    },
    {
      name: 'the workload that is meant is in another namespace',
      yaml: workload('web') + workload('api', 'back') + policy('{app: api}'),
      findings: [{ object: 'PeerAuthentication shop/one', see: ['Deployment back/api'], what: /has app=api; Deployment back\/api has, in another namespace$/ }],
    },
  ],
});
