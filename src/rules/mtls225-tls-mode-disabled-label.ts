import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { ENDPOINT_MTLS } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const labelled = (label: string) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers', { labels: `version: v1${label}` }), service('shop', 'customers'), strict('shop'),
);

export const rule: Rule = {
  code: 'MTLS225',
  name: 'tls-mode-disabled-label',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'The label security.istio.io/tlsMode tells clients that a STRICT workload does not speak mTLS.',
  why: 'Auto mTLS believes the label: clients send plaintext, and the STRICT workload closes the connection (HTTP 503, flag UC).',
  fix: 'Remove the label; the sidecar injection sets it to what is true.',
  references: [ENDPOINT_MTLS],
  examples: {
    invalid: labelled(', security.istio.io/tlsMode: disabled'),
    fixed: labelled(''),
    valid: labelled(', security.istio.io/tlsMode: istio'),
  },
  check(context) {
    reportFaults(context, 'MTLS225', ({ at, field }, example) => ({
      what: `the label tells clients of ${targetOf(example)} to send plaintext, which ${serverPortOf(example)} refuses: it is STRICT`,
      fix: `Remove ${pathText(field)} from ${at.title}.`,
    }));
  },
};
