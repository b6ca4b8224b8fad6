import { object, policy, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls114-switch-without-policy';
import { testRule } from '../../src/testing/test-rule';

const mesh = (security: string) => object('maistra.io/v2', 'ServiceMeshControlPlane', 'mesh', 'basic', `{security: {${security}}}`);

testRule(rule, {
  valid: [
    { name: 'the switch is off', yaml: mesh('controlPlane: {mtls: false}') },
    { name: 'a policy says that the mesh is PERMISSIVE', yaml: world(mesh('controlPlane: {mtls: true}'), policy('mesh', 'default', '{mtls: {mode: PERMISSIVE}}')) },
  ],
  invalid: [
    {
      name: 'the only policy is for another namespace',
      yaml: world(mesh('controlPlane: {mtls: true}'), policy('shop', 'default', '{mtls: {mode: STRICT}}')),
      findings: [{
        object: 'ServiceMeshControlPlane mesh/basic',
        field: 'spec.security.controlPlane.mtls',
        what: 'spec.security.controlPlane.mtls is true, which says nothing about workloads, and no PeerAuthentication of the mesh does: they accept plaintext',
        condition: 'the mesh is meant to be STRICT',
      }],
    },
  ],
});
