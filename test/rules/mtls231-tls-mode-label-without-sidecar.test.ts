import { caller, namespace, pod, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls231-tls-mode-label-without-sidecar';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the pod has a sidecar',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        pod('shop', 'x', { labels: 'security.istio.io/tlsMode: istio' }),
      ),
    },
  ],
  invalid: [
    {
      name: 'the pod has moved to ambient, and the label with it',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db.data'), namespace('data', 'istio.io/dataplane-mode: ambient'),
        pod('data', 'db', { labels: 'security.istio.io/tlsMode: istio' }), service('data', 'db'),
      ),
      findings: [
        {
          object: 'Pod data/db',
          field: 'metadata.labels["security.istio.io/tlsMode"]',
          what: 'the label tells clients of db.data.svc.cluster.local:80 to send Istio mTLS, and data/db has no sidecar to read it',
          calls: ['shop/web -> db.data.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
