import { caller, namespace, pod, policy, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls213-headless-port-exception';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the Service has a cluster IP',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'), service('shop', 'db', '{name: tcp, port: 5432}'),
        policy('shop', 'db', '{selector: {matchLabels: {app: db}}, portLevelMtls: {5432: {mode: DISABLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the whole workload is DISABLE',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'),
        service('shop', 'db', '{name: tcp, port: 5432}', 'clusterIP: None'),
        policy('shop', 'db', '{selector: {matchLabels: {app: db}}, mtls: {mode: DISABLE}}'),
      ),
      findings: [
        {
          object: 'PeerAuthentication shop/db',
          field: 'spec.mtls.mode',
          what: 'workload port 5432 of shop/db is DISABLE, and clients of db.shop.svc.cluster.local:5432 send Istio mTLS: they connect to the pod\'s address and do not look at policies of single workloads',
          calls: ['shop/web -> db.shop.svc.cluster.local:5432'],
        },
      ],
    },
  ],
});
