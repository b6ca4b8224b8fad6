import { API_SERVER_KINDS } from './api-server-calls';
import { reportRefused } from './api-server-refused';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';
import { Kinds } from '../mesh/kinds';

const API = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: keda, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: metrics-apiserver, namespace: keda}
      spec:
        template:
          metadata: {labels: {app: metrics-apiserver}}
          spec:
            containers:
              - name: metrics-apiserver
                ports: [{name: https, containerPort: 6443}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: keda-metrics, namespace: keda}
      spec:
        selector: {app: metrics-apiserver}
        ports: [{name: https, port: 443, targetPort: 6443}]
      ---
      apiVersion: apiregistration.k8s.io/v1
      kind: APIService
      metadata: {name: v1beta1.external.metrics.k8s.io}
      spec:
        group: external.metrics.k8s.io
        version: v1beta1
        service: {name: keda-metrics, namespace: keda}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: keda}
      spec:
        mtls: {mode: STRICT}
`;

export const rule: Rule = {
  code: 'MTLS302',
  name: 'aggregated-api-port-strict',
  severity: Severity.ERROR,
  reads: [...API_SERVER_KINDS, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'The workload port behind an APIService refuses the API server.',
  why: 'The API server has no proxy and no certificate of the mesh, so the proxy of the aggregated API closes its connection: the APIService shows '
    + 'FailedDiscoveryCheck, its resources cannot be listed, and deleting any namespace hangs.',
  fix: 'Let the workload port of the aggregated API take plaintext too. The API server brings TLS of its own, so nothing is sent in the clear.',
  references: [
    { title: 'Istio\'s own table of what a port accepts, TestInbound', where: 'pilot/pkg/networking/core/sidecar_simulation_test.go' },
    { title: 'Kubernetes: Aggregation layer', where: 'https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/' },
  ],
  examples: {
    invalid: API,
    fixed: `${API}      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: metrics-apiserver-6443, namespace: keda}
      spec:
        selector: {matchLabels: {app: metrics-apiserver}}
        mtls: {mode: STRICT}
        portLevelMtls:
          "6443": {mode: PERMISSIVE}
    `,
    valid: API.replace('istio-injection: enabled', 'istio-injection: disabled'),
  },
  check(context) {
    reportRefused(context, 'api');
  },
};
