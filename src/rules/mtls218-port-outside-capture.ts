import { reportFaults, serverPortOf, severityByUse, targetOf } from './calls/report';
import { caller, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { ENDPOINT_MTLS } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const excluded = 'traffic.sidecar.istio.io/excludeOutboundPorts: "80"';

export const rule: Rule = {
  code: 'MTLS218',
  name: 'port-outside-capture',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A port is taken out of the proxy by an annotation, and the other side goes through one.',
  why: 'A port in excludeInboundPorts is not seen by clients: they send Istio mTLS straight to the application. A port in '
    + 'excludeOutboundPorts leaves the client in plaintext, and a STRICT server closes the connection.',
  fix: 'Remove the port from the annotation, or tell the other side: tls.mode DISABLE for an excluded inbound port, PERMISSIVE for what '
    + 'an excluded outbound port leads to.',
  references: [{ title: 'The traffic annotations', where: 'https://istio.io/latest/docs/reference/config/annotations/' }, ENDPOINT_MTLS],
  examples: {
    invalid: world(namespace('shop'), caller('shop', 'web', 'customers', { annotations: excluded }), pod('shop', 'customers'), service('shop', 'customers'), strict('shop')),
    fixed: world(namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop')),
    valid: world(namespace('shop'), caller('shop', 'web', 'customers', { annotations: excluded }), pod('shop', 'customers'), service('shop', 'customers')),
  },
  check(context) {
    reportFaults(context, 'MTLS218', ({ at, field }, example, calls) => ({
      // Ports are taken out for callers outside the mesh, and for hosts outside it: nobody in it need be meant.
      severity: severityByUse(calls, Severity.INFO),
      what: example.wire.value.sends === 'plaintext'
        ? `calls to port ${example.port} do not pass the proxy of ${example.client.key}: plaintext reaches ${targetOf(example)}, which ${serverPortOf(example)} refuses: it is STRICT`
        : `${serverPortOf(example)} does not pass its proxy, and clients of ${targetOf(example)} send Istio mTLS to it`,
      fix: example.wire.value.sends === 'plaintext'
        ? `Remove ${example.port} from ${pathText(field)} of ${at.title}, or accept plaintext on workload port ${example.targetPort} of ${example.server?.key ?? 'the server'} (PERMISSIVE).`
        : `Remove ${example.targetPort} from ${pathText(field)} of ${at.title}, or add a DestinationRule for ${example.host} with tls.mode DISABLE for service port ${example.port}.`,
    }));
  },
};
