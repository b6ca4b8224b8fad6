import { rule } from '../../src/rules/mtls902-settings-conflict';
import { testRule } from '../../src/testing/test-rule';

const configMap = (mesh: string, name = 'istio') => `
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: ${name}, namespace: istio-system}
  data: {mesh: "${mesh}"}
`;
const sail = (values: string, name = 'default', profile = '') => `
  ---
  apiVersion: sailoperator.io/v1
  kind: Istio
  metadata: {name: ${name}}
  spec: {version: v1.28.0, namespace: istio-system${profile}, values: ${values}}
`;
const operator = (spec: string) => `
  ---
  apiVersion: install.istio.io/v1alpha1
  kind: IstioOperator
  metadata: {name: mesh, namespace: istio-system}
  spec: ${spec}
`;

testRule(rule, {
  valid: [
    { name: 'nothing was given', yaml: configMap('enableAutoMtls: false') },
    { name: 'both say the same', settings: { autoMtls: false, rootNamespace: 'r' }, yaml: configMap('{enableAutoMtls: false, rootNamespace: r}') },
    { name: 'each speaks of something else', settings: { autoMtls: false }, yaml: configMap('rootNamespace: r') },
    { name: 'the ConfigMap is of another revision', settings: { autoMtls: true, revision: 'stable' }, yaml: configMap('enableAutoMtls: false', 'istio-canary') },
    { name: 'the ConfigMap of the default revision stands beside it', settings: { autoMtls: true }, yaml: configMap('enableAutoMtls: false', 'istio-canary') + configMap('enableAutoMtls: true') },
    { name: 'the ConfigMap is no mesh configuration', settings: { autoMtls: true }, yaml: configMap('enableAutoMtls: false', 'other') },
    { name: 'the mesh configuration is no YAML', settings: { autoMtls: true }, yaml: configMap('a: [') },
  ],
  invalid: [
    {
      name: 'the ConfigMap of istiod says otherwise in two fields',
      settings: { autoMtls: true, rootNamespace: 'istio-system' },
      yaml: configMap('{enableAutoMtls: false, rootNamespace: mesh-config, trustDomain: td}'),
      findings: [{
        object: 'ConfigMap istio-system/istio',
        field: 'data.mesh',
        what: 'enableAutoMtls is false here, and autoMtls was given as true (judged with true); '
          + 'rootNamespace is mesh-config here, and rootNamespace was given as istio-system (judged with istio-system)',
        fix: 'Give autoMtls: false, rootNamespace: mesh-config, or correct ConfigMap istio-system/istio.',
      }],
    },
    {
      name: 'the Istio resource of the revision says otherwise',
      settings: { revision: 'canary', ambient: false },
      yaml: sail('{meshConfig: {trustDomain: td}}', 'canary', ', profile: ambient'),
      findings: [{ object: 'Istio canary', field: 'spec.values.meshConfig', what: 'the ambient profile is true here, and ambient was given as false (judged with false)' }],
    },
    {
      name: 'an IstioOperator says otherwise',
      settings: { trustDomain: 'cluster.local' },
      yaml: operator('{meshConfig: {trustDomain: example.org}}'),
      findings: [{ object: 'IstioOperator istio-system/mesh', field: 'spec.meshConfig' }],
    },
    {
      name: 'the only ConfigMap is of a revision, and none was given',
      settings: { autoMtls: true },
      yaml: configMap('enableAutoMtls: false', 'istio-canary'),
      findings: [{ object: 'ConfigMap istio-system/istio-canary' }],
    },
  ],
});
