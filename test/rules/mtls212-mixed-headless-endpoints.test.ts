import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls212-mixed-headless-endpoints';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'all pods have a proxy',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'),
        service('shop', 'db', '{name: tcp, port: 5432}', 'clusterIP: None'), strict('shop'),
      ),
    },
  ],
  invalid: [
    {
      name: 'loadBalancer PASSTHROUGH makes clients blind as well',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'), namespace('old', 'team: a'),
        pod('shop', 'old', { labels: 'sidecar.istio.io/inject: "false"' }).replace('app: old', 'app: db'),
        service('shop', 'db', '{name: tcp, port: 5432}'), strict('shop'),
        destinationRule('shop', 'db', '{host: db, trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}}'),
      ),
      findings: [
        {
          object: 'Pod shop/old',
          field: 'metadata.labels["sidecar.istio.io/inject"]',
          what: 'clients cannot tell the endpoints of db.shop.svc.cluster.local:5432 apart, and one of them has no proxy (Pod shop/old): they send plaintext to all, which workload port 5432 of shop/db refuses: it is STRICT',
          calls: ['shop/web -> db.shop.svc.cluster.local:5432'],
        },
      ],
    },
  ],
});
