import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls304-probe-on-strict-port';
import { testRule } from '../../src/testing/test-rule';

const OFF = '{sidecar.istio.io/rewriteAppHTTPProbers: "false"}';

const world = (container: string, { annotations = OFF, label = 'istio-injection: enabled', extra = '', mode = 'STRICT', spec = '' } = {}) => `
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${label === '' ? 'elsewhere' : 'shop'}, labels: {${label}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec:
    template:
      metadata: {labels: {app: web}, annotations: ${annotations}}
      spec: {${spec} containers: [{name: web, ports: [{name: http, containerPort: 8080}], ${container}}]}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: shop}
  spec: {mtls: {mode: ${mode}}}
${extra}`;

const GET = 'readinessProbe: {httpGet: {path: /, port: http}}';

const operator = (values: string) => `
  ---
  apiVersion: install.istio.io/v1alpha1
  kind: IstioOperator
  metadata: {name: istio, namespace: istio-system}
  spec: {values: ${values}}
`;

const injector = (values: string) => `
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: istio-sidecar-injector, namespace: istio-system}
  data: {values: '${values}'}
`;

const MESH_OFF = '{sidecarInjectorWebhook: {rewriteAppHTTPProbe: false}}';

testRule(rule, {
  valid: [
    { name: 'probes are rewritten, which is the default', yaml: world(GET, { annotations: '{}' }) },
    { name: 'the annotation says so', yaml: world(GET, { annotations: '{sidecar.istio.io/rewriteAppHTTPProbers: "true"}', extra: operator(MESH_OFF) }) },
    { name: 'the mesh is told to rewrite', yaml: world(GET, { annotations: '{}', extra: injector('{"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": true}}') }) },
    { name: 'the probe runs a command in the container', yaml: world('livenessProbe: {exec: {command: [ls]}}') },
    { name: 'the probe goes to another host', yaml: world('livenessProbe: {httpGet: {host: health.example.com, port: 8080}}') },
    { name: 'the port takes both', yaml: world(GET, { mode: 'PERMISSIVE' }) },
    { name: 'the port is kept out of the sidecar', yaml: world(GET, { annotations: OFF.replace('}', ', traffic.sidecar.istio.io/excludeInboundPorts: "8080"}') }) },
    { name: 'ambient lets the kubelet through', settings: { ambient: true }, yaml: world(GET, { label: 'istio.io/dataplane-mode: ambient' }) },
    { name: 'the pod is on the host\'s network and has no sidecar', yaml: world(GET, { spec: 'hostNetwork: true,' }) },
    {
      name: 'the port of the probe has an exception',
      yaml: world('livenessProbe: {httpGet: {port: 8282}}', {
        extra: `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: web, namespace: shop}
  spec: {selector: {matchLabels: {app: web}}, portLevelMtls: {"8282": {mode: PERMISSIVE}}}
`,
      }),
    },
  ],
  invalid: [
    {
      name: 'the annotation switches the rewriting off: one fault for all probes',
      yaml: world('readinessProbe: {httpGet: {port: http}}, livenessProbe: {tcpSocket: {port: 8080}}, startupProbe: {grpc: {port: 9000}}, lifecycle: {preStop: {httpGet: {port: 8080}}}'),
      findings: [{
        object: 'Deployment shop/web',
        field: 'spec.template.metadata.annotations["sidecar.istio.io/rewriteAppHTTPProbers"]',
        see: ['PeerAuthentication shop/default'],
        calls: ['kubelet -> shop/web:8080', 'kubelet -> shop/web:8080', 'kubelet -> shop/web:9000', 'kubelet -> shop/web:8080'],
        what: 'the annotation sidecar.istio.io/rewriteAppHTTPProbers is "false", so the livenessProbe of container "web" (tcpSocket on workload port 8080) '
          + 'and the readinessProbe of container "web" (httpGet on workload port 8080) and the startupProbe of container "web" (grpc on workload port 9000) '
          + 'and the preStop of container "web" (httpGet on workload port 8080) reach a sidecar that is STRICT (from PeerAuthentication shop/default)',
        fix: 'Remove the annotation sidecar.istio.io/rewriteAppHTTPProbers from the pods of shop/web, so that the agent asks the application on behalf of the kubelet.',
      }],
    },
    {
      name: 'the values of Istio switch it off for the mesh',
      yaml: world(GET, { annotations: '{}', extra: operator(MESH_OFF) }),
      findings: [{
        object: 'Deployment shop/web',
        field: 'spec.template.spec.containers[0].readinessProbe',
        see: ['IstioOperator istio-system/istio', 'PeerAuthentication shop/default'],
        what: 'rewriteAppHTTPProbe is false, so the readinessProbe of container "web" (httpGet on workload port 8080) reaches a sidecar that is STRICT '
          + '(from PeerAuthentication shop/default)',
        fix: 'Set sidecarInjectorWebhook.rewriteAppHTTPProbe to true in IstioOperator istio-system/istio, '
          + 'or annotate the pods of shop/web with sidecar.istio.io/rewriteAppHTTPProbers: "true".',
      }],
    },
    {
      name: 'the ConfigMap of the injector switches it off',
      yaml: world(GET, { annotations: '{}', extra: injector('{"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": false}}') }),
      findings: [{ object: 'Deployment shop/web', see: ['ConfigMap istio-system/istio-sidecar-injector', 'PeerAuthentication shop/default'] }],
    },
    {
      name: 'the Namespace is not in the input',
      yaml: world(GET, { label: '' }),
      findings: [{
        object: 'Deployment shop/web', severity: Severity.WARNING, condition: 'the pods of shop/web have a sidecar (Namespace shop is not in the input)',
      }],
    },
  ],
});
