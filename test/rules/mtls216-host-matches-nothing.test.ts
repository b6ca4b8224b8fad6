import { caller, destinationRule, namespace, object, pod, service, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls216-host-matches-nothing';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the host is the API server\'s, which every cluster has',
      yaml: world(
        namespace('shop'),
        destinationRule('istio-system', 'api-server', '{host: kubernetes.default.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
    },
    {
      name: 'the host is covered by a ServiceEntry for many',
      yaml: world(
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank', '{hosts: ["*.bank.example"], location: MESH_EXTERNAL, ports: [{number: 443, name: tls, protocol: TLS}]}'),
        destinationRule('shop', 'bank', '{host: api.bank.example, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
    },
    {
      name: 'nothing of the namespace is in the input',
      yaml: world(
        namespace('shop'), destinationRule('shop', 'x', '{host: x.elsewhere.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the host is only a part of the name',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'customers', '{host: customers.shop, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.host',
          what: 'customers.shop is taken as it is, which is no Service, so that the rule applies to nothing; customers.shop.svc.cluster.local exists',
        },
      ],
    },
    {
      name: 'the namespace is known, and has no such Service',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'orders', '{host: orders, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          severity: Severity.WARNING,
          object: 'DestinationRule shop/orders',
          field: 'spec.host',
          what: 'orders stands for orders.shop.svc.cluster.local, and no Service or ServiceEntry of the input has this name: the rule applies to nothing',
          condition: 'no Service or ServiceEntry beside those of the input has this name',
        },
      ],
    },
  ],
});
