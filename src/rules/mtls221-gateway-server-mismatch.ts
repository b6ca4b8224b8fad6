import { reportFaults, severityByUse, targetOf } from './calls/report';
import { caller, destinationRule, namespace, object, pod, service, world } from './examples';
import { Severity } from './finding';
import { TLS_CONFIGURATION_PAGE } from './references';
import { MODEL, Rule } from './rule';

const SENT: { readonly [sends: string]: string } = { 'plaintext': 'plaintext', 'istio-mtls': 'Istio mTLS', 'tls': 'TLS of their own' };

const egress = (more: string) => world(
  namespace('shop'), caller('shop', 'web', 'egress:443'),
  pod('shop', 'egress', { labels: 'istio: egressgateway', annotations: 'inject.istio.io/templates: gateway' }),
  service('shop', 'egress', '{name: http, port: 443, targetPort: 8443}'),
  object('networking.istio.io/v1', 'Gateway', 'shop', 'egress',
    '{selector: {istio: egressgateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [api.example.com], tls: {mode: ISTIO_MUTUAL}}]}'),
  ...more === '' ? [] : [more],
);

export const rule: Rule = {
  code: 'MTLS221',
  name: 'gateway-server-mismatch',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'What clients send to a gateway\'s Service is not what the Gateway\'s server takes.',
  why: 'A gateway listens as its Gateway object says, whatever PeerAuthentications say, and its pods do not tell clients that they speak '
    + 'mTLS: auto mTLS sends them plaintext. The gateway closes the connection (flag NR or UC).',
  fix: 'Give the gateway\'s Service a DestinationRule whose tls.mode fits the server: ISTIO_MUTUAL for ISTIO_MUTUAL, with the server\'s '
    + 'host as sni; none for a plain server.',
  references: [{ title: 'The listeners of gateways', where: 'pilot/pkg/networking/core/gateway.go' }, TLS_CONFIGURATION_PAGE],
  examples: {
    invalid: egress(''),
    fixed: egress(destinationRule('shop', 'egress', '{host: egress, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: api.example.com}}}')),
    valid: egress('').replace('protocol: HTTPS', 'protocol: HTTP').replace(', tls: {mode: ISTIO_MUTUAL}', ''),
  },
  check(context) {
    reportFaults(context, 'MTLS221', (_, example, calls) => ({
      severity: severityByUse(calls, Severity.INFO),
      what: `clients send ${SENT[example.wire.value.sends] ?? example.wire.value.sends} to ${targetOf(example)}, and ${example.outcome.decidedBy.text}`,
      fix: `Give ${example.host} a DestinationRule whose tls.mode for service port ${example.port} is what the Gateway's server takes (ISTIO_MUTUAL with the server's host as sni, for a server with tls.mode ISTIO_MUTUAL).`,
    }));
  },
};
