import { caller, destinationRule, namespace, object, pod, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls237-route-to-undefined-subset';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the subset is defined where the client finds it',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('istio-system', 'customers', '{host: customers.shop.svc.cluster.local, subsets: [{name: v1, labels: {app: customers}}]}'),
        object('networking.istio.io/v1', 'VirtualService', 'shop', 'customers', '{hosts: [customers], http: [{route: [{destination: {host: customers, subset: v1}}]}]}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'there is no rule at all',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        object('networking.istio.io/v1', 'VirtualService', 'shop', 'customers', '{hosts: [customers], http: [{route: [{destination: {host: customers, subset: v1}}]}]}'),
      ),
      findings: [
        {
          object: 'VirtualService shop/customers',
          field: 'spec.http[0].route[0].destination.host',
          what: 'the route leads to subset v1 of customers.shop.svc.cluster.local, which no DestinationRule that shop/web finds defines',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80, subset v1'],
        },
      ],
    },
  ],
});
