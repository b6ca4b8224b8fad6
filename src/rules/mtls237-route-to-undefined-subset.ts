import { reportFaults } from './calls/report';
import { caller, destinationRule, namespace, object, pod, service, world } from './examples';
import { Severity } from './finding';
import { RULE_LOOKUP } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { Connection } from '../mesh/connection';

const route = (subset: string) => world(
  namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers', { labels: 'version: v1' }), service('shop', 'customers'),
  destinationRule('shop', 'customers', '{host: customers, subsets: [{name: v1, labels: {version: v1}}]}'),
  object('networking.istio.io/v1', 'VirtualService', 'shop', 'customers',
    `{hosts: [customers], http: [{route: [{destination: {host: customers${subset === '' ? '' : `, subset: ${subset}`}}}]}]}`),
);

function defined({ model }: RuleContext, { client, service: called }: Connection): string {
  const names = model.ruleFor(client, called)?.subsets.map(({ name }) => name) ?? [];
  return names.length === 0 ? '' : `, or name one that it has: ${names.join(', ')}`;
}

export const rule: Rule = {
  code: 'MTLS237',
  name: 'route-to-undefined-subset',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A VirtualService sends calls to a subset that no DestinationRule defines for the clients.',
  why: 'There is no cluster for the subset: the proxy answers HTTP 503 (flag NC) to every call that takes the route.',
  fix: 'Define the subset in the DestinationRule that the clients find for the host, or correct its name.',
  references: [RULE_LOOKUP, { title: 'Istio: DestinationRule, Subset', where: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset' }],
  examples: {
    invalid: route('v2'),
    fixed: route('v1'),
    valid: route(''),
  },
  check(context) {
    reportFaults(context, 'MTLS237', (_, example) => ({
      what: `the route leads to subset ${example.subset} of ${example.host}, which no DestinationRule that ${example.client.key} finds defines`,
      fix: `Define subset ${example.subset} in the DestinationRule for ${example.host}${defined(context, example)}.`,
    }));
  },
};
