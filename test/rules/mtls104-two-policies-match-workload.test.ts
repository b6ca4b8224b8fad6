import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls104-two-policies-match-workload';
import { testRule } from '../../src/testing/test-rule';

const NAMESPACE = `
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop, labels: {istio-injection: enabled}}
`;
const workload = (name: string, labels: string) => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: shop}
  spec: {template: {metadata: {labels: ${labels}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}}
`;
const policy = (metadata: string, selector: string, spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {${metadata}, namespace: shop}
  spec: {selector: {matchLabels: ${selector}}, ${spec}}
`;
const WEB = workload('web', '{app: web, team: front}');
const STRICT = 'mtls: {mode: STRICT}';

testRule(rule, {
  valid: [
    {
      name: 'the selectors match different workloads',
      yaml: NAMESPACE + WEB + workload('api', '{app: api}') + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: api}', 'mtls: {mode: PERMISSIVE}'),
    },
    { name: 'the second policy is refused by the API server', yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: web}', 'mtls: {mode: strict}') },
    { name: 'the workload is not in the input', yaml: NAMESPACE + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: web}', 'mtls: {mode: DISABLE}') },
    {
      name: 'the workload has no proxy, so that neither has any effect',
      yaml: NAMESPACE + workload('web', '{app: web, sidecar.istio.io/inject: "false"}') + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: web}', 'mtls: {mode: DISABLE}'),
    },
    {
      name: 'the policy that wins sets nothing (MTLS109 speaks)',
      yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', 'mtls: {}') + policy('name: b', '{app: web}', STRICT),
    },
    { name: 'both manifests are the same object (MTLS503 speaks)', yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', STRICT) + policy('name: a', '{app: web}', 'mtls: {mode: DISABLE}') },
    {
      name: 'the policies stand in the root namespace (MTLS102 speaks)',
      settings: { rootNamespace: 'shop' },
      yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: web}', 'mtls: {mode: DISABLE}'),
    },
  ],
  invalid: [
    {
      name: 'the ports of two policies are not merged',
      yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', `${STRICT}, portLevelMtls: {"9090": {mode: PERMISSIVE}}`)
        + policy('name: b', '{app: web}', `${STRICT}, portLevelMtls: {"8080": {mode: PERMISSIVE}}`),
      findings: [{
        object: 'PeerAuthentication shop/b',
        see: ['PeerAuthentication shop/a', 'Deployment shop/web'],
        what: 'PeerAuthentication shop/b is ignored for Deployment shop/web: PeerAuthentication shop/a is first by name and already selects it, '
          + 'so that workload port 8080 is STRICT and not PERMISSIVE, workload port 9090 is PERMISSIVE and not STRICT',
        fix: 'Delete PeerAuthentication shop/b and write the ports of both into PeerAuthentication shop/a: '
          + 'portLevelMtls: {"9090": {mode: PERMISSIVE}, "8080": {mode: PERMISSIVE}}.',
      }],
    },
    {
      name: 'an older policy for a team hides one for the workload',
      yaml: NAMESPACE + WEB + workload('api', '{app: api, team: front}')
        + policy('name: web, creationTimestamp: "2026-02-01T00:00:00Z"', '{app: web}', `${STRICT}, portLevelMtls: {"8080": {mode: DISABLE}}`)
        + policy('name: zz-team, creationTimestamp: "2026-01-01T00:00:00Z"', '{team: front}', STRICT),
      findings: [{
        object: 'PeerAuthentication shop/web',
        what: 'PeerAuthentication shop/web is ignored for Deployment shop/web: PeerAuthentication shop/zz-team is older and already selects it, '
          + 'so that workload port 8080 is STRICT and not DISABLE',
        fix: 'Write what is meant for Deployment shop/web into one of the two, and delete the other or change its selector so that it does not match.',
      }],
    },
    {
      name: 'an inherited mode counts as the mode of the namespace',
      yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', 'mtls: {mode: UNSET}, portLevelMtls: {"9090": {mode: STRICT}}') + policy('name: b', '{app: web}', STRICT),
      findings: [{
        object: 'PeerAuthentication shop/b',
        what: 'PeerAuthentication shop/b is ignored for Deployment shop/web: PeerAuthentication shop/a is first by name and already selects it, '
          + 'so that the workload is PERMISSIVE and not STRICT',
      }],
    },
    {
      name: 'both say the same',
      yaml: NAMESPACE + WEB + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{team: front}', `${STRICT}, portLevelMtls: {"8080": {mode: STRICT}}`),
      findings: [{
        object: 'PeerAuthentication shop/b',
        severity: Severity.WARNING,
        what: 'PeerAuthentication shop/b is ignored for Deployment shop/web: PeerAuthentication shop/a is first by name and already selects it, and says the same',
      }],
    },
    {
      name: 'one policy hides two others, each of which is a fault',
      yaml: NAMESPACE + WEB + ['a', 'b', 'c'].map((name, i) => policy(`name: ${name}`, '{app: web}', `portLevelMtls: {"${8080 + i}": {mode: STRICT}}`)).join(''),
      findings: [{ object: 'PeerAuthentication shop/b', see: ['PeerAuthentication shop/a', 'Deployment shop/web'] }, { object: 'PeerAuthentication shop/c' }],
    },
    {
      name: 'any may win in ambient',
      settings: { ambient: true },
      yaml: NAMESPACE.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient') + WEB
        + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: web}', 'mtls: {mode: PERMISSIVE}'),
      findings: [{
        object: 'PeerAuthentication shop/b',
        what: 'PeerAuthentication shop/b is ignored for Deployment shop/web: PeerAuthentication shop/a selects it too, '
          + 'and of two policies of one age any may win in ambient, so that the workload is STRICT and not PERMISSIVE',
      }],
    },
    {
      name: 'it is not known whether the workload has a proxy',
      yaml: WEB + policy('name: a', '{app: web}', STRICT) + policy('name: b', '{app: web}', 'mtls: {mode: DISABLE}'),
      findings: [{ object: 'PeerAuthentication shop/b', severity: Severity.WARNING, condition: 'namespace "shop", which is not in the input, is in the mesh' }],
    },
  ],
});
