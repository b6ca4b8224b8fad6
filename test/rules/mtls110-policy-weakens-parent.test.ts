import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls110-policy-weakens-parent';
import { testRule } from '../../src/testing/test-rule';

const policy = (metadata: string, spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}}
  spec: {${spec}}
`;
const MESH = policy('name: default, namespace: istio-system', 'mtls: {mode: STRICT}');
const REASONED = `
  ---
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: legacy, namespace: shop, annotations: {cdk8s-istio-mtls/reason: "no proxy there"}}
  spec: {host: legacy, trafficPolicy: {tls: {mode: DISABLE}}}
`;
const web = (spec: string, annotations = '{}') => policy(`name: web, namespace: shop, annotations: ${annotations}`, `selector: {matchLabels: {app: web}}, ${spec}`);

testRule(rule, {
  valid: [
    { name: 'the exception carries its reason', yaml: MESH + REASONED + web('mtls: {mode: PERMISSIVE}', '{cdk8s-istio-mtls/reason: "needed by the mainframe"}') },
    { name: 'the parent is not STRICT', yaml: REASONED + policy('name: default, namespace: shop', 'mtls: {mode: PERMISSIVE}') + web('mtls: {mode: DISABLE}') },
    { name: 'the policy is STRICT by itself, below nothing', yaml: REASONED + web('mtls: {mode: STRICT}, portLevelMtls: {"80": {mode: DISABLE}}') },
    {
      name: 'the policy of the namespace is dropped (MTLS103 speaks)',
      yaml: MESH + REASONED + policy('name: a, namespace: shop', 'mtls: {mode: STRICT}') + policy('name: b, namespace: shop', 'mtls: {mode: DISABLE}'),
    },
    { name: 'the policy stands in the root namespace', yaml: MESH + REASONED + policy('name: web, namespace: istio-system', 'selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}') },
    { name: 'the ports inherit', yaml: MESH + REASONED + web('portLevelMtls: {"80": {mode: UNSET}}') },
    { name: 'the API server refuses the policy', yaml: MESH + REASONED + web('mtls: {mode: disable}') },
  ],
  invalid: [
    {
      name: 'a workload is weaker than the mesh, where exceptions carry reasons',
      yaml: MESH + REASONED + web('mtls: {mode: PERMISSIVE}, portLevelMtls: {"80": {mode: DISABLE}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.mtls.mode',
        see: ['PeerAuthentication istio-system/default'],
        what: 'the workload is PERMISSIVE below PeerAuthentication istio-system/default (STRICT), and no annotation says why',
        fix: 'Add metadata.annotations: {cdk8s-istio-mtls/reason: "why it is needed"} to PeerAuthentication shop/web, or remove the exception.',
      }],
    },
    {
      name: 'ports are weaker than their workload',
      yaml: MESH + REASONED + web('mtls: {mode: STRICT}, portLevelMtls: {"80": {mode: DISABLE}, "81": {mode: PERMISSIVE}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        field: 'spec.portLevelMtls.80.mode',
        what: 'workload port 80 is DISABLE, workload port 81 is PERMISSIVE below PeerAuthentication istio-system/default (STRICT), and no annotation says why',
      }],
    },
    {
      name: 'a namespace is weaker than the mesh',
      yaml: MESH + REASONED + policy('name: default, namespace: shop', 'mtls: {mode: DISABLE}'),
      findings: [{ object: 'PeerAuthentication shop/default', what: /^namespace "shop" is DISABLE below/ }],
    },
    {
      name: 'an exception has an end and a blank reason',
      yaml: MESH + web('mtls: {mode: PERMISSIVE}', '{cdk8s-istio-mtls/expires: "2027-01-01", cdk8s-istio-mtls/reason: " "}'),
      findings: [{ object: 'PeerAuthentication shop/web' }],
    },
    {
      name: 'no exception of the input carries a reason: worth an info',
      yaml: MESH + web('mtls: {mode: PERMISSIVE}'),
      findings: [{ object: 'PeerAuthentication shop/web', severity: Severity.INFO }],
    },
  ],
});
