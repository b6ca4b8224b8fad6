import { rule } from '../../src/rules/mtls102-selector-in-root-namespace';
import { testRule } from '../../src/testing/test-rule';

const policy = (namespace: string, selector: string) => `
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: web, namespace: ${namespace}}
  spec: {selector: ${selector}, mtls: {mode: STRICT}}
`;

testRule(rule, {
  valid: [
    { name: 'the policy stands in the namespace of its workload', yaml: policy('shop', '{matchLabels: {app: web}}') },
    { name: 'the selector in the root namespace is empty, which counts as none', yaml: policy('istio-system', '{matchLabels: {}}') },
    {
      name: 'istio-system is not the root namespace of this mesh',
      settings: { rootNamespace: 'mesh-config' },
      yaml: policy('istio-system', '{matchLabels: {app: web}}'),
    },
  ],
  invalid: [
    {
      name: 'a policy for the ingress gateway stands in the root namespace',
      yaml: policy('istio-system', '{matchLabels: {istio: ingressgateway}}'),
      findings: [{
        object: 'PeerAuthentication istio-system/web',
        field: 'spec.selector',
        what: 'the policy selects istio=ingressgateway, but stands in the root namespace "istio-system", where selectors are ignored',
      }],
    },
    {
      name: 'the root namespace is another one',
      settings: { rootNamespace: 'mesh-config' },
      yaml: policy('mesh-config', '{matchLabels: {app: web, version: v1}}'),
      findings: [{
        object: 'PeerAuthentication mesh-config/web',
        what: 'the policy selects app=web, version=v1, but stands in the root namespace "mesh-config", where selectors are ignored',
      }],
    },
  ],
});
