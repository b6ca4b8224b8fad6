import { MeshSettings } from '../../src/mesh/settings';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls206-client-without-proxy-to-strict-server';
import { findingsOf, testRule } from '../../src/testing/test-rule';

const namespace = (name: string, labels: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: ${labels}}
`;

const client = (name: string, { env = '{name: API, value: "http://api.shop:80"}', labels = '{}', spec = '', image = 'client' } = {}) => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: legacy}
  spec: {template: {metadata: {labels: ${labels}}, spec: {${spec} containers: [{name: client, image: ${image}, env: [${env}]}]}}}
`;

const policy = (spec: string, name = 'default') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: shop}
  spec: ${spec}
`;

const STRICT = policy('{mtls: {mode: STRICT}}');

const SERVER = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: api, namespace: shop}
  spec: {template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: api, namespace: shop}
  spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}, {name: http-metrics, port: 9090}]}
${namespace('shop', '{istio-injection: enabled}')}`;

const LEGACY = namespace('legacy', '{}');

/** How to join the mesh, whatever keeps the client from it; the rest of the fix is about the server. */
describe('the fix of MTLS206', () => {
  const INJECT = 'sidecar.istio.io/inject';
  const worlds: [string, string, MeshSettings, string][] = [
    ['a label', namespace('legacy', '{istio-injection: enabled}') + client('old', { labels: `{${INJECT}: "false"}` }), {}, `change ${INJECT} of its pods to "true".`],
    ['a label, in a namespace that asks for nothing', LEGACY + client('old', { labels: `{${INJECT}: "false"}` }), {},
      `change ${INJECT} of its pods to "true".`],
    ['a label, in a namespace that refuses', namespace('legacy', '{istio-injection: disabled}') + client('old', { labels: `{${INJECT}: "false"}` }), {},
      `change ${INJECT} of its pods to "true", and label Namespace legacy with istio-injection: enabled.`],
    ['another revision', namespace('legacy', '{istio.io/rev: canary}') + client('old'), { revision: 'stable' }, 'label Namespace legacy with istio.io/rev: stable.'],
    ['an annotation', namespace('legacy', '{istio.io/rev: canary}') + client('old').replace('labels: {}', `annotations: {${INJECT}: "false"}`), {},
      `change ${INJECT} of its pods to "true".`],
    ['its namespace', namespace('legacy', '{istio-injection: disabled}') + client('old'), {}, 'label Namespace legacy with istio-injection: enabled.'],
    ['nobody', LEGACY + client('old'), { revision: 'default' },
      `label its pods with ${INJECT}: "true", or Namespace legacy with istio-injection: enabled.`],
    ['a revision that is not asked for', LEGACY + client('old'), { revision: 'stable' },
      'label its pods with istio.io/rev: stable, or Namespace legacy with istio.io/rev: stable.'],
    ['a system namespace', client('old').replace('legacy', 'kube-system'), { openWorld: false }, 'Move kube-system/old out of namespace kube-system, whose pods never get a proxy.'],
  ];
  it.each(worlds)('undoes what %s does', (_, yaml, settings, expected) => {
    const server = settings.revision === 'stable' ? SERVER.replace('istio-injection: enabled', 'istio.io/rev: stable') : SERVER;
    const [finding, ...others] = findingsOf(rule, server + STRICT + yaml, { settings });
    expect(others).toEqual([]);
    expect(finding.fix.split('\n')[0].replace('Give legacy/old a proxy: ', '')).toBe(expected);
  });
});

