import { caller, destinationRule, namespace, pod, service, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls202-istio-mutual-to-workload-without-proxy';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'auto mTLS sends plaintext to pods without a proxy',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        namespace('old', 'team: a'), pod('old', 'legacy'), service('old', 'legacy'),
      ),
    },
  ],
  invalid: [
    {
      name: 'a wildcard of the root namespace covers a namespace that is not in the mesh',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'legacy.old'), pod('shop', 'customers'), service('shop', 'customers'),
        namespace('old', 'team: a'), pod('old', 'legacy'), service('old', 'legacy'),
        destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule istio-system/default',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'spec.trafficPolicy.tls.mode ISTIO_MUTUAL sends Istio mTLS to legacy.old.svc.cluster.local:80, and old/legacy has no proxy: neither the namespace nor the pod asks for a sidecar',
          calls: ['shop/web -> legacy.old.svc.cluster.local:80', 'shop/customers -> legacy.old.svc.cluster.local:80'],
        },
      ],
    },
    {
      name: 'nobody is shown to call what the wildcard covers beside the mesh',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        namespace('old', 'team: a'), pod('old', 'legacy'), service('old', 'legacy'),
        destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          severity: Severity.INFO,
          object: 'DestinationRule istio-system/default',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'spec.trafficPolicy.tls.mode ISTIO_MUTUAL sends Istio mTLS to legacy.old.svc.cluster.local:80, and old/legacy has no proxy: neither the namespace nor the pod asks for a sidecar',
          fix: 'Give legacy.old.svc.cluster.local a DestinationRule of its own in namespace istio-system with tls.mode DISABLE (*.local covers other hosts too), '
            + 'or remove spec.trafficPolicy and let auto mTLS decide.',
          calls: ['shop/customers -> legacy.old.svc.cluster.local:80', 'shop/web -> legacy.old.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
