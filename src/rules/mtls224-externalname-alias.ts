import { endingOf, reportFaults } from './calls/report';
import { caller, destinationRule, namespace, object, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { RULE_LOOKUP } from './references';
import { MODEL, Rule } from './rule';

const alias = (host: string, mode = 'ISTIO_MUTUAL') => world(
  namespace('front'), caller('front', 'web', 'customers'), object('v1', 'Service', 'front', 'customers',
    '{type: ExternalName, externalName: customers.shop.svc.cluster.local, ports: [{name: http, port: 80}]}'),
  namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
  destinationRule('front', 'customers', `{host: ${host}, trafficPolicy: {tls: {mode: ${mode}}}}`),
);

export const rule: Rule = {
  code: 'MTLS224',
  name: 'externalname-alias',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule is for the name of an ExternalName Service that stands for a Service of the mesh.',
  why: 'Istio takes an ExternalName Service as another name of the host behind it: clients use the rules of that host, and never those of '
    + 'the alias. What the rule asks for does not happen.',
  fix: 'Write the rule for the host behind the alias.',
  references: [{ title: 'ExternalName Services are aliases', where: 'pilot/pkg/serviceregistry/kube/controller/controller.go' }, RULE_LOOKUP],
  examples: {
    settings: { autoMtls: false },
    invalid: alias('customers.front.svc.cluster.local'),
    fixed: alias('customers.shop.svc.cluster.local'),
    valid: alias('customers.shop.svc.cluster.local', 'DISABLE').replace('mode: STRICT', 'mode: PERMISSIVE'),
  },
  check(context) {
    const { model } = context;
    reportFaults(context, 'MTLS224', ({ at, lost }, example) => {
      // The calls may be those of either name, and the finding is about the one that the rule is written for.
      const host = model.destinationRules.find(({ object: one }) => one === at)?.host ?? '';
      const behind = model.inventory.servicesOf(host)[0]?.aliasOf ?? '';
      return {
        what: `${host} is another name of ${behind}, so that the ${lost!.mode} of ${at.title} never counts: clients send plaintext, ${endingOf(example)}`,
        fix: `Set spec.host of ${at.title} to ${behind}.`,
      };
    });
  },
};
