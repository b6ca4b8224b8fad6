import { caller, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls227-service-protocols-disagree';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'both Services say http',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        service('shop', 'zz-raw').replace('app: zz-raw', 'app: customers'),
      ),
    },
  ],
  invalid: [
    {
      name: 'mTLS does not help where the protocols differ',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'zz-raw'), pod('shop', 'customers'), service('shop', 'customers'),
        service('shop', 'zz-raw', '{name: tcp, port: 80, targetPort: 8080}').replace('app: zz-raw', 'app: customers'), strict('shop'),
      ),
      findings: [
        {
          object: 'Service shop/zz-raw',
          field: 'spec.ports[0]',
          what: 'clients of zz-raw.shop.svc.cluster.local:80 send what workload port 8080 of shop/customers cannot read: service port 80 is tcp, and the workload port behind it http',
          calls: ['shop/web -> zz-raw.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
