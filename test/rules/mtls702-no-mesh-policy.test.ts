import { rule } from '../../src/rules/mtls702-no-mesh-policy';
import { testRule } from '../../src/testing/test-rule';

const REQUIRED = { requireMeshPolicy: true };
const policy = (namespace: string, spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: ${namespace}}
  spec: {${spec}}
`;
const ROOT = `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: istio-system}
`;
const SERVICE = `
  apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop}
`;

testRule(rule, {
  valid: [
    { name: 'nobody requires one', yaml: policy('shop', 'mtls: {mode: STRICT}') },
    { name: 'the mesh has one', house: REQUIRED, yaml: policy('istio-system', 'mtls: {mode: STRICT}') },
    { name: 'the mesh has one in its own root namespace', house: REQUIRED, settings: { rootNamespace: 'mesh' }, yaml: policy('mesh', 'mtls: {mode: PERMISSIVE}') },
  ],
  invalid: [
    {
      name: 'there is only one for a namespace',
      house: REQUIRED,
      yaml: policy('shop', 'mtls: {mode: STRICT}'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        what: 'no PeerAuthentication without a selector stands in the root namespace "istio-system", and a policy for the mesh is required',
        fix: 'Add a PeerAuthentication: metadata: {name: default, namespace: istio-system}, spec: {mtls: {mode: STRICT}}.',
      }],
    },
    { name: 'the root namespace is in the input', house: REQUIRED, yaml: policy('shop', 'mtls: {mode: STRICT}') + ROOT, findings: [{ object: 'Namespace istio-system' }] },
    { name: 'there is no policy at all', house: REQUIRED, yaml: SERVICE, findings: [{ object: 'Service shop/web' }] },
    {
      name: 'the policy of the mesh sets no mode',
      house: REQUIRED,
      yaml: policy('istio-system', 'mtls: {}') + ROOT,
      findings: [{
        object: 'PeerAuthentication istio-system/default',
        field: 'spec.mtls.mode',
        what: 'PeerAuthentication istio-system/default is the policy of the mesh and sets no mode, and a policy for the mesh is required',
      }],
    },
  ],
});
