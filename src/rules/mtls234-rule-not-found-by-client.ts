import { reportFaults, serverPortOf, severityByUse, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { RULE_LOOKUP } from './references';
import { MODEL, Rule } from './rule';
import { Connection } from '../mesh/connection';
import { pathText } from '../mesh/json';

const customers = (spec: string) => world(
  namespace('front'), caller('front', 'web', 'customers.shop'), namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'),
  strict('shop'), destinationRule('shop', 'customers', spec),
);

const sentence = (example: Connection) => example.outcome.value === 'fail'
  ? `what they send is refused by ${serverPortOf(example)}` : 'the call is not encrypted';

export const rule: Rule = {
  code: 'MTLS234',
  name: 'rule-not-found-by-client',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule for a host is not found by the clients that need it.',
  why: 'A client looks for rules in its own namespace, in that of the service and in the root namespace, and finds there only what is '
    + 'exported to it. A rule that stands elsewhere, or is not exported to the client, might as well not exist.',
  fix: 'Move the rule to the namespace of the service, or export it to the namespaces of the clients.',
  references: [RULE_LOOKUP],
  examples: {
    settings: { autoMtls: false },
    invalid: customers('{host: customers, exportTo: ["."], trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
    fixed: customers('{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
    valid: customers('{host: customers, exportTo: [".", front], trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
  },
  check(context) {
    reportFaults(context, 'MTLS234', ({ at, field, lost }, example, calls) => ({
      // A rule may be private on purpose, for the clients that there are.
      severity: severityByUse(calls, Severity.INFO),
      what: `the ${lost!.mode} of ${at.title} does not reach the clients of ${targetOf(example)} in namespace ${example.client.namespace}: `
        + `${field[0] === 'spec' ? 'the rule is not exported to them' : 'they do not look for rules there'}, and ${sentence(example)}`,
      fix: field[0] === 'spec'
        ? `Add ${example.client.namespace} to ${pathText(field)}, or remove exportTo.`
        : `Move ${at.title} to namespace ${example.service.namespace}, that of the service, or to ${example.client.namespace}, that of the clients.`,
    }));
  },
};
