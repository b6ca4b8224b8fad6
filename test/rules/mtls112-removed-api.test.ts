import { rule } from '../../src/rules/mtls112-removed-api';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'older versions are still served',
      yaml: `
        apiVersion: networking.istio.io/v1alpha3
        kind: DestinationRule
        metadata: {name: web, namespace: shop}
        spec: {host: web}
        ---
        apiVersion: security.istio.io/v1beta1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT}}
      `,
    },
    {
      name: 'a Policy of another API group is none of ours',
      yaml: `
        apiVersion: kyverno.io/v1
        kind: Policy
        metadata: {name: default, namespace: shop}
        spec: {}
      `,
    },
  ],
  invalid: [
    {
      name: 'a MeshPolicy becomes the policy of the root namespace',
      yaml: `
        apiVersion: authentication.istio.io/v1alpha1
        kind: MeshPolicy
        metadata: {name: default}
        spec: {peers: [{mtls: {mode: PERMISSIVE}}]}
      `,
      findings: [{
        object: 'MeshPolicy default',
        field: 'apiVersion',
        what: 'authentication.istio.io/v1alpha1 MeshPolicy is served by no supported release of Istio',
        fix: [
          'Write instead:',
          'apiVersion: security.istio.io/v1',
          'kind: PeerAuthentication',
          'metadata: {name: default, namespace: istio-system}',
          'spec:',
          '  mtls: {mode: PERMISSIVE}',
        ].join('\n'),
      }],
    },
    {
      name: 'a Policy with a target becomes a policy with the labels of the Service, its service ports workload ports',
      yaml: `
        apiVersion: authentication.istio.io/v1alpha1
        kind: Policy
        metadata: {name: web, namespace: shop}
        spec: {targets: [{name: web, ports: [{number: 80}, {name: admin}]}], peers: [{mtls: null}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: admin, port: 9000, targetPort: admin}]}
      `,
      findings: [{
        object: 'Policy shop/web',
        fix: [
          'Write instead:',
          'apiVersion: security.istio.io/v1',
          'kind: PeerAuthentication',
          'metadata: {name: web, namespace: shop}',
          'spec:',
          '  selector: {matchLabels: {"app": "web"}}',
          '  portLevelMtls:',
          '    "8080": {mode: STRICT}',
          '    "<the workload port behind service port admin>": {mode: STRICT}',
        ].join('\n'),
      }],
    },
    {
      name: 'a Policy without peers took plaintext only, and its Service is not in the input',
      yaml: `
        apiVersion: authentication.istio.io/v1alpha1
        kind: Policy
        metadata: {name: web, namespace: shop}
        spec: {targets: [{name: web}]}
      `,
      findings: [{
        object: 'Policy shop/web',
        fix: [
          'Write instead:',
          'apiVersion: security.istio.io/v1',
          'kind: PeerAuthentication',
          'metadata: {name: web, namespace: shop}',
          'spec:',
          '  selector: {matchLabels: {}} # the labels of the workloads behind Service "web"',
          '  mtls: {mode: DISABLE}',
        ].join('\n'),
      }],
    },
    {
      name: 'the access rules of rbac.istio.io are gone',
      yaml: `
        apiVersion: rbac.istio.io/v1alpha1
        kind: ServiceRole
        metadata: {name: viewer, namespace: shop}
        spec: {rules: []}
      `,
      findings: [{ object: 'ServiceRole shop/viewer', what: 'rbac.istio.io/v1alpha1 ServiceRole is served by no supported release of Istio' }],
    },
    {
      name: 'a version of a known kind never existed',
      yaml: `
        apiVersion: security.istio.io/v1alpha1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT}}
      `,
      findings: [{
        object: 'PeerAuthentication shop/default',
        what: 'PeerAuthentication is not served as security.istio.io/v1alpha1; the versions are security.istio.io/v1, security.istio.io/v1beta1',
        fix: 'Set apiVersion to security.istio.io/v1.',
      }],
    },
  ],
});
