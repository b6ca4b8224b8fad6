import { reportFaults, targetOf } from './calls/report';
import { caller, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { ENDPOINT_MTLS } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const labelled = (label: string) => world(
  namespace('shop'), caller('shop', 'web', 'legacy.old'), namespace('old', 'istio-injection: disabled'),
  pod('old', 'legacy', { labels: `version: v1${label}` }), service('old', 'legacy'),
);

export const rule: Rule = {
  code: 'MTLS231',
  name: 'tls-mode-label-without-sidecar',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'The label security.istio.io/tlsMode: istio stands on a workload that has no sidecar.',
  why: 'Clients believe the label and send Istio mTLS, which nobody at the workload reads: HTTP 503, flag UF. It is left over where pods '
    + 'were moved to ambient or out of the mesh.',
  fix: 'Remove the label; the sidecar injection sets it where it is true.',
  references: [ENDPOINT_MTLS],
  examples: {
    invalid: labelled(', security.istio.io/tlsMode: istio'),
    fixed: labelled(''),
    valid: labelled(', security.istio.io/tlsMode: disabled'),
  },
  check(context) {
    reportFaults(context, 'MTLS231', ({ at, field }, example) => ({
      what: `the label tells clients of ${targetOf(example)} to send Istio mTLS, and ${example.server?.key ?? at.title} has no sidecar to read it`,
      fix: `Remove ${pathText(field)} from ${at.title}.`,
    }));
  },
};
