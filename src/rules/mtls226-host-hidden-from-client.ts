import { reportFaults, serverPortOf, severityByUse } from './calls/report';
import { caller, namespace, object, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

const scoped = (hosts: string, mode = 'STRICT') => world(
  namespace('front'), caller('front', 'ui', 'api.back'), namespace('back'), pod('back', 'api'), service('back', 'api'),
  object('networking.istio.io/v1', 'Sidecar', 'front', 'default', `{egress: [{hosts: [${hosts}]}]}`), ...mode === '' ? [] : [strict('back')],
);

export const rule: Rule = {
  code: 'MTLS226',
  name: 'host-hidden-from-client',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A client\'s proxy does not know a host that is called: a Sidecar object does not import it, or it is not exported to the '
    + 'client\'s namespace.',
  why: 'Calls to an unknown host leave the proxy as they are (or not at all, with REGISTRY_ONLY): no rule and no auto mTLS applies, and a '
    + 'STRICT server closes the connection.',
  fix: 'Import the host in the egress of the Sidecar, or export it to the client\'s namespace.',
  references: [{ title: 'What a Sidecar object imports, selectServices', where: 'pilot/pkg/model/sidecar.go' }],
  examples: {
    invalid: scoped('"./*"'),
    fixed: scoped('"./*", "back/*"'),
    valid: scoped('"./*"', ''),
  },
  check(context) {
    reportFaults(context, 'MTLS226', ({ at, field }, example, calls) => ({
      severity: severityByUse(calls, Severity.INFO),
      what: `the proxy of ${example.client.key} does not know ${example.host}: ${example.wire.value.sends === 'none' ? 'the call does not leave it' : `plaintext reaches ${serverPortOf(example)}, which refuses it`}`,
      fix: at.key === Kinds.SIDECAR
        ? `Add "${example.service.namespace}/${example.host}" to ${pathText(field)} of ${at.title}.`
        : `Add ${example.client.namespace} to ${pathText(field)} of ${at.title}.`,
    }));
  },
};
