import { reportFaults, severityByUse, targetOf } from './calls/report';
import { caller, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { ENDPOINT_MTLS, SERVER_CHAINS } from './references';
import { MODEL, Rule } from './rule';
import { reasonJson } from '../mesh/decision';

const labelled = (labels: string) => world(
  namespace('shop'), caller('shop', 'web', 'legacy.old'), namespace('old', 'istio-injection: disabled'), pod('old', 'legacy', { labels }), service('old', 'legacy'),
);

export const rule: Rule = {
  code: 'MTLS235',
  name: 'call-refused',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A call fails in a way that no other rule speaks about, such as a tunnel to a pod that a label wrongly says takes one.',
  why: 'What the client\'s proxy sends is not what answers at the server: HTTP 503, flag UF or UC. The finding tells what led to it, the deciding field first.',
  fix: 'Change the first field that is named, or the one on the other side, so that both agree.',
  references: [SERVER_CHAINS, ENDPOINT_MTLS],
  examples: {
    settings: { ambient: true },
    invalid: labelled('networking.istio.io/tunnel: http'),
    fixed: labelled('version: v1'),
    valid: labelled('networking.istio.io/tunnel: http').replace('istio-injection: disabled', 'istio-injection: enabled'),
  },
  check(context) {
    reportFaults(context, 'MTLS235', ({ at, field }, example, calls) => ({
      severity: severityByUse(calls, Severity.INFO),
      what: `${targetOf(example)} refuses what its clients send (${example.wire.value.sends}): ${example.outcome.because.map(({ text }) => text).join('; ')}`,
      fix: `Start at ${field.length === 0 ? at.title : `${reasonJson({ object: at, field, text: '' }).field} of ${at.title}`}: ${example.outcome.decidedBy.text}.`,
    }));
  },
};
