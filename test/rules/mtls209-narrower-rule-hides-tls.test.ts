import { caller, destinationRule, namespace, object, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls209-narrower-rule-hides-tls';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'auto mTLS is on, and the narrower rule needs no tls',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'of two rules for one host the first by name has no tls',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'http://api.bank.example'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank', '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]}'),
        destinationRule('shop', 'a-pool', '{host: api.bank.example, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
        destinationRule('shop', 'b-tls', '{host: api.bank.example, trafficPolicy: {tls: {mode: SIMPLE}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/a-pool',
          field: 'spec.trafficPolicy.tls',
          what: 'DestinationRule shop/a-pool is the rule for api.bank.example:80 and sets no tls, so that the SIMPLE of DestinationRule shop/b-tls does not count: clients send plaintext, and the call is not encrypted',
          calls: ['shop/web -> api.bank.example:80 (plaintext)'],
        },
      ],
    },
    {
      name: 'the server is STRICT',
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.tls',
          what: 'DestinationRule shop/customers is the rule for customers.shop.svc.cluster.local:80 and sets no tls, so that the ISTIO_MUTUAL of DestinationRule istio-system/default does not count: clients send plaintext, which workload port 8080 of shop/customers refuses',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
