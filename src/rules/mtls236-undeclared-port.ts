import { reportFaults, serverPortOf } from './calls/report';
import { caller, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';
import { asWritten, own, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

const kafka = (ports: string) => world(
  namespace('stream'), caller('stream', 'web', 'kafka-0.kafka.stream.svc.cluster.local:9094'), pod('stream', 'kafka'),
  service('stream', 'kafka', ports, 'clusterIP: None'), strict('stream'),
);

export const rule: Rule = {
  code: 'MTLS236',
  name: 'undeclared-port',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'Pods call each other by name on a port that no Service lists, and the server accepts mTLS only.',
  why: 'A client\'s proxy knows the addresses of pods by the ports of their headless Service. On any other port it takes the address for '
    + 'one outside the mesh and passes the call on in plaintext, which a STRICT pod refuses: replicas of databases and brokers lose each '
    + 'other.',
  fix: 'List the port in the headless Service, or accept plaintext on it (PERMISSIVE).',
  references: [{ title: 'Passthrough for unknown destinations', where: 'pilot/pkg/networking/core/listener.go (PassthroughCluster)' }, { title: 'Istio: StatefulSets and headless Services', where: 'https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/#headless-services' }],
  examples: {
    invalid: kafka('{name: tcp-client, port: 9092}'),
    fixed: kafka('{name: tcp-client, port: 9092}, {name: tcp-peer, port: 9094}'),
    valid: kafka('{name: tcp-client, port: 9092}').replace('mode: STRICT', 'mode: PERMISSIVE'),
  },
  check(context) {
    reportFaults(context, 'MTLS236', ({ at, field }, example) => ({
      what: `pods of ${example.server?.key ?? at.title} are called on port ${example.port} (${example.wire.because[1].text}), which no Service lists: `
        + `the client's proxy sends plaintext, which ${serverPortOf(example)} refuses: it is STRICT`,
      fix: at.key === Kinds.SERVICE
        ? `Add to ${pathText(field)} of ${at.title}: {name: tcp-${example.port}, port: ${example.port}}.`
        : `Add the headless Service ${asWritten(own(at.spec, 'serviceName'))} that ${at.title} names, with {name: tcp-${example.port}, port: ${example.port}}.`,
    }));
  },
};
