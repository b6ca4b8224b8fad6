import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, namespace, object, pod, strict, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS } from './references';
import { MODEL, Rule } from './rule';

const vanity = (location: string) => world(
  namespace('shop'), caller('shop', 'web', 'customers.internal'), pod('shop', 'customers'), strict('shop'),
  object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'customers', `{hosts: [customers.internal], ${location}resolution: STATIC, workloadSelector: {labels: {app: customers}}, `
    + 'ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]}'),
);

export const rule: Rule = {
  code: 'MTLS229',
  name: 'external-location-for-mesh-workload',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A ServiceEntry without location: MESH_INTERNAL leads to workloads of the mesh that accept mTLS only.',
  why: 'A missing location is MESH_EXTERNAL, for which clients use no auto mTLS: they send plaintext, and the STRICT workloads close the '
    + 'connection.',
  fix: 'Set spec.location to MESH_INTERNAL.',
  references: [AUTO_MTLS, { title: 'Istio: ServiceEntry, Location', where: 'https://istio.io/latest/docs/reference/config/networking/service-entry/' }],
  examples: {
    invalid: vanity(''),
    fixed: vanity('location: MESH_INTERNAL, '),
    valid: vanity('').replace('mode: STRICT', 'mode: PERMISSIVE'),
  },
  check(context) {
    reportFaults(context, 'MTLS229', ({ at }, example) => ({
      field: ['spec', 'location'],
      what: `${targetOf(example)} counts as outside the mesh, so that clients send plaintext to it, which ${serverPortOf(example)} refuses: it is STRICT`,
      fix: `Set spec.location of ${at.title} to MESH_INTERNAL.`,
    }));
  },
};
