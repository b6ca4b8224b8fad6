import { rule } from '../../src/rules/mtls108-mesh-policy-outside-root';
import { testRule } from '../../src/testing/test-rule';

const workload = (place: string, injection = 'enabled') => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${place}, labels: {istio-injection: ${injection}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: ${place}}
  spec: {template: {metadata: {labels: {app: web}}}}
`;
const policy = (place: string, name = 'default', mode = 'STRICT') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: ${place}}
  spec: {mtls: {mode: ${mode}}}
`;
const OTHER_ROOT = { rootNamespace: 'mesh-config' };

testRule(rule, {
  valid: [
    { name: 'the policy stands in the root namespace', yaml: workload('shop') + policy('istio-system', 'mesh-strict') },
    { name: 'the name says nothing of a mesh', yaml: workload('shop') + policy('default', 'meshed-strict') + policy('back', 'cluster-autoscaler') },
    { name: 'all of the mesh is in the namespace of the policy', yaml: workload('shop') + policy('shop', 'mesh-strict') },
    { name: 'every namespace in the mesh has a policy of its own', yaml: workload('shop') + workload('back') + policy('shop', 'mesh-strict') + policy('back', 'mesh-strict') },
    { name: 'no workload is in the mesh', yaml: workload('shop', 'disabled') + policy('default', 'mesh-strict') },
    { name: 'the mesh has a policy with the same mode', yaml: workload('shop') + policy('default', 'mesh-strict') + policy('istio-system') },
    { name: 'istio-system is not the root, has a policy, and so has the mesh', settings: OTHER_ROOT, yaml: workload('shop') + policy('istio-system') + policy('mesh-config', 'mesh', 'PERMISSIVE') },
    { name: 'istio-system is not the root, and has workloads in the mesh', settings: OTHER_ROOT, yaml: workload('shop') + workload('istio-system') + policy('istio-system') },
    { name: 'the policy sets no mode (MTLS109 speaks)', yaml: workload('shop') + policy('default', 'mesh-strict', 'UNSET') },
  ],
  invalid: [
    {
      name: 'the policy for the mesh stands in default',
      yaml: workload('shop') + workload('back') + policy('default', 'mesh-strict'),
      findings: [{
        object: 'PeerAuthentication default/mesh-strict',
        field: 'metadata.namespace',
        what: 'PeerAuthentication default/mesh-strict (STRICT) reads as the policy of the mesh, but the root namespace is "istio-system": '
          + 'it is for namespace "default" alone, and not for back, shop',
        fix: 'Move it to the root namespace: metadata: {name: mesh-strict, namespace: istio-system}. '
          + 'Where it is meant for its own namespace alone, give it a name that says so.',
        condition: 'the policy is meant for the whole mesh',
      }],
    },
    {
      name: 'the mesh has its root namespace elsewhere',
      settings: OTHER_ROOT,
      yaml: workload('shop') + policy('istio-system'),
      findings: [{ object: 'PeerAuthentication istio-system/default', what: /the root namespace is "mesh-config": it is for namespace "istio-system" alone, and not for shop$/ }],
    },
    {
      name: 'the input has no workloads',
      settings: OTHER_ROOT,
      yaml: policy('istio-system', 'strict'),
      findings: [{ object: 'PeerAuthentication istio-system/strict', what: /for namespace "istio-system" alone$/ }],
    },
    {
      name: 'the mesh says otherwise than what reads as its policy',
      yaml: workload('shop') + policy('default', 'global-mtls') + policy('istio-system', 'default', 'PERMISSIVE'),
      findings: [{ object: 'PeerAuthentication default/global-mtls', see: ['PeerAuthentication istio-system/default'] }],
    },
  ],
});
