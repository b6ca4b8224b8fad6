import { reportFaults, ruleOfItsOwn, severityByHost, targetOf } from './calls/report';
import { removableWith } from './client-tls';
import { caller, destinationRule, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS, CLIENT_TLS_CLUSTER } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const legacy = (...more: readonly string[]) => world(
  namespace('shop'), caller('shop', 'web', 'legacy.old'), namespace('old', 'istio-injection: disabled'), pod('old', 'legacy'), service('old', 'legacy'), ...more,
);

export const rule: Rule = {
  code: 'MTLS202',
  name: 'istio-mutual-to-workload-without-proxy',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule sends Istio mTLS to a workload that has no proxy to answer it.',
  why: 'The application behind the Service gets a TLS handshake that it does not expect: HTTP 503, flag UF, for every client with a '
    + 'proxy. Auto mTLS would have sent plaintext.',
  fix: 'Remove the tls block (auto mTLS sends mesh certificates to those endpoints alone that take them), give the host a DestinationRule '
    + 'of its own with tls.mode DISABLE, or join the workload to the mesh.',
  references: [CLIENT_TLS_CLUSTER, AUTO_MTLS],
  examples: {
    invalid: legacy(destinationRule('shop', 'legacy', '{host: legacy.old.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')),
    fixed: legacy(destinationRule('shop', 'legacy', '{host: legacy.old.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}')),
    valid: legacy(destinationRule('shop', 'legacy', '{host: legacy.old.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: RANDOM}}}')),
  },
  check(context) {
    reportFaults(context, 'MTLS202', ({ field, at }, example, calls) => ({
      severity: severityByHost(at, calls),
      what: `${pathText(field)} ISTIO_MUTUAL sends Istio mTLS to ${targetOf(example)}, and ${example.server?.key ?? 'what answers there'} has no proxy: ${example.serverMode.decidedBy.text}`,
      fix: `${ruleOfItsOwn(at, example, 'DISABLE') ?? `Set ${pathText(field)} to DISABLE`}${
        context.settings.autoMtls ? `, or remove ${pathText(removableWith(at, field.slice(0, -1)))} and let auto mTLS decide` : ''}.`,
    }));
  },
};
