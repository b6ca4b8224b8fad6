import { caller, destinationRule, namespace, object, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls224-externalname-alias';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'auto mTLS does for the alias what the rule asks for',
      yaml: world(
        namespace('front'), caller('front', 'web', 'customers'),
        object('v1', 'Service', 'front', 'customers', '{type: ExternalName, externalName: customers.shop.svc.cluster.local, ports: [{name: http, port: 80}]}'),
        namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('front', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
    },
    {
      name: 'the client would not look in the namespace of the rule, whichever name it is for',
      settings: { autoMtls: false },
      yaml: world(
        namespace('back'), caller('back', 'web', 'customers.front'),
        object('v1', 'Service', 'front', 'customers', '{type: ExternalName, externalName: customers.shop.svc.cluster.local, ports: [{name: http, port: 80}]}'),
        namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('front', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the call works, and is not encrypted',
      settings: { autoMtls: false },
      yaml: world(
        namespace('front'), caller('front', 'web', 'customers'),
        object('v1', 'Service', 'front', 'customers', '{type: ExternalName, externalName: customers.shop.svc.cluster.local, ports: [{name: http, port: 80}]}'),
        namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('front', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule front/customers',
          field: 'spec.host',
          what: 'customers.front.svc.cluster.local is another name of customers.shop.svc.cluster.local, so that the ISTIO_MUTUAL of DestinationRule front/customers never counts: clients send plaintext, and the call is not encrypted',
          calls: ['front/web -> customers.front.svc.cluster.local:80 (plaintext)', 'front/web -> customers.shop.svc.cluster.local:80 (plaintext)'],
        },
      ],
    },
    {
      name: 'clients call the host behind the alias by its own name',
      settings: { autoMtls: false },
      yaml: world(
        namespace('front'), caller('front', 'web', 'customers.shop'),
        object('v1', 'Service', 'front', 'customers', '{type: ExternalName, externalName: customers.shop.svc.cluster.local}'),
        namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('istio-system', 'customers', '{host: customers.front.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule istio-system/customers',
          field: 'spec.host',
          what: 'customers.front.svc.cluster.local is another name of customers.shop.svc.cluster.local, so that the ISTIO_MUTUAL of DestinationRule istio-system/customers never counts: clients send plaintext, which workload port 8080 of shop/customers refuses',
          fix: 'Set spec.host of DestinationRule istio-system/customers to customers.shop.svc.cluster.local.',
          calls: ['front/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