testRule(rule, {
  valid: [
    { name: 'the server takes both', yaml: SERVER + LEGACY + policy('{mtls: {mode: PERMISSIVE}}') + client('old') },
    { name: 'the client has a sidecar', yaml: SERVER + namespace('legacy', '{istio-injection: enabled}') + STRICT + client('old') },
    { name: 'the client\'s sidecar is that of another revision, as during an upgrade', yaml: SERVER + namespace('legacy', '{istio.io/rev: canary}') + STRICT + client('old') },
    {
      name: 'a policy of the root namespace was to open the workload, which MTLS102 says',
      yaml: SERVER + LEGACY + STRICT + client('old')
      + policy('{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}', 'api').replace('namespace: shop', 'namespace: istio-system'),
    },
    { name: 'a second policy was to open the namespace, which MTLS103 says', yaml: SERVER + LEGACY + STRICT + client('old') + policy('{mtls: {mode: PERMISSIVE}}', 'open') },
    {
      name: 'a second policy was to open the workload, which MTLS104 says',
      yaml: SERVER + LEGACY + client('old')
      + policy('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}', 'a') + policy('{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}', 'b'),
    },
    {
      name: 'the ports to open stand where the API server drops them, which MTLS111 says',
      yaml: SERVER + LEGACY + client('old')
      + policy('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT, portLevelMtls: {"8080": {mode: PERMISSIVE}}}}', 'a'),
    },
    { name: 'the client calls nobody', yaml: SERVER + LEGACY + STRICT + client('old', { env: '{name: GREETING, value: hello}' }) },
    {
      name: 'only the port that is called is open',
      yaml: SERVER + LEGACY + policy('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: PERMISSIVE}}}') + client('old'),
    },
    { name: 'a monitor has the port scraped, which MTLS303 says', yaml: SERVER + LEGACY + STRICT + client('prometheus', { env: '', image: 'quay.io/prometheus/prometheus:v3' }) + monitor() },
    { name: 'nobody knows which of the two has a proxy', yaml: SERVER.replace('shop, labels: {istio-injection: enabled}', 'other') + STRICT + client('old') },
    { name: 'the client is shown to call its own Service', yaml: `${SERVER}${STRICT}`.replace('{name: api, ports', '{name: api, env: [{name: SELF, value: "http://api"}], ports') },
  ],
  invalid: [
    {
      name: 'the mesh takes plaintext, and the namespace is STRICT on purpose',
      yaml: SERVER + LEGACY + STRICT + client('old') + policy('{mtls: {mode: PERMISSIVE}}').replace('namespace: shop', 'namespace: istio-system'),
      findings: [{ object: 'PeerAuthentication shop/default' }],
    },
    {
      name: 'a workload of a namespace that takes plaintext is STRICT on purpose',
      yaml: SERVER + LEGACY + client('old') + policy('{mtls: {mode: PERMISSIVE}}') + policy('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}', 'api'),
      findings: [{ object: 'PeerAuthentication shop/api' }],
    },
    {
      name: 'clients without proxy call a STRICT port: one fault',
      yaml: SERVER + LEGACY + STRICT + client('old') + client('older', { env: '{name: API, value: api.shop}' }),
      findings: [
        {
          object: 'PeerAuthentication shop/default',
          field: 'spec.mtls.mode',
          see: ['Deployment legacy/old', 'Namespace legacy', 'Service shop/api', 'Deployment shop/api'],
          calls: ['legacy/old -> api.shop.svc.cluster.local:80', 'legacy/older -> api.shop.svc.cluster.local:80'],
          what: 'legacy/old has no proxy (neither the namespace nor the pod asks for a sidecar) and calls service port 80 of Service shop/api, '
            + 'and workload port 8080 of shop/api behind it is STRICT',
          fix: 'Give legacy/old a proxy: label its pods with sidecar.istio.io/inject: "true", or Namespace legacy with istio-injection: enabled.\n'
            + 'Or, where it has to stay without one, let workload port 8080 take plaintext too, and keep the others STRICT:\n'
            + 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: api-8080, namespace: shop}\n'
            + 'spec:\n  selector: {matchLabels: {"app": "api"}}\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "8080": {mode: PERMISSIVE}',
        },
        { object: 'PeerAuthentication shop/default', calls: ['legacy/older -> api.shop.svc.cluster.local:9090'] },
      ],
    },
    {
      name: 'the client is on the host\'s network',
      yaml: SERVER + namespace('legacy', '{istio-injection: enabled}') + STRICT + client('agent', { spec: 'hostNetwork: true,' }),
      findings: [{
        object: 'PeerAuthentication shop/default',
        see: ['Deployment legacy/agent', 'Service shop/api', 'Deployment shop/api'],
        fix: 'Take legacy/agent off the host\'s network (hostNetwork), so that it can get a proxy.\n'
          + 'Or, where it has to stay without one, let workload port 8080 take plaintext too, and keep the others STRICT:\n'
          + 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: api-8080, namespace: shop}\n'
          + 'spec:\n  selector: {matchLabels: {"app": "api"}}\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "8080": {mode: PERMISSIVE}',
      }],
    },
    ...([
      ['the pods refuse the sidecar', {}, 'istio-injection: enabled', '{sidecar.istio.io/inject: "false"}', 'change sidecar.istio.io/inject of its pods to "true"'],
      ['the namespace refuses sidecars, whatever its pods say', {}, 'istio-injection: disabled', '{sidecar.istio.io/inject: "true"}', 'label Namespace legacy with istio-injection: enabled'],
      ['the namespace belongs to no revision', { revision: 'canary' }, 'team: a', '{}', 'label its pods with istio.io/rev: canary, or Namespace legacy with istio.io/rev: canary'],
      [
        'the label of another kind of injection is in the way of the revision', { revision: 'canary' }, 'istio-injection: enabled', '{}',
        'remove the label istio-injection, and label Namespace legacy with istio.io/rev: canary',
      ],
    ] as const).map(([name, settings, label, labels, cure]) => ({
      name,
      settings,
      yaml: SERVER.replace('{istio-injection: enabled}', 'revision' in settings ? '{istio.io/rev: canary}' : '{istio-injection: enabled}')
        + namespace('legacy', `{${label}}`) + STRICT + client('old', { labels }),
      findings: [{
        object: 'PeerAuthentication shop/default',
        fix: `Give legacy/old a proxy: ${cure}.\nOr, where it has to stay without one, let workload port 8080 take plaintext too, and keep the others STRICT:\n`
          + 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: api-8080, namespace: shop}\n'
          + 'spec:\n  selector: {matchLabels: {"app": "api"}}\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "8080": {mode: PERMISSIVE}',
      }],
    })),
    {
      name: 'the Namespace of the client is not in the input',
      yaml: SERVER + STRICT + client('old'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        severity: Severity.WARNING,
        condition: 'the pods of legacy/old have no proxy (Namespace legacy is not in the input)',
      }],
    },
    {
      name: 'KEDA asks what a ScaledObject names',
      yaml: `${SERVER}${LEGACY}${STRICT}${client('keda-operator', { env: '', image: 'ghcr.io/kedacore/keda:2.17.2' })}
  ---
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: {name: worker, namespace: shop}
  spec: {triggers: [{type: metrics-api, metadata: {url: "http://api.shop.svc.cluster.local:9090/metrics", targetValue: "5"}}]}
`,
      findings: [{
        object: 'PeerAuthentication shop/default',
        see: ['Deployment legacy/keda-operator', 'Namespace legacy', 'ScaledObject shop/worker', 'Service shop/api', 'Deployment shop/api'],
        calls: ['legacy/keda-operator -> api.shop.svc.cluster.local:9090'],
      }],
    },
  ],
});

function monitor(): string {
  return `
  ---
  apiVersion: monitoring.coreos.com/v1
  kind: ServiceMonitor
  metadata: {name: api, namespace: shop}
  spec: {selector: {}, endpoints: [{port: http-metrics}]}
`;
}
