import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, policy, service, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS, POLICY_COMPOSITION } from './references';
import { MODEL, Rule } from './rule';
import { Connection } from '../mesh/connection';
import { reasonJson } from '../mesh/decision';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

/** Whether a single port is STRICT, so that a rule for all ports would break the others. */
const portOnly = ({ serverMode }: Connection) => serverMode.decidedBy.field.includes('portLevelMtls');

export const rule: Rule = {
  code: 'MTLS207',
  name: 'strict-child-of-disabled-parent',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A workload is STRICT while its namespace, or the mesh, is DISABLE.',
  why: 'Auto mTLS looks at the namespace and the mesh, and not at policies with a selector: clients send plaintext, and the STRICT '
    + 'workload closes the connection (HTTP 503, flag UC).',
  fix: 'Give the host a DestinationRule with tls.mode ISTIO_MUTUAL, or make the namespace PERMISSIVE instead of DISABLE.',
  references: [AUTO_MTLS, POLICY_COMPOSITION],
  examples: {
    invalid: customers(policy('shop', 'default', '{mtls: {mode: DISABLE}}'), policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, mtls: {mode: STRICT}}')),
    fixed: customers(policy('shop', 'default', '{mtls: {mode: PERMISSIVE}}'), policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, mtls: {mode: STRICT}}')),
    valid: customers(
      policy('shop', 'default', '{mtls: {mode: DISABLE}}'), policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, mtls: {mode: STRICT}}'),
      destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
    ),
  },
  check(context) {
    reportFaults(context, 'MTLS207', (_, example) => ({
      what: `${serverPortOf(example)} is STRICT, and clients of ${targetOf(example)} send plaintext: ${example.wire.decidedBy.text}`,
      fix: `Add a DestinationRule for ${example.host} with trafficPolicy.tls.mode ISTIO_MUTUAL`
        + `${portOnly(example) ? ` for service port ${example.port} (portLevelSettings)` : ''}, or set ${reasonJson(example.wire.decidedBy).object} to PERMISSIVE.`,
    }));
  },
};
