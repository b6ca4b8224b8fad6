import { endingOf, reportFaults, targetOf } from './calls/report';
import { caller, destinationRule, namespace, object, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE } from './references';
import { MODEL, Rule } from './rule';
import { Connection } from '../mesh/connection';
import { pathText } from '../mesh/json';

const partner = (spec: string) => world(
  namespace('shop'), caller('shop', 'web', 'http://api.example.com'), object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'partner',
    '{hosts: [api.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]}'),
  destinationRule('shop', 'partner', spec),
);

function clientLabels({ client }: Connection): string {
  const labels: string[] = [];
  client.eachLabel((key, value) => {
    if (!key.includes('istio.io/')) labels.push(`${key}: ${value}`);
  });
  return labels.sort().join(', ') || 'which have none yet';
}

export const rule: Rule = {
  code: 'MTLS211',
  name: 'credential-name-on-sidecar',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule with SIMPLE or MUTUAL names its certificates by credentialName, and clients with sidecars use it.',
  why: 'A sidecar reads no Secret unless the rule has a workloadSelector: Istio leaves the TLS out without a word, and the sidecar sends '
    + 'plaintext ("The plain HTTP request was sent to HTTPS port").',
  fix: 'Add a workloadSelector for the clients, or name files that the clients mount (caCertificates, clientCertificate, privateKey). '
    + 'Gateways read credentialName as it is.',
  references: [CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE],
  examples: {
    invalid: partner('{host: api.example.com, trafficPolicy: {tls: {mode: SIMPLE, credentialName: partner-ca}}}'),
    fixed: partner('{host: api.example.com, workloadSelector: {matchLabels: {app: web}}, trafficPolicy: {tls: {mode: SIMPLE, credentialName: partner-ca}}}'),
    valid: partner('{host: api.example.com, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /etc/certs/ca.pem}}}'),
  },
  check(context) {
    reportFaults(context, 'MTLS211', ({ field }, example) => ({
      what: `${pathText(field)} is not read by sidecars without a workloadSelector: clients send plaintext to ${targetOf(example)}${example.outcome.value === 'fail' ? `, ${endingOf(example)}` : ''}`,
      fix: `Add spec.workloadSelector.matchLabels with the labels of the clients (${clientLabels(example)}), or replace credentialName by files that they mount.`,
    }));
  },
};
