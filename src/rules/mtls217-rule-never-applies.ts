import { exampleOf } from './calls/fault';
import { faultsOf } from './calls/faults';
import { callsOf, targetOf } from './calls/report';
import { caller, destinationRule, namespace, object, world } from './examples';
import { Severity } from './finding';
import { RULE_LOOKUP } from './references';
import { MODEL, Rule } from './rule';
import { at, pathText } from '../mesh/json';
import { isSelected, selectsAll } from '../mesh/labels';

const bank = (label: string) => world(
  namespace('shop'), caller('shop', 'web', 'http://api.bank.example'), object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank',
    '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]}'),
  destinationRule('shop', 'bank', `{host: api.bank.example, ${label}trafficPolicy: {tls: {mode: SIMPLE, credentialName: bank-ca}}}`),
);

export const rule: Rule = {
  code: 'MTLS217',
  name: 'rule-never-applies',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'The workloadSelector of a DestinationRule selects no workload of its namespace.',
  why: 'A rule with a workloadSelector is for clients in its own namespace with these labels alone. Where there are none, the rule applies to nothing, and clients send what they would without it.',
  fix: 'Give workloadSelector the labels of the clients.',
  references: [RULE_LOOKUP],
  examples: {
    invalid: bank('workloadSelector: {matchLabels: {app: wbe}}, '),
    fixed: bank('workloadSelector: {matchLabels: {app: web}}, '),
    valid: bank('workloadSelector: {matchLabels: {app: web, security.istio.io/tlsMode: istio}}, '),
  },
  check(context) {
    const { destinationRules, inventory } = context.model;
    const faults = new Map(faultsOf(context, 'MTLS217').map(fault => [fault.at, fault]));
    for (const { object: one, namespace: home, workloadSelector } of destinationRules) {
      if (workloadSelector === undefined || selectsAll(workloadSelector)) continue;
      const neighbours = inventory.workloads.filter(workload => workload.namespace === home);
      if (neighbours.length === 0 || neighbours.some(workload => isSelected(workload, workloadSelector))) continue;
      const fault = faults.get(one);
      const calls = fault && callsOf(context, fault);
      const field = ['spec', 'workloadSelector', 'matchLabels'];
      context.report({
        at: one,
        field,
        see: fault?.see,
        calls: calls?.shown,
        callCount: calls?.total,
        severity: fault === undefined ? Severity.WARNING : Severity.ERROR,
        condition: fault === undefined ? `namespace ${home} has no workloads beside those of the input` : undefined,
        what: `${pathText(field)} ${JSON.stringify(at(one.spec, 'workloadSelector', 'matchLabels'))} selects no workload of namespace ${home}`
          + (fault === undefined ? '' : `: clients of ${targetOf(exampleOf(fault))} do without the rule`),
        fix: `Give ${pathText(field)} the labels of the clients in namespace ${home}.`,
      });
    }
  },
};
