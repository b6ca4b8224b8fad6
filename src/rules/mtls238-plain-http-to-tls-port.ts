import { reportFaults, targetOf } from './calls/report';
import { destinationRule, namespace, object, pod, service, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, TLS_CONFIGURATION_PAGE } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

const dashboard = (...more: readonly string[]) => world(
  pod('edge', 'gateway', { labels: 'istio: gateway', annotations: 'inject.istio.io/templates: gateway' }).replace('labels: {', 'labels: {sidecar.istio.io/inject: "true", '),
  object('networking.istio.io/v1', 'Gateway', 'edge', 'public',
    '{selector: {istio: gateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [dash.example.com], tls: {mode: SIMPLE, credentialName: dash}}]}'),
  object('networking.istio.io/v1', 'VirtualService', 'edge', 'dashboard',
    '{hosts: [dash.example.com], gateways: [public], http: [{route: [{destination: {host: dashboard.ops.svc.cluster.local, port: {number: 443}}}]}]}'),
  namespace('ops', 'team: ops'), pod('ops', 'dashboard'), service('ops', 'dashboard', '{name: https, port: 443, targetPort: 8443}'), ...more.filter(one => one !== ''),
);

export const rule: Rule = {
  code: 'MTLS238',
  name: 'plain-http-to-tls-port',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A gateway ends the TLS of its clients and sends plain HTTP to a port on which the server speaks TLS.',
  why: 'The server answers "client sent an HTTP request to an HTTPS server" (HTTP 400), and what was encrypted outside goes through the '
    + 'cluster in plaintext.',
  fix: 'Originate TLS again with a DestinationRule (tls.mode SIMPLE with the server\'s authority), or pass the TLS through (Gateway '
    + 'tls.mode PASSTHROUGH and a tls route).',
  references: [TLS_CONFIGURATION_PAGE, CLIENT_TLS_CLUSTER],
  examples: {
    invalid: dashboard(''),
    fixed: dashboard(destinationRule('edge', 'dashboard', '{host: dashboard.ops.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /etc/ca.pem}}}')),
    valid: dashboard('').replace('name: https, port: 443', 'name: http, port: 443'),
  },
  check(context) {
    reportFaults(context, 'MTLS238', ({ at, field }, example) => ({
      what: `${example.client.key} sends plain HTTP to ${targetOf(example)}, which is declared to speak TLS`,
      fix: at.key === Kinds.DESTINATION_RULE
        ? `Set ${pathText(field)} of ${at.title} to {mode: SIMPLE, caCertificates: <the authority of ${example.host}>}.`
        : `Add in namespace ${example.client.namespace} a DestinationRule for ${example.host} with trafficPolicy.tls {mode: SIMPLE, caCertificates: <its authority>}.`,
    }));
  },
};
