import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls309-exception-wider-than-needed';
import { testRule } from '../../src/testing/test-rule';

const namespace = (name: string, label: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: {${label}}}
`;

const deployment = (key: string, container: string, annotations = '{}') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${key.split('/')[1]}, namespace: ${key.split('/')[0]}}
  spec: {template: {metadata: {labels: {app: ${key.split('/')[1]}}, annotations: ${annotations}}, spec: {containers: [{name: app, ${container}}]}}}
`;

const service = (type = 'ClusterIP') => `
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: api, namespace: shop}
  spec: {type: ${type}, selector: {app: api}, ports: [{name: https, port: 443, targetPort: 9443}, {name: http, port: 80, targetPort: 8080}]}
`;

const policy = (name: string, spec: string, annotations = '{}') => `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: ${name}, namespace: shop, annotations: ${annotations}}
  spec: ${spec}
`;

const SERVER = `${namespace('shop', 'istio-injection: enabled').replace('---', '')}${namespace('legacy', '')}${deployment('shop/api', 'ports: [{containerPort: 9443}, {containerPort: 8080}]')}`;
const PARENT = policy('default', '{mtls: {mode: STRICT}}');
const exception = (mode: string, annotations = '{}') => policy('api', `{selector: {matchLabels: {app: api}}, mtls: {mode: ${mode}}}`, annotations);
const HOOK = `
  ---
  apiVersion: admissionregistration.k8s.io/v1
  kind: MutatingWebhookConfiguration
  metadata: {name: api}
  webhooks: [{name: api.example.com, clientConfig: {service: {name: api, namespace: shop}}}]
`;
const WEB = deployment('shop/web', 'env: [{name: API_URL, value: "http://api.shop"}]');
const OLD = deployment('legacy/old', 'env: [{name: API_URL, value: "http://api.shop"}]');
const INGRESS = `
  ---
  apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: api, namespace: shop}
  spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: api, port: {number: 80}}}}]}}]}
`;
const SCRAPED = deployment('shop/other', 'ports: [{containerPort: 1}]', '{prometheus.io/scrape: "true", prometheus.io/port: "1"}');

testRule(rule, {
  valid: [
    { name: 'the exception is for a port', yaml: SERVER + service() + HOOK + WEB + PARENT + policy('api', '{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {"9443": {mode: DISABLE}}}') },
    { name: 'the exception carries its reason', yaml: SERVER + service() + HOOK + WEB + PARENT + exception('DISABLE', '{cdk8s-istio-mtls/reason: "agreed"}') },
    { name: 'the namespace is not STRICT', yaml: SERVER + service() + HOOK + WEB + exception('DISABLE') },
    { name: 'what the exception is for cannot be seen', yaml: SERVER + service() + WEB + PARENT + exception('DISABLE') + SCRAPED },
    { name: 'every port has a caller without a certificate', yaml: SERVER + service() + HOOK + OLD + WEB + PARENT + exception('DISABLE') },
    { name: 'an Ingress may lead to all of them', yaml: SERVER + service() + HOOK + INGRESS + WEB + PARENT + exception('DISABLE') },
    { name: 'so may the nodes', yaml: SERVER + service('NodePort') + HOOK + WEB + PARENT + exception('DISABLE') },
    { name: 'an older policy holds for the workload', yaml: SERVER + service() + HOOK + WEB + PARENT + exception('DISABLE') + policy('aaa', '{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}') },
  ],
  invalid: [
    {
      name: 'DISABLE takes the mTLS from a call between proxies',
      yaml: SERVER + service() + HOOK + WEB + PARENT + exception('DISABLE'),
      findings: [{
        object: 'PeerAuthentication shop/api',
        field: 'spec.mtls.mode',
        see: ['PeerAuthentication shop/default', 'Deployment shop/api'],
        calls: ['shop/web -> api.shop.svc.cluster.local:80'],
        what: 'the policy makes every port of shop/api DISABLE, and the manifests show callers without certificates on workload port '
          + '9443 (the API server (MutatingWebhookConfiguration api)) only, not on 8080',
        fix: 'Open only what is needed, in PeerAuthentication shop/api:\nspec:\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "9443": {mode: DISABLE}',
      }],
    },
    {
      name: 'PERMISSIVE opens what nobody is seen to need',
      yaml: SERVER + service() + HOOK + WEB + PARENT + exception('PERMISSIVE'),
      findings: [{ object: 'PeerAuthentication shop/api', severity: Severity.INFO, calls: [] }],
    },
    {
      name: 'DISABLE opens it, and no proxy is seen to call',
      yaml: SERVER + service() + OLD + PARENT + exception('DISABLE'),
      findings: [{
        object: 'PeerAuthentication shop/api',
        severity: Severity.INFO,
        what: 'the policy makes every port of shop/api DISABLE, and the manifests show callers without certificates on workload port 8080 (legacy/old) only, not on 9443',
      }],
    },
  ],
});
