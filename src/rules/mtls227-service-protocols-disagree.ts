import { reportFaults, serverPortOf, targetOf } from './calls/report';
import { caller, namespace, pod, service, world } from './examples';
import { Severity } from './finding';
import { MODEL, Rule } from './rule';

const two = (protocol: string) => world(
  namespace('shop'), caller('shop', 'web', 'zz-raw'), pod('shop', 'customers'), service('shop', 'customers'),
  service('shop', 'zz-raw', `{name: ${protocol}, port: 80, targetPort: 8080}`).replace('app: zz-raw', 'app: customers'),
);

export const rule: Rule = {
  code: 'MTLS227',
  name: 'service-protocols-disagree',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'Two Services declare different protocols for one workload port.',
  why: 'The server\'s proxy parses the port as the older Service says. What clients of the other Service send is not that protocol, and '
    + 'the proxy closes the connection.',
  fix: 'Declare the same protocol (port name or appProtocol) in all Services that lead to the workload port.',
  references: [{ title: 'One protocol for one workload port', where: 'pilot/pkg/networking/core/listener_inbound.go' }],
  examples: {
    invalid: two('tcp'),
    fixed: two('http'),
    valid: two('grpc'),
  },
  check(context) {
    reportFaults(context, 'MTLS227', (_, example) => ({
      what: `clients of ${targetOf(example)} send what ${serverPortOf(example)} cannot read: ${example.outcome.because[1]?.text ?? example.outcome.decidedBy.text}`,
      fix: `Declare one protocol for workload port ${example.targetPort} in every Service that leads to it (the name of the port, or appProtocol).`,
    }));
  },
};
