import { rule } from '../../src/rules/mtls101-port-levels-without-selector';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the ports belong to a selected workload',
      yaml: `
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: web, namespace: shop}
        spec: {selector: {matchLabels: {app: web}}, portLevelMtls: {"8080": {mode: DISABLE}}}
      `,
    },
    {
      name: 'the ports stand under mtls, where the API server prunes them (MTLS111 speaks)',
      yaml: `
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT, portLevelMtls: {"8080": {mode: DISABLE}}}}
      `,
    },
  ],
  invalid: [
    {
      name: 'a namespace policy has ports',
      yaml: `
        apiVersion: security.istio.io/v1beta1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: DISABLE}}}
      `,
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.portLevelMtls',
        what: 'portLevelMtls is set, and there is no selector with labels: whose ports are meant cannot be told',
      }],
    },
    {
      name: 'the selector is there and empty',
      yaml: `
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {selector: {matchLabels: {}}, portLevelMtls: {"8080": {mode: DISABLE}}}
      `,
      findings: [{ object: 'PeerAuthentication shop/default', field: 'spec.portLevelMtls' }],
    },
  ],
});
