import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls404-empty-selector-in-root-namespace';
import { testRule } from '../../src/testing/test-rule';

const AMBIENT = { ambient: true };
const namespace = (name: string, labels = '{istio.io/dataplane-mode: ambient}') => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: ${labels}}
`;
const workload = (name: string, labels = '', place = 'shop') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: ${place}}
  spec: {template: {metadata: {labels: {app: ${name}${labels}}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}}}
`;
const policy = (metadata: string, spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: {${spec}}
`;
const EMPTY = policy('name: default, namespace: istio-system', 'selector: {}, mtls: {mode: STRICT}');
const SHOP = namespace('shop') + workload('web');

testRule(rule, {
  valid: [
    { name: 'the mesh has no ambient', settings: { ambient: false }, yaml: SHOP + EMPTY },
    { name: 'the field is not there', settings: AMBIENT, yaml: SHOP + policy('name: default, namespace: istio-system', 'mtls: {mode: STRICT}') },
    { name: 'the policy is open, as ztunnel is without one', settings: AMBIENT, yaml: SHOP + policy('name: default, namespace: istio-system', 'selector: {}, mtls: {mode: PERMISSIVE}') },
    { name: 'the namespace is another one, where an empty selector counts', settings: AMBIENT, yaml: SHOP + policy('name: default, namespace: shop', 'selector: {}, mtls: {mode: STRICT}') },
    { name: 'the namespace in ambient has a policy of its own', settings: AMBIENT, yaml: SHOP + EMPTY + policy('name: default, namespace: shop', 'mtls: {mode: PERMISSIVE}') },
    { name: 'a policy without the field stands beside it', settings: AMBIENT, yaml: SHOP + EMPTY + policy('name: other, namespace: istio-system', 'mtls: {mode: STRICT}') },
  ],
  invalid: [
    {
      name: 'workloads in ambient miss the policy of the mesh',
      settings: AMBIENT,
      yaml: SHOP + EMPTY,
      findings: [{
        object: 'PeerAuthentication istio-system/default',
        field: 'spec.selector',
        see: ['Deployment shop/web'],
        what: 'spec.selector of PeerAuthentication istio-system/default is there and empty: the policy is for all sidecars, and not for Deployment shop/web in ambient',
        fix: 'Remove spec.selector from PeerAuthentication istio-system/default.',
      }],
    },
    {
      name: 'the input shows no workload in ambient',
      settings: AMBIENT,
      yaml: policy('name: default, namespace: istio-system', 'selector: {matchLabels: {}}, mtls: {mode: STRICT}'),
      findings: [{
        object: 'PeerAuthentication istio-system/default',
        severity: Severity.WARNING,
        condition: 'the mesh has workloads in ambient that the input does not show',
      }],
    },
  ],
});
