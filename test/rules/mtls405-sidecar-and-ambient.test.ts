import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls405-sidecar-and-ambient';
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
const BOTH = '{istio-injection: enabled, istio.io/dataplane-mode: ambient}';

testRule(rule, {
  valid: [
    { name: 'a pod of a namespace in ambient asks for a sidecar', settings: AMBIENT, yaml: namespace('shop') + workload('web', ', sidecar.istio.io/inject: "true"') },
    { name: 'a pod of a namespace with sidecars is in ambient and refuses the sidecar', settings: AMBIENT, yaml: namespace('shop', '{istio-injection: enabled}') + workload('web', ', istio.io/dataplane-mode: ambient, sidecar.istio.io/inject: "false"') },
    { name: 'all pods of a namespace with both labels refuse the sidecar', settings: AMBIENT, yaml: namespace('shop', BOTH) + workload('web', ', sidecar.istio.io/inject: "false"') },
    { name: 'the revision of the namespace is another control plane\'s', settings: AMBIENT, yaml: namespace('shop', '{istio.io/rev: canary, istio.io/dataplane-mode: ambient}') + workload('web') },
    { name: 'the mesh has no ambient', settings: { ambient: false }, yaml: namespace('shop', BOTH) + workload('web') },
  ],
  invalid: [
    {
      name: 'a namespace has both labels',
      settings: AMBIENT,
      yaml: namespace('shop', BOTH) + workload('web') + workload('api', ', sidecar.istio.io/inject: "false"'),
      findings: [{
        object: 'Namespace shop',
        field: 'metadata.labels["istio.io/dataplane-mode"]',
        see: ['Deployment shop/web'],
        what: 'Namespace shop has the labels istio-injection and istio.io/dataplane-mode=ambient: the pods of Deployment shop/web get sidecars, and ztunnel leaves them alone',
        fix: 'Remove istio-injection from Namespace shop to have its pods in ambient, or istio.io/dataplane-mode to keep the sidecars.',
      }],
    },
    {
      name: 'a pod is labelled for ambient in a namespace with sidecars',
      settings: AMBIENT,
      yaml: namespace('shop', '{istio-injection: enabled}') + workload('web', ', istio.io/dataplane-mode: ambient'),
      findings: [{
        object: 'Deployment shop/web',
        field: 'spec.template.metadata.labels["istio.io/dataplane-mode"]',
        see: ['Namespace shop'],
        what: 'the pods of Deployment shop/web are labelled istio.io/dataplane-mode=ambient and get a sidecar: the namespace\'s pods get a sidecar',
        fix: 'Label the pods sidecar.istio.io/inject: "false" to have them in ambient, or remove istio.io/dataplane-mode from them to keep the sidecar.',
      }],
    },
    {
      name: 'the namespace belongs to the revision of this mesh',
      settings: { ambient: true, revision: 'canary' },
      yaml: namespace('shop', '{istio.io/rev: canary, istio.io/dataplane-mode: ambient}') + workload('web'),
      findings: [{ object: 'Namespace shop' }],
    },
    {
      name: 'the input shows no pods of the namespace',
      settings: AMBIENT,
      yaml: namespace('shop', BOTH),
      findings: [{ object: 'Namespace shop', severity: Severity.WARNING, condition: 'a pod of namespace shop does not refuse the sidecar itself' }],
    },
  ],
});
