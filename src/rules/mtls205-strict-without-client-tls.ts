import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, policy, service, strict, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS, RULE_LOOKUP } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

export const rule: Rule = {
  code: 'MTLS205',
  name: 'strict-without-client-tls',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'Auto mTLS is off, a server accepts mTLS only, and no DestinationRule tells its clients to use it.',
  why: 'With enableAutoMtls: false a client sends plaintext wherever no rule says otherwise, and a STRICT server closes the connection: '
    + 'HTTP 503, flag UC.',
  fix: 'Give the host (or the namespace, or the mesh) a DestinationRule with tls.mode ISTIO_MUTUAL before the policy is made STRICT.',
  references: [AUTO_MTLS, RULE_LOOKUP],
  examples: {
    settings: { autoMtls: false },
    invalid: customers(strict('shop')),
    fixed: customers(strict('shop'), destinationRule('shop', 'default', '{host: "*.shop.svc.cluster.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
    valid: customers(policy('shop', 'default', '{mtls: {mode: PERMISSIVE}}')),
  },
  check(context) {
    reportFaults(context, 'MTLS205', ({ at, field }, example) => ({
      what: `auto mTLS is off and ${at.key === Kinds.DESTINATION_RULE ? `the rule for ${targetOf(example)} sets no tls` : `no rule sets tls for ${targetOf(example)}`}: clients send plaintext, `
        + `which ${serverPortOf(example)} refuses: it is STRICT`,
      fix: at.key === Kinds.DESTINATION_RULE
        ? `Add to ${at.title}: ${pathText(field)}: {mode: ISTIO_MUTUAL}.`
        : `Add a DestinationRule in namespace ${example.service.namespace} with host "*.${example.service.namespace}.svc.${context.settings.clusterDomain}" and `
          + 'trafficPolicy.tls.mode ISTIO_MUTUAL (NamespaceMtls and MeshMtls write it).',
    }));
  },
};
