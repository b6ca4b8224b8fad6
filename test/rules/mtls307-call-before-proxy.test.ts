import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls307-call-before-proxy';
import { testRule } from '../../src/testing/test-rule';

const namespace = (name: string, label: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: {${label}}}
`;

const OFF = '{sidecar.istio.io/nativeSidecar: "false"}';
const ON = '{sidecar.istio.io/nativeSidecar: "true"}';
const CALL = 'env: [{name: DB, value: "postgres://db.data:5432/app"}]';

const world = (init: string, { annotations = OFF, containers = '[{name: api}]', app = 'istio-injection: enabled', data = 'istio-injection: enabled', kind = 'Deployment', spec = '' } = {}) => `
  apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: postgres, namespace: data}
  spec: {template: {metadata: {labels: {app: postgres}}, spec: {containers: [{name: postgres, ports: [{containerPort: 5432}]}]}}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: db, namespace: data}
  spec: {selector: {app: postgres}, ports: [{name: tcp, port: 5432}]}
  ---
  apiVersion: ${kind === 'Job' ? 'batch/v1' : 'apps/v1'}
  kind: ${kind}
  metadata: {name: api, namespace: app}
  spec: {template: {metadata: {labels: {app: api}, annotations: ${annotations}}, spec: {${spec} initContainers: [${init}], containers: ${containers}}}}
${namespace('app', app)}${data === '' ? '' : namespace('data', data)}`;

const policy = (mode: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: data}
  spec: {mtls: {mode: ${mode}}}
`;

const STRICT = policy('STRICT');

const OPEN = `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: db, namespace: data}
  spec: {selector: {matchLabels: {app: postgres}}, mtls: {mode: STRICT}, portLevelMtls: {"5432": {mode: PERMISSIVE}}}
`;

const istiod = (value: string) => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: istiod, namespace: istio-system}
  spec:
    template:
      metadata: {labels: {sidecar.istio.io/inject: "false"}}
      spec: {containers: [{name: discovery, env: [{name: ENABLE_NATIVE_SIDECARS, value: "${value}"}]}]}
`;

const MIGRATE = `{name: migrate, ${CALL}}`;

testRule(rule, {
  valid: [
    { name: 'the server takes both', yaml: world(MIGRATE) + policy('PERMISSIVE') },
    { name: 'the port is open', yaml: world(MIGRATE) + STRICT + OPEN },
    { name: 'the sidecar is a native one', yaml: world(MIGRATE, { annotations: ON }) + STRICT },
    { name: 'native sidecars are switched on for the mesh', yaml: world(MIGRATE, { annotations: '{}' }) + STRICT + istiod('true') },
    { name: 'only the application calls', yaml: world('{name: wait}', { containers: `[{name: api, ${CALL}}]` }) + STRICT },
    { name: 'the init container goes on running', yaml: world(`{name: tunnel, restartPolicy: Always, ${CALL}}`) + STRICT },
    { name: 'there are no init containers', yaml: world('') + STRICT },
    { name: 'the client has no sidecar at all, which MTLS206 says', yaml: world(MIGRATE, { app: '' }) + STRICT },
    { name: 'ztunnel is there before the pod', settings: { ambient: true }, yaml: world(MIGRATE, { app: 'istio.io/dataplane-mode: ambient', data: 'istio.io/dataplane-mode: ambient' }) + STRICT },
  ],
  invalid: [
    {
      name: 'native sidecars are switched off: one fault for all calls',
      yaml: world(`${MIGRATE}, {name: again, args: ["--db=db.data:5432"]}`) + STRICT,
      findings: [{
        object: 'Deployment app/api',
        field: 'spec.template.spec.initContainers[0]',
        see: ['PeerAuthentication data/default', 'Service data/db', 'StatefulSet data/postgres'],
        calls: ['app/api (init container) -> db.data.svc.cluster.local:5432'],
        what: 'init container "migrate" runs before the sidecar (the annotation sidecar.istio.io/nativeSidecar is "false"), and calls service port 5432 of Service data/db, '
          + 'and workload port 5432 of data/postgres behind it is STRICT',
        fix: 'Annotate the pods of app/api with sidecar.istio.io/nativeSidecar: "true" (Kubernetes 1.29 and later), so that the sidecar starts before the init containers. '
          + 'Or: let workload port 5432 take plaintext too, and keep the others STRICT:\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
          + 'metadata: {name: postgres-5432, namespace: data}\nspec:\n  selector: {matchLabels: {"app": "postgres"}}\n  mtls: {mode: STRICT}\n'
          + '  portLevelMtls:\n    "5432": {mode: PERMISSIVE}',
      }],
    },
    {
      name: 'the application calls as well, as it may',
      yaml: world(MIGRATE, { containers: `[{name: api, ${CALL}}]`, kind: 'Job' }) + STRICT,
      findings: [{ object: 'Job app/api' }],
    },
    {
      name: 'istiod is told not to use native sidecars',
      yaml: world(MIGRATE, { annotations: '{}' }) + STRICT + istiod('false'),
      findings: [{
        object: 'Deployment app/api', see: ['Deployment istio-system/istiod', 'PeerAuthentication data/default', 'Service data/db', 'StatefulSet data/postgres'],
      }],
    },
    {
      name: 'nothing says which kind of sidecar it is',
      yaml: world(MIGRATE, { annotations: '{}' }) + STRICT,
      findings: [{
        object: 'Deployment app/api',
        severity: Severity.WARNING,
        condition: 'the sidecar of app/api is not a native one (it depends on the versions of Istio and Kubernetes)',
      }],
    },
    {
      name: 'the init container goes past even a native sidecar',
      yaml: world(MIGRATE, { annotations: ON, spec: 'securityContext: {runAsUser: 1337},' }) + STRICT,
      findings: [{
        object: 'Deployment app/api',
        what: 'init container "migrate" runs as user 1337, whose connections are not redirected to the sidecar, and calls service port 5432 of Service data/db, '
          + 'and workload port 5432 of data/postgres behind it is STRICT',
      }],
    },
    {
      name: 'the Namespace of the server is not in the input',
      yaml: world(MIGRATE, { data: '' }) + STRICT,
      findings: [{
        object: 'Deployment app/api', severity: Severity.WARNING, condition: 'the pods of data/postgres have a sidecar (Namespace data is not in the input)',
      }],
    },
  ],
});
