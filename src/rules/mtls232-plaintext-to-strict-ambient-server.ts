import { reportFaults, targetOf } from './calls/report';
import { caller, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS } from './references';
import { MODEL, Rule } from './rule';

const mixed = (ip: string) => world(
  namespace('shop'), caller('shop', 'web', 'db.data:5432'), namespace('data', 'istio.io/dataplane-mode: ambient'), pod('data', 'db'),
  service('data', 'db', '{name: tcp, port: 5432}').replace('}]}', `}]${ip}}`), strict('data'),
);

export const rule: Rule = {
  code: 'MTLS232',
  name: 'plaintext-to-strict-ambient-server',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'Clients with sidecars cannot tunnel to the ambient pods of a Service, and the pods are STRICT.',
  why: 'A sidecar tunnels only to endpoints that it can tell apart. For a headless Service, or loadBalancer PASSTHROUGH, it sends '
    + 'plaintext, and the ztunnel of a STRICT pod refuses it.',
  fix: 'Give the Service a cluster IP, move the clients to ambient, or accept plaintext on the port (PERMISSIVE).',
  references: [AUTO_MTLS, { title: 'How istiod marks endpoints that can be tunnelled to, supportTunnel', where: 'pilot/pkg/xds/endpoints/endpoint_builder.go' }],
  examples: {
    settings: { ambient: true },
    invalid: mixed(', clusterIP: None'),
    fixed: mixed(''),
    valid: mixed(', clusterIP: None').replace('mode: STRICT', 'mode: PERMISSIVE'),
  },
  check(context) {
    reportFaults(context, 'MTLS232', (_, example) => ({
      what: `sidecars send plaintext to ${targetOf(example)} (${example.wire.decidedBy.text}), which the ztunnel of ${example.server?.key ?? 'the server'} refuses: workload port ${example.targetPort} is STRICT`,
      fix: `Give ${example.service.object.title} a cluster IP, so that sidecars tunnel to its pods, or accept plaintext on workload port ${example.targetPort} (PERMISSIVE).`,
    }));
  },
};
