import { reportFaults, ruleOfItsOwn, serverPortOf, targetOf } from './calls/report';
import { removableWith } from './client-tls';
import { caller, destinationRule, namespace, pod, policy, service, strict, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, SERVER_CHAINS, TLS_CONFIGURATION_PAGE } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

export const rule: Rule = {
  code: 'MTLS201',
  name: 'plaintext-client-to-strict-server',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule with tls.mode DISABLE is for a host whose workloads accept mTLS only.',
  why: 'The server closes every connection of a client with a proxy: HTTP 503, flag UC, "connection termination". A DestinationRule '
    + 'cannot make a STRICT server accept plaintext.',
  fix: 'Remove the tls block and let auto mTLS decide, or set the mode to ISTIO_MUTUAL.',
  references: [CLIENT_TLS_CLUSTER, SERVER_CHAINS, TLS_CONFIGURATION_PAGE],
  examples: {
    invalid: customers(strict('shop'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: DISABLE}}}')),
    fixed: customers(strict('shop'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
    valid: customers(
      strict('shop'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: DISABLE}}}'),
      policy('shop', 'customers', '{selector: {matchLabels: {app: customers}}, portLevelMtls: {8080: {mode: PERMISSIVE}}}'),
    ),
  },
  check(context) {
    reportFaults(context, 'MTLS201', ({ at, field }, example) => ({
      what: `tls.mode DISABLE sends plaintext to ${targetOf(example)}, which ${serverPortOf(example)} refuses: it is STRICT`,
      fix: `${ruleOfItsOwn(at, example, 'ISTIO_MUTUAL') ?? `Set ${pathText(field)} to ISTIO_MUTUAL`}${
        context.settings.autoMtls ? `, or remove ${pathText(removableWith(at, field.slice(0, -1)))} and let auto mTLS send the mesh's certificates` : ''}.`,
    }));
  },
};
