import { caller, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls225-tls-mode-disabled-label';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the workload accepts plaintext',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers', { labels: 'security.istio.io/tlsMode: disabled' }),
        service('shop', 'customers'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the mesh is STRICT',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers', { labels: 'security.istio.io/tlsMode: disabled' }),
        service('shop', 'customers'), strict('istio-system'),
      ),
      findings: [
        {
          object: 'Pod shop/customers',
          field: 'metadata.labels["security.istio.io/tlsMode"]',
          what: 'the label tells clients of customers.shop.svc.cluster.local:80 to send plaintext, which workload port 8080 of shop/customers refuses: it is STRICT',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
