import { caller, namespace, pod, policy, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls207-strict-child-of-disabled-parent';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the workload is STRICT below a mesh that is PERMISSIVE',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, mtls: {mode: STRICT}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'one port is STRICT below a mesh that is DISABLE',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        policy('istio-system', 'default', '{mtls: {mode: DISABLE}}'),
        policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, portLevelMtls: {8080: {mode: STRICT}}}'),
      ),
      findings: [
        {
          object: 'PeerAuthentication shop/customers',
          field: 'spec.portLevelMtls.8080.mode',
          what: 'workload port 8080 of shop/customers is STRICT, and clients of customers.shop.svc.cluster.local:80 send plaintext: auto mTLS looks at the namespace and not at single workloads: the whole mesh is DISABLE',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
