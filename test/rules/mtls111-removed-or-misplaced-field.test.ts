import { rule } from '../../src/rules/mtls111-removed-or-misplaced-field';
import { testRule } from '../../src/testing/test-rule';

const policy = (spec: string) => `
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: shop}
  spec: ${spec}
`;
const destinationRule = (spec: string) => `
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: web, namespace: shop}
  spec: ${spec}
`;

testRule(rule, {
  valid: [
    { name: 'every field is known', yaml: policy('{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {"80": {mode: DISABLE}}}') },
    { name: 'labels may have any key', yaml: policy('{selector: {matchLabels: {matchExpressions: x, mode: y}}, mtls: {mode: STRICT}}') },
    {
      name: 'a status was exported with the object',
      yaml: `
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop, managedFields: [{manager: kubectl}]}
        spec: {mtls: {mode: STRICT}}
        status: {conditions: [{type: Reconciled}], observedGeneration: 1}
      `,
    },
  ],
  invalid: [
    {
      name: 'the mode stands one level too high',
      yaml: policy('{mode: STRICT}'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.mode',
        what: 'PeerAuthentication has no field spec.mode: the API server drops it',
        fix: 'Move the mode to spec.mtls.mode.',
      }],
    },
    {
      name: 'the ports stand under mtls, and the selector has expressions',
      yaml: policy('{selector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: Exists}]}, mtls: {mode: STRICT, portLevelMtls: {"80": {mode: DISABLE}}}}'),
      findings: [
        { object: 'PeerAuthentication shop/default', field: 'spec.mtls.portLevelMtls', fix: 'Move portLevelMtls to spec.portLevelMtls, beside spec.selector and spec.mtls.' },
        { object: 'PeerAuthentication shop/default', field: 'spec.selector.matchExpressions', fix: 'Select by spec.selector.matchLabels: a PeerAuthentication has no matchExpressions.' },
      ],
    },
    {
      name: 'tls stands outside trafficPolicy',
      yaml: destinationRule('{host: web, tls: {mode: DISABLE}}'),
      findings: [{ object: 'DestinationRule shop/web', field: 'spec.tls', fix: 'Move tls to spec.trafficPolicy.tls.' }],
    },
    {
      name: 'a subset has the mode without tls around it, and a field that never existed',
      yaml: destinationRule('{host: web, subsets: [{name: v1, trafficPolicy: {mode: DISABLE, tls: {mode: SIMPLE, verify: false}}}]}'),
      findings: [
        { object: 'DestinationRule shop/web', field: 'spec.subsets[0].trafficPolicy.mode', fix: 'Move the mode to spec.subsets[0].trafficPolicy.tls.mode.' },
        { object: 'DestinationRule shop/web', field: 'spec.subsets[0].trafficPolicy.tls.verify', fix: 'Remove spec.subsets[0].trafficPolicy.tls.verify.' },
      ],
    },
    {
      name: 'a ServiceEntry has a tls block',
      yaml: `
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: api, namespace: shop}
        spec: {hosts: [api.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS, tls: {mode: SIMPLE}}
      `,
      findings: [{ object: 'ServiceEntry shop/api', field: 'spec.tls' }],
    },
  ],
});
