import { rule } from '../../src/rules/mtls403-client-tls-ignored-in-ambient';
import { testRule } from '../../src/testing/test-rule';

const AMBIENT = { ambient: true };
const namespace = (name: string, labels = '{istio.io/dataplane-mode: ambient}') => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: ${labels}}
`;
const client = (name: string, place = 'shop', env = '[]') => `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: ${place}}
  spec: {template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, env: ${env}}]}}}
`;
const host = (labels = '{}') => `
  ---
  apiVersion: networking.istio.io/v1
  kind: ServiceEntry
  metadata: {name: partner, namespace: shop, labels: ${labels}}
  spec: {hosts: [partner.example.com], ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}], resolution: DNS}
`;
const destination = (tls: string, more = '') => `
  ---
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: partner, namespace: shop}
  spec: {host: partner.example.com, trafficPolicy: {tls: ${tls}}${more}}
`;
const CALLS = '[{name: PARTNER, value: "http://partner.example.com"}]';
const SIMPLE = destination('{mode: SIMPLE}');
const SHOP = namespace('shop') + client('cart', 'shop', CALLS) + host();
const SIDECARS = namespace('back', '{istio-injection: enabled}') + client('api', 'back');

testRule(rule, {
  valid: [
    { name: 'a waypoint stands before the host', settings: AMBIENT, yaml: namespace('shop') + client('cart', 'shop', CALLS) + host('{istio.io/use-waypoint: egress}') + SIMPLE },
    { name: 'a waypoint stands before the namespace', settings: AMBIENT, yaml: namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: all}') + client('cart') + host() + SIMPLE },
    { name: 'clients with sidecars see the rule', settings: AMBIENT, yaml: SHOP + SIDECARS + SIMPLE },
    { name: 'clients of a namespace to which the rule is exported have sidecars', settings: AMBIENT, yaml: SHOP + SIDECARS + destination('{mode: SIMPLE}', ', exportTo: [., back]') },
    { name: 'the rule speaks of the mesh\'s own TLS, or of none', settings: AMBIENT, yaml: SHOP + destination('{mode: DISABLE}') },
    { name: 'a client that is not known to be in ambient sees the rule', settings: AMBIENT, yaml: SHOP + client('x', 'unseen') + SIMPLE },
    { name: 'the rule is for clients that are not in ambient', settings: AMBIENT, yaml: SHOP + destination('{mode: SIMPLE}', ', workloadSelector: {matchLabels: {app: other}}') },
    { name: 'nothing has the host (MTLS216 speaks)', settings: AMBIENT, yaml: namespace('shop') + client('cart') + SIMPLE },
    { name: 'the mesh has no ambient', settings: { ambient: false }, yaml: SHOP + SIMPLE },
  ],
  invalid: [
    {
      name: 'a client in ambient calls the host',
      settings: AMBIENT,
      yaml: SHOP + SIMPLE,
      findings: [{
        object: 'DestinationRule shop/partner',
        field: 'spec.trafficPolicy.tls.mode',
        see: ['ServiceEntry shop/partner', 'Deployment shop/cart'],
        calls: ['shop/cart -> partner.example.com:80'],
        what: 'SIMPLE for host "partner.example.com" is not applied: its clients are in ambient, and no waypoint stands in between',
        fix: 'Label ServiceEntry shop/partner with istio.io/use-waypoint: egress, and create the waypoint: a Gateway egress in namespace shop '
          + 'with gatewayClassName: istio-waypoint and one listener {name: mesh, port: 15008, protocol: HBONE}.',
        condition: undefined,
      }],
    },
    {
      name: 'no call is shown, and the rule is private to a namespace in ambient',
      settings: AMBIENT,
      yaml: namespace('shop') + client('cart') + host() + SIDECARS + destination('{mode: MUTUAL, credentialName: partner}', ', exportTo: [.]'),
      findings: [{
        object: 'DestinationRule shop/partner',
        callCount: 0,
        condition: 'no client with a sidecar, which the input does not show, calls partner.example.com',
      }],
    },
    {
      name: 'the rule is for one workload in ambient, and the mesh keeps rules private',
      settings: { ambient: true, exportDestinationRules: false },
      yaml: SHOP + SIDECARS + destination('{mode: SIMPLE}', ', workloadSelector: {matchLabels: {app: cart}}'),
      findings: [{ object: 'DestinationRule shop/partner', callCount: 1 }],
    },
  ],
});
