import { rule } from '../../src/rules/mtls303-scraped-port-strict';
import { testRule } from '../../src/testing/test-rule';

const namespace = (name: string, label: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: {${label}}}
`;

const world = ({ annotations = '{}', serviceAnnotations = '{}', shop = 'istio-injection: enabled', name = 'web', serviceSpec = '' } = {}) => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: shop}
  spec:
    template:
      metadata: {labels: {app: web}, annotations: ${annotations}}
      spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9102}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop, labels: {app: web}, annotations: ${serviceAnnotations}}
  spec: {${serviceSpec} selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: http-metrics, port: 9100, targetPort: metrics}]}
${namespace('shop', shop)}`;

const policy = (spec: string, name = 'default') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: shop}
  spec: ${spec}
`;

const STRICT = policy('{mtls: {mode: STRICT}}');
const OPEN = policy('{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {"9102": {mode: PERMISSIVE}}}', 'web');

const monitor = (endpoint: string, kind = 'ServiceMonitor', name = 'web') => `
  ---
  apiVersion: monitoring.coreos.com/v1
  kind: ${kind}
  metadata: {name: ${name}, namespace: monitoring}
  spec: {selector: {matchLabels: {app: web}}, namespaceSelector: {matchNames: [shop]}, ${kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints'}: [${endpoint}]}
`;

const prometheus = (label = '') => `${namespace('monitoring', label)}
  ---
  apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: prometheus, namespace: monitoring}
  spec: {template: {metadata: {labels: {app: prometheus}}, spec: {containers: [{name: prometheus, image: "quay.io/prometheus/prometheus:v3.5.0"}]}}}
`;

const METRICS = monitor('{port: http-metrics}');

const withCertificates = (file: string) => monitor(`{port: http-metrics, scheme: https, tlsConfig: {certFile: ${file}, keyFile: /k, caFile: /c}}`);

const ANNOTATED = '{prometheus.io/scrape: "true", prometheus.io/port: "9102"}';
const NOT_MERGED = ANNOTATED.replace('}', ', prometheus.istio.io/merge-metrics: "false"}');

const MERGE_OFF = `
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: istio, namespace: istio-system}
  data: {mesh: "enablePrometheusMerge: false"}
`;

const OPERATOR = `
  ---
  apiVersion: sailoperator.io/v1
  kind: Istio
  metadata: {name: default}
  spec: {values: {meshConfig: {enablePrometheusMerge: false}}}
