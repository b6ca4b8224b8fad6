import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, destinationRule, namespace, pod, policy, service, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS, ENDPOINT_MTLS } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const db = (mode: string) => world(
  namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'), service('shop', 'db', '{name: tcp, port: 5432}', 'clusterIP: None'),
  policy('shop', 'db', `{selector: {matchLabels: {app: db}}, portLevelMtls: {5432: {mode: ${mode}}}}`),
);

export const rule: Rule = {
  code: 'MTLS213',
  name: 'headless-port-exception',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A workload or a port is DISABLE behind a headless Service, whose clients send mTLS all the same.',
  why: 'Auto mTLS does not look at policies of single workloads and ports for headless Services (and for loadBalancer PASSTHROUGH): '
    + 'clients with a sidecar send Istio mTLS to a port that does not terminate it (HTTP 503, flag UF; a TCP application gets the handshake).',
  fix: 'Set the port to PERMISSIVE, or give the host a DestinationRule with tls.mode DISABLE for the service port.',
  references: [AUTO_MTLS, ENDPOINT_MTLS],
  examples: {
    invalid: db('DISABLE'),
    fixed: db('PERMISSIVE'),
    valid: world(db('DISABLE'), destinationRule('shop', 'db', '{host: db, trafficPolicy: {tls: {mode: DISABLE}}}')),
  },
  check(context) {
    reportFaults(context, 'MTLS213', ({ field }, example) => ({
      what: `${serverPortOf(example)} is DISABLE, and clients of ${targetOf(example)} send Istio mTLS: they connect to the pod's address and do not look at policies of single workloads`,
      fix: `Set ${pathText(field)} to PERMISSIVE, or add a DestinationRule for ${example.host} with tls.mode DISABLE for service port ${example.port}.`,
    }));
  },
};
