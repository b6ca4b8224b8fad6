import { rule } from '../../src/rules/mtls701-below-floor';
import { testRule } from '../../src/testing/test-rule';

const STRICT = { floor: 'STRICT' } as const;
const namespace = (name: string, labels = '{istio-injection: enabled}') => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: ${labels}}
`;
const workload = (name: string, annotations = '{}', place = 'shop') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: ${place}}
  spec:
    template:
      metadata: {labels: {app: ${name}}, annotations: ${annotations}}
      spec: {containers: [{name: c, ports: [{containerPort: 8080}, {containerPort: 9090}, {containerPort: 15090}]}]}
`;
const policy = (metadata: string, spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: {${spec}}
`;
const SHOP = namespace('shop') + workload('web');
const MESH = policy('name: default, namespace: istio-system', 'mtls: {mode: STRICT}');
const web = (spec: string) => policy('name: web, namespace: shop', `selector: {matchLabels: {app: web}}, ${spec}`);

testRule(rule, {
  valid: [
    { name: 'no floor is given', yaml: SHOP },
    { name: 'the floor is DISABLE, which everything reaches', house: { floor: 'DISABLE' }, yaml: SHOP + policy('name: default, namespace: shop', 'mtls: {mode: DISABLE}') },
    { name: 'PERMISSIVE reaches PERMISSIVE', house: { floor: 'PERMISSIVE' }, yaml: SHOP },
    { name: 'everything is STRICT', house: STRICT, yaml: SHOP + MESH + web('portLevelMtls: {"9090": {mode: STRICT}}') },
    { name: 'the workload has no proxy', house: STRICT, yaml: namespace('shop', '{}') + workload('web') },
    { name: 'it is not known whether the workload has a proxy', house: STRICT, yaml: workload('web') },
    { name: 'the proxy is a gateway, which goes by Gateway objects', house: STRICT, yaml: namespace('shop') + workload('gateway', '{inject.istio.io/templates: gateway}') },
    { name: 'only the agent\'s own ports pass by the sidecar', house: STRICT, yaml: namespace('shop') + MESH + workload('web', '{traffic.sidecar.istio.io/excludeInboundPorts: "15090"}') },
  ],
  invalid: [
    {
      name: 'a namespace is below the floor, which is one fault',
      house: STRICT,
      yaml: SHOP + workload('api') + MESH + policy('name: default, namespace: shop', 'mtls: {mode: PERMISSIVE}'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.mtls.mode',
        see: ['Deployment shop/api', 'Deployment shop/web'],
        what: 'Deployment shop/api, Deployment shop/web are PERMISSIVE, below the floor STRICT',
        fix: 'Write mtls: {mode: STRICT} in PeerAuthentication shop/default. Where it is needed, acknowledge MTLS701 there with the reason.',
      }],
    },
    {
      name: 'no policy decides: each namespace is told',
      house: STRICT,
      yaml: SHOP + namespace('back') + workload('api', '{}', 'back'),
      findings: [
        { object: 'Namespace shop', field: undefined, what: 'Deployment shop/web is PERMISSIVE, below the floor STRICT: no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE' },
        { object: 'Namespace back' },
      ],
    },
    {
      name: 'ports are below the floor',
      house: STRICT,
      yaml: SHOP + MESH + web('portLevelMtls: {"9090": {mode: PERMISSIVE}, "8080": {mode: DISABLE}}'),
      findings: [
        { object: 'PeerAuthentication shop/web', field: 'spec.portLevelMtls.8080.mode', what: 'workload port 8080 of Deployment shop/web is DISABLE, below the floor STRICT' },
        {
          object: 'PeerAuthentication shop/web',
          field: 'spec.portLevelMtls.9090.mode',
          fix: 'Write "9090": {mode: STRICT} under portLevelMtls of PeerAuthentication shop/web, or remove the port there. '
            + 'Where it is needed, acknowledge MTLS701 there with the reason.',
        },
      ],
    },
    {
      name: 'a port does not pass the sidecar',
      house: { floor: 'PERMISSIVE' },
      yaml: namespace('shop') + MESH + workload('web', '{traffic.sidecar.istio.io/includeInboundPorts: "8080"}'),
      findings: [{
        object: 'Deployment shop/web',
        field: 'spec.template.metadata.annotations["traffic.sidecar.istio.io/includeInboundPorts"]',
        what: 'workload port 9090 of Deployment shop/web does not pass the sidecar and takes whatever comes, below the floor PERMISSIVE',
      }],
    },
    {
      name: 'ztunnel takes plaintext',
      house: STRICT,
      settings: { ambient: true },
      yaml: namespace('shop', '{istio.io/dataplane-mode: ambient}') + workload('web') + policy('name: default, namespace: istio-system', 'mtls: {mode: DISABLE}'),
      findings: [{ object: 'PeerAuthentication istio-system/default', what: 'Deployment shop/web is PERMISSIVE, below the floor STRICT' }],
    },
  ],
});
