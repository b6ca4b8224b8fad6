import { rule } from '../../src/rules/mtls106-port-level-names-unknown-port';
import { testRule } from '../../src/testing/test-rule';

const workload = (container: string, annotations = '{}') => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {template: {metadata: {labels: {app: web}, annotations: ${annotations}}, spec: {containers: [{name: c, ${container}}]}}}
`;
const policy = (ports: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: web, namespace: shop}
  spec: {selector: {matchLabels: {app: web}}, portLevelMtls: ${ports}}
`;
const SIDECAR = `
  ---
  apiVersion: networking.istio.io/v1
  kind: Sidecar
  metadata: {name: web, namespace: shop}
  spec: {ingress: [{port: {number: 9090, protocol: HTTP, name: http}, defaultEndpoint: "127.0.0.1:8080"}]}
`;
const SERVICE = `
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop}
  spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;
const MACHINE = `
  ---
  apiVersion: networking.istio.io/v1
  kind: WorkloadEntry
  metadata: {name: vm, namespace: shop}
  spec: {address: 10.0.0.1, labels: {app: web}, serviceAccount: web, ports: {http: 9090}}
`;
const ONE_PORT = 'ports: [{containerPort: 8080}]';
const OPEN_9090 = policy('{"9090": {mode: PERMISSIVE}}');

testRule(rule, {
  valid: [
    { name: 'the container declares the port', yaml: workload('ports: [{containerPort: 9090}]') + OPEN_9090 },
    { name: 'a probe names the port', yaml: workload(`${ONE_PORT}, readinessProbe: {httpGet: {port: 9090}}`) + OPEN_9090 },
    { name: 'a gRPC probe and a hook name ports', yaml: workload('livenessProbe: {grpc: {port: 9090}}, lifecycle: {preStop: {httpGet: {port: "81"}}}') + policy('{"9090": {mode: STRICT}, "81": {mode: STRICT}}') },
    { name: 'an annotation tells Prometheus of the port', yaml: workload(ONE_PORT, '{prometheus.io/port: "9090"}') + OPEN_9090 },
    { name: 'an argument names the port', yaml: workload(`${ONE_PORT}, args: ["--metrics-addr=:9090"]`) + OPEN_9090 },
    { name: 'an environment variable names the port', yaml: workload(`${ONE_PORT}, env: [{name: PORT, value: "9090"}]`) + OPEN_9090 },
    { name: 'a Sidecar listens on the port', yaml: workload(ONE_PORT) + SIDECAR + OPEN_9090 },
    { name: 'a machine that is selected too has the port', yaml: workload(ONE_PORT) + MACHINE + OPEN_9090 },
    { name: 'no port of the workload is known', yaml: workload('image: web') + OPEN_9090 },
    { name: 'the key is a service port (MTLS105 speaks)', yaml: workload(ONE_PORT) + SERVICE + policy('{"80": {mode: PERMISSIVE}}') },
  ],
  invalid: [
    {
      name: 'nothing of the workload has the port',
      yaml: workload('ports: [{containerPort: 8080}, {containerPort: 9900}]') + OPEN_9090,
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.portLevelMtls.9090',
        see: ['Deployment shop/web'],
        what: '9090 is no workload port of Deployment shop/web that the input shows; it shows 8080, 9900',
        fix: 'Write the workload port that is meant (8080, 9900), or declare 9090 among the ports of the container.',
        condition: 'no container of Deployment shop/web listens on 9090 without declaring it',
      }],
    },
    {
      name: 'two keys of one policy are unknown, which is one fault; an argument with a longer number is no mention',
      yaml: workload(`${ONE_PORT}, args: ["--budget=90900"]`) + policy('{"9090": {mode: PERMISSIVE}, "9091": {mode: STRICT}, "8080": {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.portLevelMtls',
        what: '9090, 9091 are no workload port of Deployment shop/web that the input shows; it shows 8080',
      }],
    },
  ],
});
