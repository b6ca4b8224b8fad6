import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls601-identity-without-mtls';
import { testRule } from '../../src/testing/test-rule';

const world = (extra = '', { label = 'istio-injection: enabled', annotations = '{}' } = {}) => `
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop, labels: {${label}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: api, namespace: shop}
  spec:
    template:
      metadata: {labels: {app: api}, annotations: ${annotations}}
      spec: {containers: [{name: api, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: api, namespace: shop}
  spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
${extra}`;

const authorization = (spec: string, { name = 'api', namespace = 'shop' } = {}) => `
  ---
  apiVersion: security.istio.io/v1
  kind: AuthorizationPolicy
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: {${spec}}
`;

const authentication = (spec: string, name = 'default') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: shop}
  spec: ${spec}
`;

const from = (source: string, to = '') => `rules: [{from: [{source: {${source}}}]${to}}]`;
const mode = (name: string) => authentication(`{mtls: {mode: ${name}}}`);

const WEB = 'principals: [cluster.local/ns/shop/sa/web]';
const PORT_OPEN = authentication('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {"9090": {mode: DISABLE}}}', 'api');

const CLIENT = `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: web, containers: [{name: web, env: [{name: API_URL, value: "http://api.shop"}]}]}}}
`;

const PLAINTEXT = `
  ---
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: api, namespace: shop}
  spec: {host: api.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}
