import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls401-disable-in-ambient';
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
const DISABLE = policy('name: default, namespace: shop', 'mtls: {mode: DISABLE}');
const SHOP = namespace('shop') + workload('web');

testRule(rule, {
  valid: [
    { name: 'the namespace has sidecars', settings: AMBIENT, yaml: namespace('shop', '{istio-injection: enabled}') + workload('web') + DISABLE },
    { name: 'the mesh has no ambient', settings: { ambient: false }, yaml: SHOP + DISABLE },
    { name: 'a policy of the workload decides', settings: AMBIENT, yaml: SHOP + DISABLE + policy('name: web, namespace: shop', 'selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}') },
    { name: 'the policy is dropped for an older one', settings: AMBIENT, yaml: SHOP + policy('name: a, namespace: shop', 'mtls: {mode: STRICT}') + DISABLE },
    { name: 'it is not known what carries the traffic of the pods', settings: AMBIENT, yaml: workload('web') + DISABLE },
    { name: 'the pods are kept out of ambient', settings: AMBIENT, yaml: namespace('shop') + workload('web', ', istio.io/dataplane-mode: none') + DISABLE },
  ],
  invalid: [
    {
      name: 'a namespace in ambient has DISABLE',
      settings: AMBIENT,
      yaml: SHOP + workload('api') + DISABLE,
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.mtls.mode',
        see: ['Deployment shop/api', 'Deployment shop/web'],
        what: 'PeerAuthentication shop/default sets DISABLE for Deployment shop/api, Deployment shop/web in ambient, where ztunnel treats it as PERMISSIVE',
        fix: 'Write mtls: {mode: PERMISSIVE} in PeerAuthentication shop/default, which is what happens, '
          + 'or take the workloads out of ambient with the label istio.io/dataplane-mode: none on their pods.',
      }],
    },
    {
      name: 'the mesh has DISABLE, for sidecars and for ambient',
      settings: AMBIENT,
      yaml: SHOP + namespace('back', '{istio-injection: enabled}') + workload('api', '', 'back') + policy('name: default, namespace: istio-system', 'mtls: {mode: DISABLE}'),
      findings: [{
        object: 'PeerAuthentication istio-system/default',
        severity: Severity.WARNING,
        fix: 'Keep DISABLE for the workloads with sidecars (Deployment back/api), and give those in ambient a policy of their own with mtls: {mode: PERMISSIVE}.',
      }],
    },
    {
      name: 'a port has DISABLE and is open, as it is meant to be: worth an info',
      settings: AMBIENT,
      yaml: SHOP + policy('name: web, namespace: shop', 'selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {"9090": {mode: DISABLE}}'),
      findings: [{ object: 'PeerAuthentication shop/web', field: 'spec.portLevelMtls.9090.mode', severity: Severity.INFO }],
    },
  ],
});
