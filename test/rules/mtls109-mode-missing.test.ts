import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls109-mode-missing';
import { testRule } from '../../src/testing/test-rule';

const policy = (name: string, spec: string, namespace = 'shop') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: ${spec}
`;

const WEB = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {template: {metadata: {labels: {app: web, team: front}}}}
`;

testRule(rule, {
  valid: [
    { name: 'only ports are set', yaml: policy('web', '{selector: {matchLabels: {app: web}}, portLevelMtls: {"80": {mode: DISABLE}}}') },
    { name: 'the mode was written in the wrong place (MTLS111 speaks)', yaml: policy('default', '{mode: STRICT}') },
    { name: 'the mode is refused (MTLS113 speaks)', yaml: policy('default', '{mtls: {mode: strict}}') },
  ],
  invalid: [
    {
      name: 'the mode is missing',
      yaml: policy('default', '{}'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        field: 'spec.mtls',
        what: 'the policy sets no mode, so that its namespace keeps the mode it has without it',
      }],
    },
    {
      name: 'UNSET is written out and hides nothing: a statement, worth an info',
      yaml: policy('default', '{mtls: {mode: UNSET}}', 'istio-system'),
      findings: [{
        object: 'PeerAuthentication istio-system/default',
        severity: Severity.INFO,
        what: 'the policy sets no mode, so that the mesh keeps the mode it has without it',
      }],
    },
    {
      name: 'UNSET hides a policy that sets a mode',
      yaml: policy('lockdown', '{mtls: {mode: UNSET}}') + policy('strict', '{mtls: {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication shop/lockdown',
        severity: Severity.ERROR,
        see: ['PeerAuthentication shop/strict'],
        what: 'the policy sets no mode, so that its namespace keeps the mode it has without it, and it hides PeerAuthentication shop/strict (STRICT)',
      }],
    },
    {
      name: 'a policy for a workload sets nothing and hides another for it',
      yaml: WEB + policy('a', '{selector: {matchLabels: {app: web}}}') + policy('b', '{selector: {matchLabels: {team: front}}, mtls: {mode: STRICT}}'),
      findings: [{
        object: 'PeerAuthentication shop/a',
        severity: Severity.ERROR,
        see: ['PeerAuthentication shop/b'],
        what: 'the policy sets no mode, so that its workloads keep the mode they have without it, and it hides PeerAuthentication shop/b (STRICT)',
      }],
    },
    {
      name: 'a policy for a workload sets nothing',
      yaml: policy('web', '{selector: {matchLabels: {app: web}}, mtls: {}}'),
      findings: [{
        object: 'PeerAuthentication shop/web',
        what: 'the policy sets no mode, so that its workloads keep the mode they have without it',
      }],
    },
  ],
});
