import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls306-server-first-protocol-permissive';
import { testRule } from '../../src/testing/test-rule';

const namespace = (name: string, label: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: {${label}}}
`;

const world = ({ port = '{name: mysql, port: 3306}', spec = '', label = 'istio-injection: enabled' } = {}) => `
  apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: db, namespace: shop}
  spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, ports: [{containerPort: 3306}]}]}}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: db, namespace: shop}
  spec: {${spec} selector: {app: db}, ports: [${port}]}
${namespace('shop', label)}${namespace('legacy', '')}`;

const client = (place: string, name = 'crm', value = 'db.shop') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: ${place}}
  spec: {template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: crm, env: [{name: DB_HOST, value: ${value}}]}]}}}
`;

const policy = (spec: string) => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: db, namespace: shop}
  spec: ${spec}
`;

const DISABLE_RULE = `
  ---
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: db, namespace: shop}
  spec: {host: db.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}
`;

testRule(rule, {
  valid: [
    { name: 'clients with sidecars speak mTLS first', yaml: world() + client('shop') },
    { name: 'nobody calls', yaml: world() + client('legacy', 'crm', 'other.shop') },
    { name: 'the port is DISABLE, so that the sidecar waits for nothing', yaml: world() + client('legacy') + policy('{selector: {matchLabels: {app: db}}, portLevelMtls: {"3306": {mode: DISABLE}}}') },
    { name: 'the port is STRICT, which MTLS206 says', yaml: world() + client('legacy') + policy('{mtls: {mode: STRICT}}') },
    { name: 'the client speaks first', yaml: world({ port: '{name: tcp-postgres, port: 5432}' }) + client('legacy') },
    { name: 'the port carries HTTP, whatever its number', yaml: world({ port: '{name: http, port: 25}' }) + client('legacy') },
    { name: 'the server has no sidecar', yaml: world({ label: '' }) + client('legacy') },
    { name: 'the mesh has a time-out for it', settings: { protocolDetectionTimeout: '5s' }, yaml: world() + client('legacy') },
    { name: 'the port says no protocol, which MTLS311 says', yaml: world({ port: '{name: ssh, port: 22, targetPort: 3306}' }) + client('shop') + DISABLE_RULE },
    { name: 'ztunnel waits for nothing', settings: { ambient: true }, yaml: world({ label: 'istio.io/dataplane-mode: ambient' }) + client('legacy') },
    { name: 'nobody knows whether the client has a sidecar', yaml: world() + client('unseen') },
  ],
  invalid: [
    {
      name: 'clients without proxy call a PERMISSIVE MySQL: one fault',
      yaml: world() + client('legacy') + client('legacy', 'etl', 'mysql://db.shop:3306/etl') + policy('{mtls: {mode: PERMISSIVE}}'),
      findings: [{
        object: 'PeerAuthentication shop/db',
        field: 'spec.mtls.mode',
        see: ['Deployment legacy/crm', 'Deployment legacy/etl', 'Service shop/db', 'StatefulSet shop/db'],
        calls: ['legacy/crm -> db.shop.svc.cluster.local:3306', 'legacy/etl -> db.shop.svc.cluster.local:3306'],
        what: 'legacy/crm speaks plaintext (neither the namespace nor the pod asks for a sidecar) to service port 3306 of Service shop/db, where the server speaks first, '
          + 'and workload port 3306 of shop/db is PERMISSIVE',
        fix: 'Give legacy/crm a proxy: label its pods with sidecar.istio.io/inject: "true", or Namespace legacy with istio-injection: enabled. '
          + 'Or make workload port 3306 DISABLE:\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
          + 'metadata: {name: db-3306, namespace: shop}\nspec:\n  selector: {matchLabels: {"app": "db"}}\n  mtls: {mode: PERMISSIVE}\n'
          + '  portLevelMtls:\n    "3306": {mode: DISABLE}',
      }],
    },
    {
      name: 'no policy says anything, and PERMISSIVE is the default',
      yaml: world({ port: '{name: mail, port: 587}' }) + client('legacy'),
      findings: [{ object: 'Service shop/db', field: 'spec.ports[0]' }],
    },
    {
      name: 'a policy already selects the pods',
      yaml: world() + client('legacy') + policy('{selector: {matchLabels: {app: db}}, mtls: {mode: PERMISSIVE}}'),
      findings: [{
        object: 'PeerAuthentication shop/db',
        fix: 'Give legacy/crm a proxy: label its pods with sidecar.istio.io/inject: "true", or Namespace legacy with istio-injection: enabled. '
          + 'Or make workload port 3306 DISABLE, in PeerAuthentication shop/db:\n'
          + 'spec:\n  mtls: {mode: PERMISSIVE}\n  portLevelMtls:\n    "3306": {mode: DISABLE}',
      }],
    },
    {
      name: 'a rule takes the mTLS from a client with a sidecar',
      yaml: world() + client('shop') + DISABLE_RULE,
      findings: [{
        object: 'DestinationRule shop/db',
        field: 'spec.trafficPolicy.tls.mode',
        fix: 'Have shop/crm speak mTLS: take tls out of DestinationRule shop/db, or make it ISTIO_MUTUAL.',
      }],
    },
    {
      name: 'the Service is headless, so that an exception would break clients with sidecars',
      yaml: world({ spec: 'clusterIP: None,', port: '{name: tcp, port: 3306}' }) + client('legacy'),
      findings: [{ object: 'Service shop/db', fix: 'Give legacy/crm a proxy: label its pods with sidecar.istio.io/inject: "true", or Namespace legacy with istio-injection: enabled.' }],
    },
    {
      name: 'MongoDB stands in Istio\'s list',
      yaml: world({ port: '{name: mongo, port: 27017, targetPort: 3306}' }) + client('legacy'),
      findings: [{ object: 'Service shop/db', severity: Severity.WARNING, condition: 'the server greets its clients, which MongoDB does not with most drivers' }],
    },
  ],
});
