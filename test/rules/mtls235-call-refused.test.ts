import { caller, namespace, pod, service, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls235-call-refused';
import { testRule } from '../../src/testing/test-rule';

const mesh = (host: string) => world(
  namespace('shop'), caller('shop', 'web', host), namespace('old', 'team: a'), pod('old', 'legacy', { labels: 'networking.istio.io/tunnel: http' }), service('old', 'legacy'),
);
const finding = {
  object: 'Pod old/legacy',
  field: 'metadata.labels["networking.istio.io/tunnel"]',
  what: 'legacy.old.svc.cluster.local:80 refuses what its clients send (hbone): a tunnel reaches an endpoint that has no HBONE listener; '
    + 'the pod says that its sidecar takes HBONE; '
    + 'no rule sets tls, so auto mTLS sends mesh certificates to endpoints that can take them',
  calls: ['shop/web -> legacy.old.svc.cluster.local:80'],
};

testRule(rule, {
  valid: [{ name: 'without ambient nobody tunnels', settings: { ambient: false }, yaml: mesh('legacy.old') }],
  invalid: [
    { name: 'a label says that a pod without a proxy takes tunnels', settings: { ambient: true }, yaml: mesh('legacy.old'), findings: [finding] },
    { name: 'nobody is shown to call', settings: { ambient: true }, yaml: mesh('nobody'), findings: [{ ...finding, severity: Severity.INFO }] },
  ],
});
