import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls205-strict-without-client-tls';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'auto mTLS is on',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
      ),
    },
    {
      name: 'the mesh has a rule for all',
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
    },
    ...['{host: customers, tls: {mode: ISTIO_MUTUAL}}', '{host: customers, subsets: []}\ntrafficPolicy: {tls: {mode: ISTIO_MUTUAL}}'].map(spec => ({
      name: `the tls of the rule stands where the API server drops it, which MTLS111 says: ${spec}`,
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'), destinationRule('shop', 'customers', spec),
      ),
    })),
  ],
  invalid: [
    {
      name: 'the only rule for the host sets no tls',
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        strict('istio-system'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.tls',
          what: 'auto mTLS is off and the rule for customers.shop.svc.cluster.local:80 sets no tls: clients send plaintext, which workload port 8080 of shop/customers refuses: it is STRICT',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
