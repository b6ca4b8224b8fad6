import { reportFaults, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER } from './references';
import { MODEL, Rule } from './rule';
import { Connection } from '../mesh/connection';
import { at as valueIn, pathText } from '../mesh/json';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

const rule201 = (name: string) => `{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["${name}"]}}}`;

const identity = ({ server }: Connection, trustDomain: string) => `spiffe://${trustDomain}/ns/${server?.namespace ?? ''}/sa/${server?.serviceAccount ?? ''}`;

export const rule: Rule = {
  code: 'MTLS228',
  name: 'server-identity-rejected',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule accepts identities in subjectAltNames of which the server has none.',
  why: 'The client checks the certificate of the server against the list and closes the connection (HTTP 503, flag UF, "SAN verification '
    + 'failed").',
  fix: 'Put the identity of the server into subjectAltNames, or remove the list: Istio then accepts the service accounts of the Service.',
  references: [CLIENT_TLS_CLUSTER],
  examples: {
    invalid: customers(destinationRule('shop', 'customers', rule201('spiffe://cluster.local/ns/shop/sa/customers'))),
    fixed: customers(destinationRule('shop', 'customers', rule201('spiffe://cluster.local/ns/shop/sa/default'))),
    valid: customers(destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
  },
  check(context) {
    reportFaults(context, 'MTLS228', ({ at, field }, example) => ({
      what: `${pathText(field)} does not accept the server of ${targetOf(example)}: ${example.outcome.decidedBy.text}`,
      fix: `Add ${identity(example, context.settings.trustDomain)} to ${pathText(field)}, or ${
        valueIn(at.body, ...field) === undefined ? `set ${pathText([...field.slice(0, -1), 'mode'])} to ISTIO_MUTUAL` : 'remove the list'}.`,
    }));
  },
};
