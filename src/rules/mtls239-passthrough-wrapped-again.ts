import { reportFaults, targetOf } from './calls/report';
import { destinationRule, namespace, object, pod, service, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS, TLS_CONFIGURATION_PAGE } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const passed = (...more: readonly string[]) => world(
  pod('edge', 'gateway', { labels: 'istio: gateway', annotations: 'inject.istio.io/templates: gateway' }).replace('labels: {', 'labels: {sidecar.istio.io/inject: "true", '),
  object('networking.istio.io/v1', 'Gateway', 'edge', 'public',
    '{selector: {istio: gateway}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [shop.example.com], tls: {mode: PASSTHROUGH}}]}'),
  object('networking.istio.io/v1', 'VirtualService', 'edge', 'customers',
    '{hosts: [shop.example.com], gateways: [public], tls: [{match: [{sniHosts: [shop.example.com]}], route: [{destination: {host: customers.shop.svc.cluster.local, port: {number: 80}}}]}]}'),
  namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'), ...more.filter(one => one !== ''),
);

export const rule: Rule = {
  code: 'MTLS239',
  name: 'passthrough-wrapped-again',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A gateway passes TLS through to an HTTP port of the mesh, and wraps it in mesh mTLS.',
  why: 'The server\'s proxy takes off the outer TLS and finds a handshake where it expects an HTTP request: clients see theirs fail ("wrong version number").',
  fix: 'Let the gateway end the TLS (SIMPLE or ISTIO_MUTUAL and an http route), or, where the inner TLS is the mesh\'s own, tell '
    + 'the gateway to originate none (a DestinationRule with tls.mode DISABLE in its namespace).',
  references: [TLS_CONFIGURATION_PAGE, AUTO_MTLS],
  examples: {
    invalid: passed(''),
    fixed: passed(destinationRule('edge', 'customers', '{host: customers.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}')),
    valid: passed('').replace('name: http, port: 80', 'name: tls, port: 80'),
  },
  check(context) {
    reportFaults(context, 'MTLS239', ({ at, field }, example) => ({
      what: `${pathText(field)} of ${at.title} leads TLS that nobody has ended to ${targetOf(example)}, an HTTP port, and ${example.client.key} wraps it in Istio mTLS once more`,
      fix: `Let the Gateway end the TLS and route by http. Where clients speak the mesh's own mTLS, add in namespace ${example.client.namespace} a DestinationRule for ${example.host} with tls.mode DISABLE.`,
    }));
  },
};
