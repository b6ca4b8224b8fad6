import { reportFaults, severityByUse, targetOf } from './calls/report';
import { caller, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';

const db = (port: string) => world(namespace('shop'), caller('shop', 'web', 'db:80'), pod('shop', 'db'), service('shop', 'db', port, 'clusterIP: None'));

export const rule: Rule = {
  code: 'MTLS230',
  name: 'headless-target-port',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A headless Service has a targetPort that is not its service port, and nothing translates the one into the other.',
  why: 'Clients of a headless Service connect to the pod\'s address with the service port, and nothing on the way translates it: the pod '
    + 'does not listen there ("connection refused").',
  fix: 'Give the service port the number of the workload port, or give the Service a cluster IP.',
  references: [{ title: 'Kubernetes: headless Services', where: 'https://kubernetes.io/docs/concepts/services-networking/service/#headless-services' }],
  examples: {
    invalid: db('{name: tcp, port: 80, targetPort: 5432}'),
    fixed: db('{name: tcp, port: 5432, targetPort: 5432}'),
    valid: db('{name: tcp, port: 80, targetPort: 5432}').replace(', clusterIP: None', ''),
  },
  check(context) {
    reportFaults(context, 'MTLS230', ({ field }, example, calls) => ({
      severity: severityByUse(calls, Severity.INFO),
      what: `clients of ${targetOf(example)} connect to port ${example.port} of the pod, and the application listens on ${example.targetPort}`,
      fix: `Set ${pathText(field.slice(0, -1))}.port to ${example.targetPort}, which is what clients have to call, or remove clusterIP: None.`,
    }));
  },
};
