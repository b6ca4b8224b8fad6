import { reportFaults, serverPortOf, severityByUse, targetOf } from './calls/report';
import { caller, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';

const mixed = world(
  namespace('shop', 'istio.io/dataplane-mode: ambient'), caller('shop', 'web', 'db.data:5432'), namespace('data'), pod('data', 'db'),
  service('data', 'db', '{name: tcp, port: 5432}'), strict('data'),
);

export const rule: Rule = {
  code: 'MTLS233',
  name: 'ambient-client-to-strict-sidecar',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'Clients in ambient call workloads with sidecars that accept mTLS only and take no tunnel.',
  why: 'A ztunnel speaks no Istio mTLS but only tunnels: to a sidecar that takes none it passes the call on as it is, and a STRICT port '
    + 'closes the connection.',
  fix: 'Let the sidecars take tunnels (ISTIO_META_ENABLE_HBONE, as installations with ambient do), move the server to ambient, or accept '
    + 'plaintext on the port (PERMISSIVE).',
  references: [{ title: 'Istio: ambient and sidecars', where: 'https://istio.io/latest/docs/ambient/architecture/data-plane/' }],
  examples: {
    settings: { ambient: true, sidecarHbone: false },
    invalid: mixed,
    fixed: mixed.replace('name: data, labels: {istio-injection: enabled', 'name: data, labels: {istio.io/dataplane-mode: ambient'),
    valid: mixed.replace('mode: STRICT', 'mode: PERMISSIVE'),
  },
  check(context) {
    reportFaults(context, 'MTLS233', (_, example, calls) => ({
      severity: severityByUse(calls, Severity.WARNING),
      what: `the ztunnel of ${example.client.key} sends plaintext to ${targetOf(example)}, whose sidecar takes no tunnel, and ${serverPortOf(example)} is STRICT`,
      fix: `Let the sidecar of ${example.server?.key ?? 'the server'} take tunnels (ISTIO_META_ENABLE_HBONE: "true" in its proxy metadata), move its namespace to ambient, `
        + `or accept plaintext on workload port ${example.targetPort} (PERMISSIVE).`,
    }));
  },
};
