import { endingOf, reportFaults, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, ENDPOINT_MTLS, PORT_POLICY } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

const entry = (more: string) => `{port: {number: 80}, ${more}}`;

export const rule: Rule = {
  code: 'MTLS208',
  name: 'override-drops-tls',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A portLevelSettings entry without tls stands beside a tls block, which no longer counts for that port.',
  why: 'An entry of portLevelSettings replaces the whole policy beside it, so that the tls block is lost for that service port: the call '
    + 'is sent without the TLS that was asked for, and a STRICT server refuses it.',
  fix: 'Repeat the tls block in the entry of the port.',
  references: [PORT_POLICY, ENDPOINT_MTLS, CLIENT_TLS_CLUSTER],
  examples: {
    settings: { autoMtls: false },
    invalid: customers(destinationRule('shop', 'customers', `{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [${entry('loadBalancer: {simple: RANDOM}')}]}}`)),
    fixed: customers(
      destinationRule('shop', 'customers', `{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [${entry('loadBalancer: {simple: RANDOM}, tls: {mode: ISTIO_MUTUAL}')}]}}`),
    ),
    valid: customers(destinationRule('shop', 'customers', `{host: customers, trafficPolicy: {portLevelSettings: [${entry('loadBalancer: {simple: RANDOM}')}]}}`)),
  },
  check(context) {
    reportFaults(context, 'MTLS208', ({ field, lost }, example) => ({
      field: [...field, 'tls'],
      what: `the entry for service port ${example.port} sets no tls and replaces the ${lost?.mode ?? ''} of ${lost === undefined ? 'the rule' : pathText(lost.path)}: `
        + `clients send ${example.wire.value.sends === 'istio-mtls' ? 'Istio mTLS' : 'plaintext'} to ${targetOf(example)}, ${endingOf(example)}`,
      fix: `Add tls: {mode: ${example.serverMode.value === 'DISABLE' ? 'DISABLE' : lost?.mode ?? 'ISTIO_MUTUAL'}} to ${pathText(field)}.`,
    }));
  },
};
