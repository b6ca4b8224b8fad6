import { rule } from '../../src/rules/mtls402-port-exception-lost-in-ambient';
import { testRule } from '../../src/testing/test-rule';

const AMBIENT = { ambient: true };
const namespace = (name: string, labels = '{istio.io/dataplane-mode: ambient}') => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: ${labels}}
`;
const workload = (name: string, labels = '', place = 'shop') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: ${place}}
  spec: {template: {metadata: {labels: {app: ${name}${labels}}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}}}
`;
const policy = (metadata: string, spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: {${spec}}
`;
const web = (spec: string) => policy('name: web, namespace: shop', `selector: {matchLabels: {app: web}}, ${spec}`);
const SHOP = namespace('shop') + workload('web');
const MESH = policy('name: default, namespace: istio-system', 'mtls: {mode: STRICT}');
const UNSET = policy('name: default, namespace: shop', 'mtls: {mode: UNSET}');

testRule(rule, {
  valid: [
    { name: 'the policy is STRICT itself and opens ports in both ways', settings: AMBIENT, yaml: SHOP + MESH + web('mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: DISABLE}, "9090": {mode: PERMISSIVE}}') },
    { name: 'the mode is inherited from the mesh, and the port is PERMISSIVE', settings: AMBIENT, yaml: SHOP + MESH + web('portLevelMtls: {"9090": {mode: PERMISSIVE}}') },
    { name: 'the mode is inherited from the namespace, and the port is PERMISSIVE', settings: AMBIENT, yaml: SHOP + policy('name: default, namespace: shop', 'mtls: {mode: STRICT}') + web('portLevelMtls: {"9090": {mode: PERMISSIVE}}') },
    { name: 'a port is STRICT below an open workload', settings: AMBIENT, yaml: SHOP + web('mtls: {mode: PERMISSIVE}, portLevelMtls: {"9090": {mode: STRICT}}') },
    { name: 'the workload has a sidecar', settings: AMBIENT, yaml: namespace('shop', '{istio-injection: enabled}') + workload('web') + MESH + web('portLevelMtls: {"9090": {mode: DISABLE}}') },
    { name: 'the mesh has no ambient', settings: { ambient: false }, yaml: SHOP + MESH + web('portLevelMtls: {"9090": {mode: DISABLE}}') },
    { name: 'the policy is hidden by an older one (MTLS104 speaks)', settings: AMBIENT, yaml: SHOP + MESH + policy('name: a, namespace: shop', 'selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}') + web('portLevelMtls: {"9090": {mode: DISABLE}}') },
    { name: 'the mesh policy has an empty selector, which is none of this policy (MTLS404 speaks)', settings: AMBIENT, yaml: SHOP + policy('name: default, namespace: istio-system', 'selector: {}, mtls: {mode: STRICT}') + web('portLevelMtls: {"9090": {mode: PERMISSIVE}}') },
    { name: 'a STRICT port of an open workload counts where the namespace has the mode of the mesh', settings: AMBIENT, yaml: SHOP + MESH + policy('name: default, namespace: shop', 'mtls: {mode: STRICT}') + web('mtls: {mode: PERMISSIVE}, portLevelMtls: {"9090": {mode: STRICT}}') },
    { name: 'the policy is STRICT itself below a namespace policy that sets no mode', settings: AMBIENT, yaml: SHOP + MESH + UNSET + web('mtls: {mode: STRICT}, portLevelMtls: {"9090": {mode: PERMISSIVE}, "8080": {mode: STRICT}}') },
  ],
  invalid: [
    {
      name: 'a DISABLE port below an inherited STRICT stays closed',
      settings: AMBIENT,
      yaml: SHOP + MESH + web('portLevelMtls: {"9090": {mode: DISABLE}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.mtls',
        see: ['PeerAuthentication istio-system/default', 'Deployment shop/web'],
        what: 'the port modes do not reach ztunnel as they are written: for Deployment shop/web, workload port 9090 refuses plaintext, although it is DISABLE',
        fix: 'Write in PeerAuthentication shop/web: mtls: {mode: STRICT}, portLevelMtls: {"9090": {mode: PERMISSIVE}}.',
      }],
    },
    {
      name: 'a namespace policy without a mode opens the whole workload',
      settings: AMBIENT,
      yaml: SHOP + MESH + UNSET + web('portLevelMtls: {"9090": {mode: PERMISSIVE}, "8080": {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        what: 'the port modes do not reach ztunnel as they are written: for Deployment shop/web, the workload as a whole takes plaintext, '
          + 'although it is meant to be STRICT, and workload port 8080 takes plaintext, although it is STRICT',
        fix: 'Write in PeerAuthentication shop/web: mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: STRICT}, "9090": {mode: PERMISSIVE}}.',
      }],
    },
    {
      name: 'a STRICT port of an open workload is forgotten below a STRICT mesh',
      settings: AMBIENT,
      yaml: SHOP + MESH + web('mtls: {mode: PERMISSIVE}, portLevelMtls: {"9090": {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.portLevelMtls',
        what: /workload port 9090 takes plaintext, although it is STRICT$/,
        fix: 'Give namespace "shop" the mode of the mesh in a policy of its own, without a selector: mtls: {mode: STRICT}. '
          + 'Below it the ports count as they are written.',
      }],
    },
  ],
});
