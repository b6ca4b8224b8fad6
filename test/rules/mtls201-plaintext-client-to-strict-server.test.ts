import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls201-plaintext-client-to-strict-server';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the server accepts plaintext',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
    },
    {
      name: 'the rule is for clients of another namespace',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        namespace('front'),
        destinationRule('front', 'customers', '{host: customers.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'only one service port is DISABLE, and a subset of another is',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers', { labels: 'version: v1' }),
        service('shop', 'customers', '{name: http, port: 80}, {name: http-admin, port: 9090}'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]}, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {portLevelSettings: [{port: {number: 9090}, tls: {mode: DISABLE}}]}}]}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode',
          what: 'tls.mode DISABLE sends plaintext to customers.shop.svc.cluster.local:9090, subset v1, which workload port 9090 of shop/customers refuses: it is STRICT',
          fix: 'Set spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode to ISTIO_MUTUAL, or remove spec.subsets[0].trafficPolicy and let auto mTLS send the mesh\'s certificates.',
          calls: ['shop/web -> customers.shop.svc.cluster.local:9090, subset v1'],
        },
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.portLevelSettings[0].tls.mode',
          what: 'tls.mode DISABLE sends plaintext to customers.shop.svc.cluster.local:80, which workload port 80 of shop/customers refuses: it is STRICT',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80', 'shop/web -> customers.shop.svc.cluster.local:80, subset v1'],
        },
      ],
    },
    {
      name: 'many clients are named once each, the known ones first',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        caller('shop', 'aa', 'nobody'), pod('shop', 'bb'), pod('shop', 'cc'), pod('shop', 'dd'), pod('shop', 'ee'), pod('shop', 'ff'),
        strict('shop'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'tls.mode DISABLE sends plaintext to customers.shop.svc.cluster.local:80, which workload port 8080 of shop/customers refuses: it is STRICT',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80', 'shop/aa -> customers.shop.svc.cluster.local:80', 'shop/bb -> customers.shop.svc.cluster.local:80', 'shop/cc -> customers.shop.svc.cluster.local:80', 'shop/dd -> customers.shop.svc.cluster.local:80'],
          callCount: 7,
        },
      ],
    },
  ],
});
