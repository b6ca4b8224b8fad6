import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls234-rule-not-found-by-client';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'auto mTLS is on, and the clients need no rule',
      yaml: world(
        namespace('front'), caller('front', 'web', 'customers.shop'), namespace('shop'), pod('shop', 'customers'),
        service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, exportTo: ["."], trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'a private rule is missed only by clients that are not shown to call',
      settings: { autoMtls: false },
      yaml: world(
        namespace('front'), pod('front', 'web'), namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'customers', '{host: customers, exportTo: ["."], trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          severity: Severity.INFO,
          object: 'DestinationRule shop/customers',
          field: 'spec.exportTo',
          what: 'the ISTIO_MUTUAL of DestinationRule shop/customers does not reach the clients of customers.shop.svc.cluster.local:80 in namespace front: the rule is not exported to them, and the call is not encrypted',
          calls: ['front/web -> customers.shop.svc.cluster.local:80 (plaintext)'],
        },
      ],
    },
    {
      name: 'the rule stands where nobody looks for it',
      settings: { autoMtls: false },
      yaml: world(
        namespace('front'), caller('front', 'web', 'customers.shop'), namespace('shop'), pod('shop', 'customers'),
        service('shop', 'customers'), strict('shop'),
        destinationRule('tools', 'customers', '{host: customers.shop.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule tools/customers',
          field: 'metadata.namespace',
          what: 'the ISTIO_MUTUAL of DestinationRule tools/customers does not reach the clients of customers.shop.svc.cluster.local:80 in namespace front: they do not look for rules there, and what they send is refused by workload port 8080 of shop/customers',
          calls: ['front/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
