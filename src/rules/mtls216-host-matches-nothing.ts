import { Fault } from './calls/fault';
import { faultsOf } from './calls/faults';
import { callsOf } from './calls/report';
import { Strays } from './calls/strays';
import { tlsBlocks } from './client-tls';
import { caller, destinationRule, namespace, pod, service, strict, world } from './examples';
import { Severity } from './finding';
import { RULE_LOOKUP } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { asWritten, own } from '../mesh/json';
import { DestinationRule } from '../mesh/rules/destination-rule';
import { isCovered, isWildcard } from '../mesh/rules/host-index';
import { Service } from '../mesh/services/service';

const rules = (host: string) => world(
  namespace('front'), caller('front', 'web', 'customers.shop'), namespace('shop'), pod('shop', 'customers'), service('shop', 'customers'),
  strict('shop'), destinationRule('front', 'customers', `{host: ${host}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}`),
);

export const rule: Rule = {
  code: 'MTLS216',
  name: 'host-matches-nothing',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'The host of a DestinationRule is the name of no Service and of no ServiceEntry.',
  why: 'A host without a dot is completed with the namespace of the rule, and a host with one is taken as it is: customers.shop names nothing. '
    + 'The rule has no effect, and nothing says so.',
  fix: 'Write the full name: <service>.<namespace>.svc.<cluster domain>.',
  references: [{ title: 'How short hosts are completed, ResolveShortnameToFQDN', where: 'pilot/pkg/model/config.go' }, RULE_LOOKUP],
  examples: {
    settings: { autoMtls: false },
    invalid: rules('customers'),
    fixed: rules('customers.shop.svc.cluster.local'),
    valid: rules('"*.shop.svc.cluster.local"'),
  },
  check(context) {
    const faults = new Map(faultsOf(context, 'MTLS216').map(fault => [fault.at, fault]));
    const { inventory, destinationRules } = context.model;
    const wildcards = inventory.services.filter(({ host }) => isWildcard(host)).map(({ host }) => host);
    // The API server's Service is in every cluster, and in hardly any input.
    const apiServer = `kubernetes.default.svc.${context.settings.clusterDomain}`;
    const isKnownHost = (host: string) => host === apiServer || inventory.servicesOf(host).length > 0 || wildcards.some(by => isCovered(host, by));
    const strange = destinationRules.filter(({ host }) => !isWildcard(host) && !isKnownHost(host));
    const strays = strange.length === 0 ? undefined : new Strays(context.model);
    for (const one of strange) report(context, one, strays!.servicesMeantBy(one), faults.get(one.object));
  },
};

function report(context: RuleContext, { object, namespace: home, host }: DestinationRule, meant: readonly Service[], fault: Fault | undefined): void {
  const calls = fault && callsOf(context, fault);
  const written = asWritten(own(object.spec, 'host'));
  const others = [...new Set(meant.map(one => one.host))].sort();
  const isShort = !written.includes('.');
  const reads = isShort ? `${written} stands for ${host}` : `${written} is taken as it is`;
  if (others.length === 0) {
    // Without tls the rule has little to do with mTLS, and the cluster may hold a Service that the input does not show.
    if (tlsBlocks(object).length === 0 || !isKnown(context, host, home)) return;
    context.report({
      at: object,
      field: ['spec', 'host'],
      severity: Severity.WARNING,
      condition: 'no Service or ServiceEntry beside those of the input has this name',
      what: `${reads}, and no Service or ServiceEntry of the input has this name: the rule applies to nothing`,
    });
    return;
  }
  context.report({
    at: object,
    field: ['spec', 'host'],
    see: [...meant.map(one => one.object), ...fault?.see ?? []].filter((one, i, all) => all.indexOf(one) === i),
    calls: calls?.shown,
    callCount: calls?.total,
    what: `${reads}, which is no Service, so that the rule applies to nothing; ${others.join(', ')} ${others.length === 1 ? 'exists' : 'exist'}`,
    fix: `Set spec.host to ${others.join(' or ')}.`,
  });
}

/** Whether the input shows the Services of the namespace in which the host would be: then one more would be among them. */
function isKnown({ model, settings }: RuleContext, host: string, home: string): boolean {
  const match = new RegExp(`^[^.]+\\.([^.]+)\\.svc\\.${settings.clusterDomain.replace(/\./g, '\\.')}$`).exec(host);
  const place = match?.[1] ?? (host.includes('.') ? undefined : home);
  return place !== undefined && model.inventory.services.some(one => one.isKubernetes && one.namespace === place);
}
