import { rule } from '../../src/rules/mtls502-namespace-missing';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the namespace is named, and a cluster-scoped object has none',
      yaml: `
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: web, namespace: shop}
        spec: {host: web}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: web}
      `,
    },
  ],
  invalid: [
    {
      name: 'a rule has no namespace',
      yaml: `
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: web}
        spec: {host: web}
      `,
      findings: [{
        object: 'DestinationRule web',
        field: 'metadata.namespace',
        what: 'DestinationRule web has no namespace: where it lands depends on who applies it',
        condition: 'the tool that applies the manifests does not set the namespace itself',
      }],
    },
  ],
});
