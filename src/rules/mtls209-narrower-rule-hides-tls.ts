import { endingOf, reportFaults, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { RULE_LOOKUP, RULE_MERGE } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

const mesh = destinationRule('istio-system', 'shop', '{host: "*.shop.svc.cluster.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}');

export const rule: Rule = {
  code: 'MTLS209',
  name: 'narrower-rule-hides-tls',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule without tls is found before the one with tls, which then does not count.',
  why: 'Istio takes the first rule that it finds for a host (the client\'s namespace, the service\'s, the root namespace; the most '
    + 'specific host; the oldest of several for one host) and merges no tls from another. The call is sent without the TLS that was '
    + 'asked for, and a STRICT server refuses it.',
  fix: 'Repeat the tls block in the rule that is found first.',
  references: [RULE_LOOKUP, RULE_MERGE],
  examples: {
    settings: { autoMtls: false },
    invalid: customers(mesh, destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {loadBalancer: {simple: RANDOM}}}')),
    fixed: customers(mesh, destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {loadBalancer: {simple: RANDOM}, tls: {mode: ISTIO_MUTUAL}}}')),
    valid: customers(mesh),
  },
  check(context) {
    reportFaults(context, 'MTLS209', ({ at, field, lost }, example) => ({
      field: [...field, 'tls'],
      what: `${at.title} is the rule for ${targetOf(example)} and sets no tls, so that the ${lost!.mode} of ${lost!.object.title} does not count: `
        + `clients send plaintext, ${endingOf(example)}`,
      fix: `Add tls: {mode: ${lost!.mode}} to ${pathText(field)} of ${at.title}.`,
    }));
  },
};
