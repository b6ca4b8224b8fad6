import { caller, namespace, pod, policy, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls218-port-outside-capture';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the excluded inbound port is DISABLE, which clients see',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:5432'),
        pod('shop', 'db', { annotations: 'traffic.sidecar.istio.io/excludeInboundPorts: "5432"' }),
        service('shop', 'db', '{name: tcp, port: 5432}'),
        policy('shop', 'db', '{selector: {matchLabels: {app: db}}, portLevelMtls: {5432: {mode: DISABLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'an excluded inbound port gets mTLS',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:5432'),
        pod('shop', 'db', { annotations: 'traffic.sidecar.istio.io/excludeInboundPorts: "5432"' }),
        service('shop', 'db', '{name: tcp, port: 5432}'),
      ),
      findings: [
        {
          object: 'Pod shop/db',
          field: 'metadata.annotations["traffic.sidecar.istio.io/excludeInboundPorts"]',
          what: 'workload port 5432 of shop/db does not pass its proxy, and clients of db.shop.svc.cluster.local:5432 send Istio mTLS to it',
          calls: ['shop/web -> db.shop.svc.cluster.local:5432'],
        },
      ],
    },
  ],
});
