import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls301-webhook-port-strict';
import { testRule } from '../../src/testing/test-rule';

const NAMESPACE = `
  apiVersion: v1
  kind: Namespace
  metadata: {name: hooks, labels: {istio-injection: enabled}}
`;

const world = (configuration: string, { namespace = NAMESPACE, port = '{name: https, port: 443, targetPort: 9443}', annotations = '{}', labels = '{app: hook}' } = {}) => `
  ${namespace.trim()}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: hook, namespace: hooks}
  spec:
    template:
      metadata: {labels: ${labels}, annotations: ${annotations}}
      spec: {containers: [{name: hook, ports: [{containerPort: 9443}, {containerPort: 8080}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: hook, namespace: hooks}
  spec: {selector: {app: hook}, ports: [${port}]}
  ---
  ${configuration.trim()}
`;

const configuration = (service: string, kind = 'ValidatingWebhookConfiguration') => `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ${kind}
  metadata: {name: hook}
  webhooks: [{name: hook.example.com, clientConfig: {service: ${service}}}]
`;

const HOOK = configuration('{name: hook, namespace: hooks}');

const API = `
  apiVersion: apiregistration.k8s.io/v1
  kind: APIService
  metadata: {name: v1.hook.example.com}
  spec: {service: {name: hook, namespace: hooks}}
`;

