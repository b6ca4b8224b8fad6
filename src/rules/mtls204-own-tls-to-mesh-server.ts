import { reportFaults, ruleOfItsOwn, serverPortOf, severityByHost, targetOf } from './calls/report';
import { removableWith } from './client-tls';
import { caller, destinationRule, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, SERVER_CHAINS } from './references';
import { MODEL, Rule } from './rule';
import { Connection } from '../mesh/connection';
import { asWritten, at as valueIn, FieldPath, pathText } from '../mesh/json';

// The caller, the server and the policy of each world; what changes is the rule between them.
const customers = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), ...more,
);

const valueAt = (body: unknown, field: FieldPath) => valueIn(body, ...field);

export const rule: Rule = {
  code: 'MTLS204',
  name: 'own-tls-to-mesh-server',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule originates TLS of its own (SIMPLE or MUTUAL) towards a workload whose proxy takes the mesh\'s TLS.',
  why: 'A STRICT port asks for a certificate of the mesh and closes the connection. On an HTTP port PERMISSIVE has no filter chain for '
    + 'TLS that is not the mesh\'s, and DISABLE cannot read it: HTTP 503 at the client.',
  fix: 'Use ISTIO_MUTUAL towards workloads of the mesh, or leave the tls block out. SIMPLE and MUTUAL are for servers that present '
    + 'certificates of their own.',
  references: [SERVER_CHAINS, CLIENT_TLS_CLUSTER],
  examples: {
    invalid: customers(strict('shop'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: SIMPLE}}}')),
    fixed: customers(strict('shop'), destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
    valid: world(
      namespace('shop'), caller('shop', 'web', 'https://customers'), pod('shop', 'customers'),
      service('shop', 'customers', '{name: tcp, port: 443, targetPort: 8443}'),
      destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /etc/ca.pem}}}'),
    ),
  },
  check(context) {
    reportFaults(context, 'MTLS204', ({ field, at }, example, calls) => ({
      severity: severityByHost(at, calls),
      what: `${pathText(field)} ${asWritten(valueAt(at.body, field))} originates TLS towards ${targetOf(example)}, which ${refusal(example)}`,
      fix: `${ruleOfItsOwn(at, example, 'ISTIO_MUTUAL')
        ?? `Set ${pathText(field)} to ISTIO_MUTUAL${context.settings.autoMtls ? `, or remove ${pathText(removableWith(at, field.slice(0, -1)))}` : ''}`}.`,
    }));
  },
};

function refusal(example: Connection): string {
  const { serverMode, outcome } = example;
  // The certificate is the mesh's own: it is the client that hangs up.
  if (outcome.decidedBy.cause === 'server-untrusted') return `the client itself ends: ${outcome.decidedBy.text}`;
  const why = serverMode.value === 'STRICT' ? 'it is STRICT and takes certificates of the mesh only' : `it is ${serverMode.value} and its proxy parses HTTP there`;
  return `${serverPortOf(example)} refuses: ${why}`;
}
