import { caller, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls233-ambient-client-to-strict-sidecar';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the sidecars take tunnels, as they do where ambient is installed',
      yaml: world(
        namespace('shop', 'istio.io/dataplane-mode: ambient'), caller('shop', 'web', 'db.data:5432'), namespace('data'), pod('data', 'db'),
        service('data', 'db', '{name: tcp, port: 5432}'), strict('data'),
      ),
    },
  ],
  invalid: [
    {
      name: 'nobody is shown to call',
      settings: { ambient: true, sidecarHbone: false },
      yaml: world(
        namespace('shop', 'istio.io/dataplane-mode: ambient'), pod('shop', 'web'), namespace('data'), pod('data', 'db'),
        service('data', 'db', '{name: tcp, port: 5432}'), strict('data'),
      ),
      findings: [
        {
          severity: Severity.WARNING,
          object: 'Namespace shop',
          field: 'metadata.labels["istio.io/dataplane-mode"]',
          what: 'the ztunnel of shop/web sends plaintext to db.data.svc.cluster.local:5432, whose sidecar takes no tunnel, and workload port 5432 of data/db is STRICT',
          calls: ['shop/web -> db.data.svc.cluster.local:5432'],
        },
      ],
    },
  ],
});