const policy = (spec: string, name = 'default', namespace = 'hooks') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: ${spec}
`;

const STRICT = policy('{mtls: {mode: STRICT}}');

testRule(rule, {
  valid: [
    { name: 'nothing is STRICT', yaml: world(HOOK) },
    {
      name: 'the workload port is open, and the Service port has another number',
      yaml: world(HOOK) + STRICT + policy('{selector: {matchLabels: {app: hook}}, mtls: {mode: STRICT}, portLevelMtls: {"9443": {mode: PERMISSIVE}}}', 'hook'),
    },
    { name: 'the port is kept out of the sidecar', yaml: world(HOOK, { annotations: '{traffic.sidecar.istio.io/excludeInboundPorts: "9443"}' }) + STRICT },
    { name: 'the pods have no sidecar', yaml: world(HOOK, { labels: '{app: hook, sidecar.istio.io/inject: "false"}' }) + STRICT },
    { name: 'the webhook is called by a URL', yaml: world(HOOK.replace('service: {name: hook, namespace: hooks}', 'url: "https://hook.example.com"')) + STRICT },
    { name: 'the Service has no such port', yaml: world(configuration('{name: hook, namespace: hooks, port: 8443}')) + STRICT },
    { name: 'the CRD has no conversion webhook', yaml: world(crd('{strategy: None}')) + STRICT },
    { name: 'only an aggregated API is behind the port', yaml: world(API) + STRICT },
    {
      name: 'an older policy hides the exception, which MTLS104 says',
      yaml: world(HOOK) + policy('{selector: {matchLabels: {app: hook}}, mtls: {mode: STRICT}}', 'a')
        + policy('{selector: {matchLabels: {app: hook}}, portLevelMtls: {"9443": {mode: PERMISSIVE}}}', 'b'),
    },
    {
      name: 'the exception is for the service port, which MTLS105 says',
      yaml: world(HOOK) + policy('{selector: {matchLabels: {app: hook}}, mtls: {mode: STRICT}, portLevelMtls: {"443": {mode: PERMISSIVE}}}', 'hook'),
    },
    {
      name: 'the exception stands in the root namespace, which MTLS102 says',
      yaml: world(HOOK) + STRICT + policy('{selector: {matchLabels: {app: hook}}, portLevelMtls: {"9443": {mode: PERMISSIVE}}}', 'hook', 'istio-system'),
    },
    { name: 'the exception has no selector, which MTLS101 says', yaml: world(HOOK) + policy('{mtls: {mode: STRICT}, portLevelMtls: {"9443": {mode: PERMISSIVE}}}') },
  ],
  invalid: [
    {
      name: 'the policy of the namespace closes the port',
      yaml: world(HOOK) + STRICT,
      findings: [{
        object: 'PeerAuthentication hooks/default',
        field: 'spec.mtls.mode',
        see: ['ValidatingWebhookConfiguration hook', 'Service hooks/hook', 'Deployment hooks/hook'],
        calls: ['kube-apiserver (ValidatingWebhookConfiguration hook) -> hook.hooks.svc.cluster.local:443'],
        what: 'the API server calls webhook "hook.example.com" of ValidatingWebhookConfiguration hook at service port 443 of Service hooks/hook, '
          + 'and workload port 9443 of hooks/hook behind it is STRICT',
        fix: 'Let workload port 9443 take plaintext too, and keep the others STRICT:\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
          + 'metadata: {name: hook-9443, namespace: hooks}\nspec:\n  selector: {matchLabels: {"app": "hook"}}\n  mtls: {mode: STRICT}\n'
          + '  portLevelMtls:\n    "9443": {mode: PERMISSIVE}',
      }],
    },
    {
      name: 'several webhooks are behind one port: one fault',
      yaml: [
        world(HOOK), configuration('{name: hook, namespace: hooks, port: 443}', 'MutatingWebhookConfiguration'),
        crd('{strategy: Webhook, webhook: {clientConfig: {service: {name: hook, namespace: hooks}}}}'), API + STRICT,
      ].join('  ---'),
      findings: [{ object: 'PeerAuthentication hooks/default', callCount: 4 }],
    },
    {
      name: 'a policy already selects the pods, so that another one would be ignored',
      yaml: world(HOOK) + policy('{selector: {matchLabels: {app: hook}}, mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: PERMISSIVE}}}', 'hook'),
      findings: [{
        object: 'PeerAuthentication hooks/hook',
        fix: 'Let workload port 9443 take plaintext too, in PeerAuthentication hooks/hook, which already selects the pods (a second policy would be ignored):\n'
          + 'spec:\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "9443": {mode: PERMISSIVE}',
      }],
    },
    {
      name: 'the Namespace is not in the input, so that the sidecar is a matter of its labels',
      yaml: world(HOOK, { namespace: STRICT.replace('---', '') }),
      findings: [{
        object: 'PeerAuthentication hooks/default',
        severity: Severity.WARNING,
        condition: 'the pods of hooks/hook have a sidecar (Namespace hooks is not in the input)',
      }],
    },
    {
      name: 'ztunnel refuses the API server just as a sidecar does',
      settings: { ambient: true },
      yaml: world(HOOK, { namespace: NAMESPACE.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient') }) + policy('{mtls: {mode: STRICT}}', 'default', 'istio-system'),
      findings: [{ object: 'PeerAuthentication istio-system/default' }],
    },
    {
      name: 'the webhook lives in the root namespace, where no policy can select it',
      yaml: world(HOOK).replaceAll(': hooks', ': istio-system') + policy('{mtls: {mode: STRICT}}', 'default', 'istio-system'),
      findings: [{
        object: 'PeerAuthentication istio-system/default',
        fix: 'Policies with a selector are ignored in the root namespace, so keep the port out of the sidecar, with this annotation on the pods of istio-system/hook:\n'
          + 'traffic.sidecar.istio.io/excludeInboundPorts: "9443"',
      }],
    },
    {
      name: 'the port is open, but its name makes the sidecar read HTTP where the API server sends TLS',
      yaml: world(HOOK, { port: '{name: http-hook, port: 443, targetPort: 9443}' }),
      findings: [{
        object: 'Service hooks/hook',
        field: 'spec.ports[0]',
        what: 'the API server speaks TLS to webhook "hook.example.com" of ValidatingWebhookConfiguration hook at service port 443, '
          + 'and its name "http-hook" makes the sidecar of hooks/hook read http on workload port 9443',
      }],
    },
  ],
});

function crd(conversion: string): string {
  return `
  apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata: {name: hooks.example.com}
  spec: {conversion: ${conversion}}
`;
}
