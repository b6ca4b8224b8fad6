import { reportFaults, targetOf } from './calls/report';
import { destinationRule } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, RULE_LOOKUP } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { asWritten, own, pathText } from '../mesh/json';
import { DestinationRule } from '../mesh/rules/destination-rule';
import { isCovered, isWildcard } from '../mesh/rules/host-index';
import { portPolicy } from '../mesh/rules/traffic-policy';

const wildcard = destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}');
const exemption = (namespace: string) => destinationRule(namespace, 'api-server', '{host: kubernetes.default.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}');

export const rule: Rule = {
  code: 'MTLS222',
  name: 'wildcard-covers-api-server',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule sends Istio mTLS to the API server of the cluster, which has no proxy.',
  why: 'Pods with a proxy that call kubernetes.default (controllers, operators, Prometheus, everything with a Kubernetes client) cannot reach the API server: '
    + 'it gets a handshake with certificates of the mesh.',
  fix: 'Give kubernetes.default.svc.<cluster domain> a DestinationRule with tls.mode DISABLE beside the wildcard, in the same namespace (ApiServerTlsExemption writes it).',
  references: [CLIENT_TLS_CLUSTER, RULE_LOOKUP],
  examples: {
    invalid: wildcard,
    fixed: `${wildcard}\n---${exemption('istio-system')}`,
    valid: destinationRule('shop', 'default', '{host: "*.shop.svc.cluster.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
  },
  check(context) {
    const reported = new Set<unknown>();
    reportFaults(context, 'MTLS222', ({ at, field }, example) => {
      reported.add(at);
      return {
        what: `${pathText(field)} ISTIO_MUTUAL sends Istio mTLS to ${targetOf(example)}, the API server, which has no proxy`,
        fix: exemptionIn(at.namespace, example.host),
      };
    });
    reportUncalled(context, reported);
  },
};

/** Wildcards that would break calls of which the input shows none: it has no Service of the API server, and so no calls to it. */
function reportUncalled(context: RuleContext, reported: ReadonlySet<unknown>): void {
  const host = `kubernetes.default.svc.${context.settings.clusterDomain}`;
  const { destinationRules, inventory } = context.model;
  if (inventory.servicesOf(host).length > 0) return;
  const covering = destinationRules.filter(one => isCovered(host, one.host));
  for (const one of covering) {
    const tls = isWildcard(one.host) && one.workloadSelector === undefined ? portPolicy(one, 443).tls : undefined;
    if (tls?.mode !== 'ISTIO_MUTUAL' || reported.has(one.object) || covering.some(other => isExemption(other, one, context))) continue;
    context.report({
      at: one.object,
      field: ['spec', 'host'],
      what: `${asWritten(own(one.object.spec, 'host'))} covers ${host}, the API server, and sends it Istio mTLS, which it does not speak`,
      fix: exemptionIn(one.namespace, host),
      condition: 'a pod with a proxy that finds this rule calls the API server',
      severity: context.settings.autoMtls ? Severity.WARNING : Severity.ERROR,
    });
  }
}

/** Whether clients that would use the wildcard find another rule for the API server first. */
function isExemption(other: DestinationRule, wildcardRule: DestinationRule, { settings }: RuleContext): boolean {
  const isNearer = other.namespace === wildcardRule.namespace
    ? other.host.length > wildcardRule.host.length || !isWildcard(other.host)
    : wildcardRule.namespace === settings.rootNamespace && other.namespace === 'default';
  return isNearer && other !== wildcardRule && portPolicy(other, 443).tls?.mode !== 'ISTIO_MUTUAL';
}

function exemptionIn(namespace: string, host: string): string {
  return `Add in namespace ${namespace || 'default'} a DestinationRule with host ${host} and trafficPolicy.tls.mode DISABLE (ApiServerTlsExemption writes it).`;
}