`;

const AMBIENT = 'istio.io/dataplane-mode: ambient';

testRule(rule, {
  valid: [
    { name: 'nothing is STRICT', yaml: world() + METRICS + prometheus() },
    { name: 'the workload port of the metrics is open', yaml: world() + STRICT + OPEN + METRICS + prometheus() },
    { name: 'the scraper brings certificates of the mesh', yaml: world() + STRICT + withCertificates('/etc/prom-certs/cert-chain.pem') + prometheus() },
    { name: 'the scraper brings certificates that may be of the mesh', yaml: world() + STRICT + withCertificates('/certs/a.pem') + prometheus() },
    { name: 'certificates of another kind go to an application of its own TLS', yaml: world() + withCertificates('/certs/a.pem') },
    { name: 'the agent serves the metrics that the annotations name', yaml: world({ annotations: ANNOTATED }) + STRICT + prometheus() },
    { name: 'the proxy itself is scraped', yaml: world({ serviceAnnotations: '{prometheus.io/scrape: "true", prometheus.io/port: "15090"}' }) + STRICT + prometheus() },
    { name: 'nothing is scraped', yaml: world({ annotations: NOT_MERGED.replace('"true"', '"false"') }) + STRICT + prometheus() },
    { name: 'Prometheus is in ambient, and so is what it scrapes', settings: { ambient: true }, yaml: world({ shop: AMBIENT }) + STRICT + METRICS + prometheus(AMBIENT) },
    { name: 'nobody knows who scrapes pods of ambient', settings: { ambient: true }, yaml: world({ shop: AMBIENT, annotations: ANNOTATED }) + STRICT },
    { name: 'sidecars know the pods of a headless Service', yaml: world({ serviceSpec: 'clusterIP: None,' }) + STRICT + METRICS + prometheus('istio-injection: enabled') },
    { name: 'the exception is for the service port, which MTLS105 says', yaml: world() + STRICT + OPEN.replace('9102', '9100') + METRICS + prometheus() },
    { name: 'the annotations name no port, and there are two', yaml: world({ annotations: '{prometheus.io/scrape: "true", prometheus.istio.io/merge-metrics: "false"}' }) + STRICT },
  ],
  invalid: [
    {
      name: 'a ServiceMonitor has a STRICT port scraped: one fault, whoever else does',
      yaml: world() + STRICT + METRICS + monitor('{port: http-metrics, path: /other}', 'ServiceMonitor', 'other') + prometheus(),
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.mtls.mode',
        see: ['ServiceMonitor monitoring/other', 'ServiceMonitor monitoring/web', 'Service shop/web', 'Deployment shop/web'],
        calls: ['monitoring/prometheus -> shop/web:9102'],
        what: 'ServiceMonitor monitoring/other has workload port 9102 of shop/web scraped in plaintext, and it is STRICT',
        fix: 'Let workload port 9102 take plaintext too, and keep the others STRICT:\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
          + 'metadata: {name: web-9102, namespace: shop}\nspec:\n  selector: {matchLabels: {"app": "web"}}\n  mtls: {mode: STRICT}\n'
          + '  portLevelMtls:\n    "9102": {mode: PERMISSIVE}',
        condition: undefined,
      }],
    },
    {
      name: 'a PodMonitor does, and the scraper speaks TLS without a certificate',
      yaml: world() + STRICT + monitor('{port: metrics, scheme: https}', 'PodMonitor') + prometheus(),
      findings: [{
        object: 'PeerAuthentication shop/default',
        what: 'PodMonitor monitoring/web has workload port 9102 of shop/web scraped with TLS that has no client certificate, and it is STRICT',
      }],
    },
    {
      name: 'the sidecar of Prometheus passes on what goes to the address of a pod as it is',
      yaml: world() + STRICT + METRICS + prometheus('istio-injection: enabled'),
      findings: [{ object: 'PeerAuthentication shop/default', calls: ['monitoring/prometheus -> shop/web:9102'], condition: undefined }],
    },
    {
      name: 'the input does not show Prometheus',
      yaml: world() + STRICT + METRICS,
      findings: [{
        object: 'PeerAuthentication shop/default', condition: 'Prometheus brings no certificate of the mesh and is not in ambient (the input does not show it)',
      }],
    },
    {
      name: 'two workloads are behind the port: one fault',
      yaml: `${world() + STRICT + METRICS + prometheus()}  ---\n${world({ name: 'web-v2' }).split('---')[0].trimEnd().replace(/^\n/, '')}`,
      findings: [{ object: 'PeerAuthentication shop/default', calls: ['monitoring/prometheus -> shop/web:9102', 'monitoring/prometheus -> shop/web-v2:9102'] }],
    },
    {
      name: 'annotations of the pods are scraped and the agent does not serve them',
      yaml: world({ annotations: NOT_MERGED }) + STRICT + prometheus(),
      findings: [{
        object: 'PeerAuthentication shop/default',
        what: 'the annotation prometheus.io/scrape of Deployment shop/web has workload port 9102 of shop/web scraped in plaintext, and it is STRICT',
        condition: 'monitoring/prometheus scrapes what has the annotation prometheus.io/scrape',
        fix: 'Remove the annotation prometheus.istio.io/merge-metrics from the pods of shop/web, so that the agent serves their metrics on port 15020. '
          + 'Or: let workload port 9102 take plaintext too, and keep the others STRICT:\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
          + 'metadata: {name: web-9102, namespace: shop}\nspec:\n  selector: {matchLabels: {"app": "web"}}\n  mtls: {mode: STRICT}\n'
          + '  portLevelMtls:\n    "9102": {mode: PERMISSIVE}',
      }],
    },
    {
      name: 'the mesh configuration switches the merging off',
      yaml: world({ annotations: ANNOTATED }) + STRICT + prometheus() + MERGE_OFF,
      findings: [{ object: 'PeerAuthentication shop/default', see: ['Deployment shop/web'] }],
    },
    {
      name: 'the values of the Sail operator switch the merging off',
      yaml: world({ annotations: ANNOTATED }) + STRICT + prometheus() + OPERATOR,
      findings: [{ object: 'PeerAuthentication shop/default', see: ['Deployment shop/web'] }],
    },
    {
      name: 'annotations of a Service are scraped, which are never merged',
      yaml: world({ serviceAnnotations: ANNOTATED }) + STRICT + prometheus(),
      findings: [{ object: 'PeerAuthentication shop/default', see: ['Service shop/web', 'Deployment shop/web'] }],
    },
    {
      name: 'certificates of the mesh meet a PERMISSIVE port that reads HTTP',
      yaml: world() + policy('{mtls: {mode: PERMISSIVE}}') + withCertificates('/etc/prom-certs/cert-chain.pem') + prometheus(),
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.mtls.mode',
        what: 'ServiceMonitor monitoring/web has workload port 9102 of shop/web scraped with certificates of the mesh, and the port reads http and is PERMISSIVE, '
          + 'where only plaintext and the mTLS of Istio\'s own proxies are taken',
        fix: 'Scrape in plaintext (scheme: http), or make workload port 9102 of shop/web STRICT, which takes any TLS with a certificate of the mesh.',
      }],
    },
    {
      name: 'they meet it without any policy',
      yaml: world() + withCertificates('/etc/prom-certs/cert-chain.pem'),
      findings: [{ object: 'ServiceMonitor monitoring/web', field: 'spec.endpoints[0]' }],
    },
  ],
});
