import { rule } from '../../src/rules/mtls302-aggregated-api-port-strict';
import { testRule } from '../../src/testing/test-rule';

const world = (service: string, policy: string, extra = '') => `
  apiVersion: v1
  kind: Namespace
  metadata: {name: metrics, labels: {istio-injection: enabled}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: adapter, namespace: metrics}
  spec:
    template:
      metadata: {labels: {app: adapter}}
      spec: {containers: [{name: adapter, ports: [{containerPort: 6443}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: adapter, namespace: metrics}
  spec: {selector: {app: adapter}, ports: [{name: https, port: 443, targetPort: 6443}]}
  ---
  apiVersion: apiregistration.k8s.io/v1
  kind: APIService
  metadata: {name: v1beta1.custom.metrics.k8s.io}
  spec: {group: custom.metrics.k8s.io, version: v1beta1, ${service}}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: adapter, namespace: metrics}
  spec: ${policy}
  ${extra}
`;

const SERVICE = 'service: {name: adapter, namespace: metrics}';

const WEBHOOK = `
  ---
  apiVersion: admissionregistration.k8s.io/v1
  kind: MutatingWebhookConfiguration
  metadata: {name: adapter}
  webhooks: [{name: adapter.example.com, clientConfig: {service: {name: adapter, namespace: metrics}}}]
`;

testRule(rule, {
  valid: [
    { name: 'the port takes both', yaml: world(SERVICE, '{mtls: {mode: PERMISSIVE}}') },
    { name: 'the API is served by the API server itself', yaml: world('groupPriorityMinimum: 100', '{mtls: {mode: STRICT}}') },
    { name: 'the workload port of the API is open', yaml: world(SERVICE, '{selector: {matchLabels: {app: adapter}}, mtls: {mode: STRICT}, portLevelMtls: {"6443": {mode: DISABLE}}}') },
    { name: 'a webhook is behind the same port, so that MTLS301 speaks', yaml: world(SERVICE, '{mtls: {mode: STRICT}}', WEBHOOK) },
  ],
  invalid: [
    {
      name: 'the workload port of the API is STRICT',
      yaml: world(SERVICE, '{mtls: {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication metrics/adapter',
        calls: ['kube-apiserver (APIService v1beta1.custom.metrics.k8s.io) -> adapter.metrics.svc.cluster.local:443'],
        what: 'the API server calls the API of APIService v1beta1.custom.metrics.k8s.io at service port 443 of Service metrics/adapter, '
          + 'and workload port 6443 of metrics/adapter behind it is STRICT',
      }],
    },
  ],
});
