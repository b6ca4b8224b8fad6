import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls232-plaintext-to-strict-ambient-server';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the clients are in ambient too',
      yaml: world(
        namespace('data', 'istio.io/dataplane-mode: ambient'), caller('data', 'web', 'db:5432'), pod('data', 'db'),
        service('data', 'db', '{name: tcp, port: 5432}', 'clusterIP: None'), strict('data'),
      ),
    },
  ],
  invalid: [
    {
      name: 'loadBalancer PASSTHROUGH hides that the pods take tunnels',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db.data:5432'), namespace('data', 'istio.io/dataplane-mode: ambient'), pod('data', 'db'),
        service('data', 'db', '{name: tcp, port: 5432}'), strict('data'),
        destinationRule('data', 'db', '{host: db, trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule data/db',
          field: 'spec.trafficPolicy.loadBalancer.simple',
          what: 'sidecars send plaintext to db.data.svc.cluster.local:5432 (the client cannot tell the endpoints apart, and data/db does not speak mTLS), which the ztunnel of data/db refuses: workload port 5432 is STRICT',
          calls: ['shop/web -> db.data.svc.cluster.local:5432'],
        },
      ],
    },
  ],
});
