import { reportFaults, ruleOfItsOwn, serverPortOf, severityByHost, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, policy, service, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, SERVER_CHAINS } from './references';
import { MODEL, Rule } from './rule';
import { reasonJson } from '../mesh/decision';
import { pathText } from '../mesh/json';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

export const rule: Rule = {
  code: 'MTLS203',
  name: 'istio-mutual-to-disabled-server',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule sends Istio mTLS to a workload port whose PeerAuthentication is DISABLE.',
  why: 'The server\'s proxy does not terminate the TLS that it gets. On an HTTP port it cannot read it (HTTP 503, flag UF at the client), '
    + 'on a TCP port the application gets the handshake.',
  fix: 'Set the mode of the rule to DISABLE, or let the policy accept mTLS on the port (PERMISSIVE).',
  references: [CLIENT_TLS_CLUSTER, SERVER_CHAINS],
  examples: {
    invalid: customers(policy('shop', 'default', '{mtls: {mode: DISABLE}}'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
    fixed: customers(policy('shop', 'default', '{mtls: {mode: DISABLE}}'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: DISABLE}}}')),
    valid: customers(policy('shop', 'default', '{mtls: {mode: PERMISSIVE}}'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
  },
  check(context) {
    reportFaults(context, 'MTLS203', ({ field, at }, example, calls) => ({
      severity: severityByHost(at, calls),
      what: `${pathText(field)} ISTIO_MUTUAL sends Istio mTLS to ${targetOf(example)}, and ${serverPortOf(example)} does not terminate it: it is DISABLE`,
      fix: `${ruleOfItsOwn(at, example, 'DISABLE')
        ?? `Set ${pathText(field)} to DISABLE for service port ${example.port} (a portLevelSettings entry, where other ports are to keep mTLS)`}, or set `
        + `${reasonJson(example.serverMode.decidedBy).field} of ${reasonJson(example.serverMode.decidedBy).object} to PERMISSIVE.`,
    }));
  },
};
