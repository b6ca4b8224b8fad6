import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls310-workload-entry-without-identity';
import { testRule } from '../../src/testing/test-rule';

const entry = (spec: string, name = 'vm-1') => `
  ---
  apiVersion: networking.istio.io/v1
  kind: WorkloadEntry
  metadata: {name: ${name}, namespace: vms}
  spec: {address: 10.0.0.5, ${spec}}
`;

const group = (template: string, labels = '{app: rates}') => `
  ---
  apiVersion: networking.istio.io/v1
  kind: WorkloadGroup
  metadata: {name: rates, namespace: vms}
  spec: {metadata: {labels: ${labels}}, template: ${template}}
`;

const serviceEntry = (location: string) => `
  ---
  apiVersion: networking.istio.io/v1
  kind: ServiceEntry
  metadata: {name: rates, namespace: vms}
  spec:
    hosts: [rates.internal]
    location: ${location}
    resolution: STATIC
    ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
    workloadSelector: {labels: {app: rates}}
`;

const policy = (spec: string, name = 'default') => `
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: vms}
  spec: ${spec}
`;

const STRICT = policy('{mtls: {mode: STRICT}}');
const RATES = 'labels: {app: rates}';

const CLIENT = `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: vms, labels: {istio-injection: enabled}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: calc, namespace: vms}
  spec: {template: {metadata: {labels: {app: calc}}, spec: {containers: [{name: calc, env: [{name: RATES, value: "http://rates.internal"}]}]}}}
`;

testRule(rule, {
  valid: [
    { name: 'the machine names its service account', yaml: STRICT + entry(`${RATES}, serviceAccount: rates`) + serviceEntry('MESH_INTERNAL') },
    { name: 'the machine says that it has no proxy', yaml: STRICT + entry('labels: {app: rates, security.istio.io/tlsMode: disabled}') + serviceEntry('MESH_INTERNAL') },
    { name: 'the machine is outside the mesh', yaml: STRICT + entry(RATES) + serviceEntry('MESH_EXTERNAL') },
    { name: 'nobody calls the machine', yaml: STRICT + entry(RATES) },
    { name: 'the machine takes both', yaml: policy('{mtls: {mode: PERMISSIVE}}') + entry(RATES) + serviceEntry('MESH_INTERNAL') + group('{}') },
    {
      name: 'the port that is called takes both',
      yaml: policy('{selector: {matchLabels: {app: rates}}, mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: PERMISSIVE}}}') + entry(RATES) + serviceEntry('MESH_INTERNAL'),
    },
    { name: 'the group names the service account of its machines', yaml: STRICT + group('{serviceAccount: rates}') },
  ],
  invalid: [
    {
      name: 'the group of the machine knows its service account',
      yaml: STRICT + entry(RATES) + serviceEntry('MESH_INTERNAL') + group('{serviceAccount: rates}') + CLIENT,
      findings: [{
        object: 'WorkloadEntry vms/vm-1',
        field: 'spec.serviceAccount',
        see: ['WorkloadGroup vms/rates', 'PeerAuthentication vms/default', 'ServiceEntry vms/rates'],
        calls: ['vms/calc -> rates.internal:80'],
        what: 'the machine names no service account, so clients of rates.internal send it plaintext, and it is STRICT (namespace vms is STRICT)',
        fix: 'Give WorkloadEntry vms/vm-1 the service account of its group:\nspec:\n  serviceAccount: rates',
      }],
    },
    {
      name: 'a policy is for these machines, so they have a proxy',
      yaml: policy('{selector: {matchLabels: {app: rates}}, mtls: {mode: STRICT}}', 'rates') + entry(RATES) + serviceEntry('MESH_INTERNAL'),
      findings: [{
        object: 'WorkloadEntry vms/vm-1',
        fix: 'Set spec.serviceAccount of WorkloadEntry vms/vm-1 to the service account with which its proxy was set up. If it has no proxy, label it '
          + 'with security.istio.io/tlsMode: disabled.',
      }],
    },
    {
      name: 'nothing says whether the machine has a proxy',
      yaml: STRICT + entry(RATES) + serviceEntry('MESH_INTERNAL'),
      findings: [{
        object: 'WorkloadEntry vms/vm-1', severity: Severity.WARNING, condition: 'the machine of WorkloadEntry vms/vm-1 has a proxy (the input does not show it)',
      }],
    },
    {
      name: 'the group names no service account: one fault, whatever machines it has',
      yaml: STRICT + entry(RATES) + entry(RATES, 'vm-2') + serviceEntry('MESH_INTERNAL') + group('{network: a}'),
      findings: [{
        object: 'WorkloadGroup vms/rates',
        field: 'spec.template.serviceAccount',
        see: ['PeerAuthentication vms/default'],
        what: 'the group names no service account, so clients send its machines plaintext, and they are STRICT (namespace vms is STRICT)',
      }],
    },
  ],
});
