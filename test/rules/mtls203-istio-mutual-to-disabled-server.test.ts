import { caller, destinationRule, namespace, pod, policy, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls203-istio-mutual-to-disabled-server';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'auto mTLS does not send mTLS to a port that is DISABLE',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        policy('shop', 'default', '{mtls: {mode: DISABLE}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'one workload port is DISABLE',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, portLevelMtls: {8080: {mode: DISABLE}}}'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'spec.trafficPolicy.tls.mode ISTIO_MUTUAL sends Istio mTLS to customers.shop.svc.cluster.local:80, and workload port 8080 of shop/customers does not terminate it: it is DISABLE',
          fix: 'Set spec.trafficPolicy.tls.mode to DISABLE for service port 80 (a portLevelSettings entry, where other ports are to keep mTLS), '
            + 'or set spec.portLevelMtls.8080.mode of PeerAuthentication shop/customers to PERMISSIVE.',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
