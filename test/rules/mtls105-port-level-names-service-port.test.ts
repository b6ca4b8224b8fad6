import { rule } from '../../src/rules/mtls105-port-level-names-service-port';
import { testRule } from '../../src/testing/test-rule';

const workload = (name: string, ports: string) => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: shop}
  spec: {template: {metadata: {labels: {app: ${name}, tier: api}}, spec: {containers: [{name: c, ports: ${ports}}]}}}
`;
const service = (name: string, ports: string, more = '') => `
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: ${name}, namespace: shop}
  spec: {selector: {app: ${name}}, ports: ${ports}${more}}
`;
const policy = (ports: string, selector = '{app: web}', metadata = 'name: web, namespace: shop') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: {selector: {matchLabels: ${selector}}, mtls: {mode: STRICT}, portLevelMtls: ${ports}}
`;
const WEB = workload('web', '[{name: http, containerPort: 8080}]');

testRule(rule, {
  valid: [
    { name: 'the key is the container port behind a named target port', yaml: WEB + service('web', '[{port: 80, targetPort: http}]') + policy('{"8080": {mode: DISABLE}}') },
    { name: 'the service port and the workload port have one number', yaml: WEB + service('web', '[{port: 8080}]') + policy('{"8080": {mode: DISABLE}}') },
    {
      name: 'the key is the workload port of another Service',
      yaml: WEB + service('web', '[{name: a, port: 80, targetPort: 8080}, {name: b, port: 81, targetPort: 80}]') + policy('{"80": {mode: DISABLE}}'),
    },
    {
      name: 'the service is headless, so that clients dial the pod on the service port',
      yaml: WEB + service('web', '[{port: 80, targetPort: 8080}]', ', clusterIP: None') + policy('{"80": {mode: DISABLE}}'),
    },
    {
      name: 'the number is a workload port of another workload that the policy selects',
      yaml: `${WEB}  ---${workload('api', '[{containerPort: 80}]')}` + service('web', '[{port: 80, targetPort: 8080}]') + policy('{"80": {mode: DISABLE}}', '{tier: api}'),
    },
    {
      name: 'a Service names a port that no container has, so that it is not known what is meant',
      yaml: WEB + service('web', '[{name: a, port: 80, targetPort: 8080}, {name: b, port: 81, targetPort: admin}]') + policy('{"80": {mode: DISABLE}}'),
    },
    { name: 'the policy selects no workload of the input', yaml: WEB + service('web', '[{port: 80, targetPort: 8080}]') + policy('{"80": {mode: DISABLE}}', '{app: other}') },
    { name: 'the API server refuses the policy (MTLS101 speaks)', yaml: WEB + service('web', '[{port: 80, targetPort: 8080}]') + policy('{"80": {mode: DISABLE}}', '{}') },
  ],
  invalid: [
    {
      name: 'the key is the service port',
      yaml: WEB + service('web', '[{port: 80, targetPort: http}]') + policy('{"80": {mode: PERMISSIVE}, "9090": {mode: DISABLE}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.portLevelMtls.80',
        see: ['Service shop/web', 'Deployment shop/web'],
        what: '80 is a service port of Service shop/web, which leads to workload port 8080: no workload port of Deployment shop/web has this number',
        fix: 'Write workload ports: portLevelMtls: {"8080": {mode: PERMISSIVE}, "9090": {mode: DISABLE}}.',
      }],
    },
    {
      name: 'two keys are service ports, and the workload port of one is named beside it',
      yaml: WEB + service('web', '[{name: a, port: 80, targetPort: 8080}, {name: b, port: 443, targetPort: 8443}]')
        + policy('{"80": {mode: PERMISSIVE}, "443": {mode: DISABLE}, "8080": {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.portLevelMtls',
        what: '80 is a service port of Service shop/web, which leads to workload port 8080, and 443 is a service port of Service shop/web, '
          + 'which leads to workload port 8443: no workload port of Deployment shop/web has these numbers',
        fix: 'Write workload ports: portLevelMtls: {"8443": {mode: DISABLE}, "8080": {mode: STRICT}}.',
      }],
    },
  ],
});
