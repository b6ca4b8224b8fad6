import { API_SERVER_KINDS } from './api-server-calls';
import { reportRefused } from './api-server-refused';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';
import { Kinds } from '../mesh/kinds';

const WEBHOOK = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: cert-manager, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: webhook, namespace: cert-manager}
      spec:
        template:
          metadata: {labels: {app: webhook}}
          spec:
            containers:
              - name: webhook
                ports: [{name: https, containerPort: 10250}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: cert-manager-webhook, namespace: cert-manager}
      spec:
        selector: {app: webhook}
        ports: [{name: https, port: 443, targetPort: https}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: cert-manager-webhook}
      webhooks:
        - name: webhook.cert-manager.io
          clientConfig:
            service: {name: cert-manager-webhook, namespace: cert-manager, path: /validate}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec:
        mtls: {mode: STRICT}
`;

export const rule: Rule = {
  code: 'MTLS301',
  name: 'webhook-port-strict',
  severity: Severity.ERROR,
  reads: [...API_SERVER_KINDS, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'The workload port behind an admission or conversion webhook refuses the API server.',
  why: 'The API server has no proxy and no certificate of the mesh, so the webhook\'s proxy closes its connection: "failed calling webhook", with a TLS '
    + 'handshake error or an unknown authority. Where the failurePolicy is Fail, objects can no longer be created or changed.',
  fix: 'Let the workload port of the webhook take plaintext too. The API server brings the webhook\'s own TLS, so nothing is sent in the clear.',
  references: [
    { title: 'Istio\'s own table of what a port accepts, TestInbound', where: 'pilot/pkg/networking/core/sidecar_simulation_test.go' },
    { title: 'Kubernetes: Dynamic admission control, service reference', where: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference' },
  ],
  examples: {
    invalid: WEBHOOK,
    fixed: `${WEBHOOK}      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: webhook-10250, namespace: cert-manager}
      spec:
        selector: {matchLabels: {app: webhook}}
        mtls: {mode: STRICT}
        portLevelMtls:
          "10250": {mode: PERMISSIVE}
    `,
    valid: WEBHOOK.replace('istio-injection: enabled', 'istio-injection: disabled'),
  },
  check(context) {
    reportRefused(context, 'webhook');
  },
};
