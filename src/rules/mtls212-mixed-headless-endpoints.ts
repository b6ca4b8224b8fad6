import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { AUTO_MTLS } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const headless = service('shop', 'db', '{name: tcp, port: 5432}', 'clusterIP: None');
const db = (labels: string) => world(
  namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'), pod('shop', 'db-old', { labels: `${labels === '' ? '' : `${labels}, `}role: old` }).replace('app: db-old', 'app: db'),
  headless, strict('shop'),
);

export const rule: Rule = {
  code: 'MTLS212',
  name: 'mixed-headless-endpoints',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A Service whose endpoints clients cannot tell apart has pods with a proxy and pods without, and some are STRICT.',
  why: 'For a headless Service, or one with loadBalancer PASSTHROUGH, clients decide once for all endpoints: one pod without a proxy '
    + 'switches mTLS off for all of them, and the STRICT ones close the connection.',
  fix: 'Give all pods of the Service a proxy, or put those without into a Service of their own, or accept plaintext on the port '
    + '(PERMISSIVE).',
  references: [AUTO_MTLS],
  examples: {
    invalid: db('sidecar.istio.io/inject: "false"'),
    fixed: db(''),
    valid: world(namespace('shop'), caller('shop', 'web', 'db:5432'), pod('shop', 'db'), headless),
  },
  check(context) {
    reportFaults(context, 'MTLS212', ({ at, field }, example) => ({
      what: `clients cannot tell the endpoints of ${targetOf(example)} apart, and one of them has no proxy (${at.title}): they send plaintext to all, which ${serverPortOf(example)} refuses: it is STRICT`,
      fix: `${field.includes('labels') || field.includes('annotations') ? `Remove ${pathText(field)} from ${at.title}, so that the pods get a proxy` : `Join ${at.title} to the mesh`}, or give those pods `
        + `another label and a Service of their own, or accept plaintext on workload port ${example.targetPort} (PERMISSIVE).`,
    }));
  },
};
