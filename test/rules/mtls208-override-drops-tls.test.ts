import { caller, destinationRule, namespace, pod, policy, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls208-override-drops-tls';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the entry repeats tls',
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}, tls: {mode: ISTIO_MUTUAL}}]}}'),
      ),
    },
    {
      name: 'the entry is for another service port',
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 81}, loadBalancer: {simple: RANDOM}}]}}'),
      ),
    },
    {
      name: 'auto mTLS does what the lost block would have done',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the server is STRICT',
      settings: { autoMtls: false },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.portLevelSettings[0].tls',
          what: 'the entry for service port 80 sets no tls and replaces the ISTIO_MUTUAL of spec.trafficPolicy.tls: clients send plaintext to customers.shop.svc.cluster.local:80, which workload port 8080 of shop/customers refuses',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
    {
      name: 'the mode of the rule is still kept for the endpoints of a port that is DISABLE',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, portLevelMtls: {8080: {mode: DISABLE}}}'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.portLevelSettings[0].tls',
          what: 'the entry for service port 80 sets no tls and replaces the ISTIO_MUTUAL of spec.trafficPolicy.tls: clients send Istio mTLS to customers.shop.svc.cluster.local:80, which workload port 8080 of shop/customers refuses',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