`;

testRule(rule, {
  valid: [
    { name: 'every port is STRICT', yaml: world(mode('STRICT') + authorization(from(WEB))) },
    { name: 'those without an identity are not allowed', yaml: world(mode('PERMISSIVE') + authorization(from(WEB))) },
    { name: 'those without an identity are denied', yaml: world(mode('PERMISSIVE') + authorization(`action: DENY, ${from('notPrincipals: ["*"]')}`)) },
    { name: 'the identity comes from a token', yaml: world(mode('DISABLE') + authorization(from('requestPrincipals: ["*"]'))) },
    { name: 'addresses are asked for', yaml: world(mode('DISABLE') + authorization(from('ipBlocks: [10.0.0.0/8]'))) },
    {
      name: 'the port that is not mTLS is opened to everybody',
      yaml: world(PORT_OPEN + authorization(`rules: [{from: [{source: {${WEB}}}], to: [{operation: {ports: ["8080"]}}]}, {to: [{operation: {ports: ["9090"]}}]}]`)),
    },
    { name: 'another policy opens the port to everybody', yaml: world(PORT_OPEN + authorization(from(WEB)) + authorization('rules: [{to: [{operation: {ports: ["9090"]}}]}]', { name: 'metrics' })) },
    { name: 'the rule is for other ports', yaml: world(PORT_OPEN + authorization(from(WEB, ', to: [{operation: {notPorts: ["9090"]}}]'))) },
    { name: 'no proxy enforces the policy', yaml: world(mode('DISABLE') + authorization(from(WEB)), { label: '' }) },
    { name: 'the policy is for a waypoint', yaml: world(mode('DISABLE') + authorization(`targetRefs: [{kind: Service, group: "", name: api}], ${from(WEB)}`)) },
    { name: 'the workload is a gateway', yaml: world(mode('DISABLE') + authorization(from(WEB)), { annotations: '{inject.istio.io/templates: gateway}' }) },
    { name: 'the policy selects another workload', yaml: world(mode('DISABLE') + authorization(`selector: {matchLabels: {app: web}}, ${from(WEB)}`)) },
    { name: 'the policy only writes down what it matches', yaml: world(mode('DISABLE') + authorization(`action: AUDIT, ${from(WEB)}`)) },
    {
      name: 'callers without an identity get past the denial, but nothing allows them',
      yaml: world(mode('PERMISSIVE') + authorization(`action: DENY, ${from('namespaces: [guests]')}`) + authorization(from(WEB), { name: 'allow' })),
    },
    {
      name: 'another policy denies all without an identity',
      yaml: world(mode('PERMISSIVE') + authorization(`action: DENY, ${from('namespaces: [guests]')}`)
        + authorization(`action: DENY, ${from('notPrincipals: ["*"]')}`, { name: 'identified' })),
    },
    { name: 'whoever is allowed speaks mTLS', yaml: world(mode('PERMISSIVE') + authorization(from(WEB)) + CLIENT) },
    { name: 'whoever has an identity is allowed, and nobody by name', yaml: world(mode('PERMISSIVE') + authorization(from('principals: ["*"]')) + CLIENT + PLAINTEXT) },
    { name: 'whoever speaks plaintext is not allowed', yaml: world(mode('PERMISSIVE') + authorization(from('namespaces: [billing]')) + CLIENT + PLAINTEXT) },
  ],
  invalid: [
    {
      name: 'nobody can be allowed',
      yaml: world(mode('DISABLE') + authorization(from(WEB))),
      findings: [{
        object: 'AuthorizationPolicy shop/api',
        field: 'spec.rules[0].from[0].source.principals',
        see: ['PeerAuthentication shop/default', 'Deployment shop/api'],
        what: 'source.principals of the ALLOW policy never matches, so every request is denied: workload port 8080 of shop/api, 9090 of shop/api is DISABLE (from PeerAuthentication shop/default)',
        fix: 'Make workload port 8080 of shop/api, 9090 of shop/api STRICT: set the mode in PeerAuthentication shop/default to STRICT, or take source.principals out of the policy.',
      }],
    },
    {
      name: 'a denial of the whole mesh denies nobody',
      yaml: world(mode('DISABLE') + authorization(`action: DENY, selector: {matchLabels: {app: api}}, ${from('namespaces: [guests]')}`, { namespace: 'istio-system' })),
      findings: [{ object: 'AuthorizationPolicy istio-system/api', what: /source.namespaces of the DENY policy never matches, so nobody is denied/ }],
    },
    {
      name: 'a denial of all but one denies everybody',
      yaml: world(mode('DISABLE') + authorization(`action: DENY, ${from('notPrincipals: [cluster.local/ns/shop/sa/web]')}`)),
      findings: [{ object: 'AuthorizationPolicy shop/api', what: /source.notPrincipals of the DENY policy matches every caller, so everybody is denied/ }],
    },
    {
      name: 'all but one are allowed, which is everybody',
      yaml: world(mode('DISABLE') + authorization(from('notNamespaces: [guests]'))),
      findings: [{ object: 'AuthorizationPolicy shop/api', what: /source.notNamespaces of the ALLOW policy matches every caller, so nobody is kept out/ }],
    },
    {
      name: 'the condition asks for an attribute of mTLS',
      yaml: world(mode('DISABLE') + authorization('rules: [{when: [{key: request.method, values: [GET]}, {key: source.principal, values: ["cluster.local/ns/shop/sa/*"]}]}]')),
      findings: [{ object: 'AuthorizationPolicy shop/api', field: 'spec.rules[0].when[1].values' }],
    },
    {
      name: 'the condition excludes by it',
      yaml: world(mode('PERMISSIVE') + authorization('rules: [{when: [{key: source.namespace, notValues: [guests]}]}]')),
      findings: [{ object: 'AuthorizationPolicy shop/api', field: 'spec.rules[0].when[0].notValues', severity: Severity.WARNING }],
    },
    {
      name: 'one port of several has no mTLS',
      yaml: world(PORT_OPEN + authorization(from(WEB))),
      findings: [{ object: 'AuthorizationPolicy shop/api', severity: Severity.WARNING, what: /workload port 9090 of shop\/api is DISABLE \(from PeerAuthentication shop\/api\)/ }],
    },
    {
      name: 'callers that speak plaintext get past a denial',
      yaml: world(mode('PERMISSIVE') + authorization(`action: DENY, ${from('principals: [cluster.local/ns/guests/sa/default]')}`)),
      findings: [{
        object: 'AuthorizationPolicy shop/api',
        severity: Severity.WARNING,
        what: /source.principals of the DENY policy does not match callers that speak plaintext, who get past it/,
        condition: undefined,
      }],
    },
    {
      name: 'they get past it in ambient too, and no policy of the input says that they may not',
      settings: { ambient: true },
      yaml: world(authorization(`action: DENY, ${from('principals: [cluster.local/ns/guests/sa/default]')}`), { label: 'istio.io/dataplane-mode: ambient' }),
      findings: [{
        object: 'AuthorizationPolicy shop/api',
        severity: Severity.WARNING,
        condition: 'no PeerAuthentication of the cluster makes the port STRICT (the input has none that does)',
        fix: 'Make workload port 8080 of shop/api, 9090 of shop/api STRICT: write a PeerAuthentication with mtls.mode STRICT, or take source.principals out of the policy.',
      }],
    },
    {
      name: 'a rule has the caller that is allowed send plaintext',
      yaml: world(mode('PERMISSIVE') + authorization(from(WEB)) + CLIENT + PLAINTEXT),
      findings: [{
        object: 'AuthorizationPolicy shop/api',
        see: ['DestinationRule shop/api', 'PeerAuthentication shop/default', 'Deployment shop/api'],
        calls: ['shop/web -> api.shop.svc.cluster.local:80'],
        what: 'source.principals of the ALLOW policy allows shop/web, whose proxy sends plaintext, so that it is denied: workload port 8080 of shop/api is PERMISSIVE '
          + '(from PeerAuthentication shop/default)',
        fix: 'Have shop/web send mTLS: set tls.mode in DestinationRule shop/api to ISTIO_MUTUAL.',
      }],
    },
    {
      name: 'the caller that is allowed has no proxy',
      yaml: world(mode('PERMISSIVE') + authorization(from('namespaces: [shop]')) + CLIENT.replace('{app: web}', '{app: web, sidecar.istio.io/inject: "false"}')),
      findings: [{
        object: 'AuthorizationPolicy shop/api',
        calls: ['shop/web -> api.shop.svc.cluster.local:80'],
        what: /allows shop\/web, which has no proxy, so that it is denied/,
        fix: 'Give shop/web a proxy: change sidecar.istio.io/inject of its pods to "true", or allow it by its address (ipBlocks).',
      }],
    },
    {
      name: 'the mesh sends plaintext where no rule says otherwise',
      settings: { autoMtls: false },
      yaml: world(mode('PERMISSIVE') + authorization(from('namespaces: [shop]')) + CLIENT),
      findings: [{ object: 'AuthorizationPolicy shop/api', fix: 'Have shop/web send mTLS: give its host a DestinationRule with tls.mode ISTIO_MUTUAL.' }],
    },
  ],
});
