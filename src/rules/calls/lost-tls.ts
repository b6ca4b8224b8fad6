import { Blame } from './fault';
import { Connection } from '../../mesh/connection';
import { MeshModel } from '../../mesh/model';
import { MergedRule, POLICY } from '../../mesh/rules/destination-rule';
import { endpointTls, portEntry, portPolicy, TlsSettings } from '../../mesh/rules/traffic-policy';

/**
 * The tls block that is written for a call and does not count, where the rule
 * that holds sets none: because a port entry replaces everything beside it
 * (MTLS208), or because another rule is found first (MTLS209).
 */
export function lostTls({ client, service, port, subset: name }: Connection, model: MeshModel): Blame | undefined {
  const rule = model.ruleFor(client, service);
  if (rule === undefined) return undefined;
  const subset = rule.subsets.find(one => one.name === name);
  if (portPolicy(rule, port, subset).tls !== undefined) return undefined;
  const lost = endpointTls(rule, port, subset);
  const entry = portEntry(subset?.policy, port) ?? portEntry(rule.policy, port);
  if (lost !== undefined && entry !== undefined) {
    return { code: 'MTLS208', at: entry.object, field: entry.path, see: [lost.object], lost };
  }
  const hidden = hiddenBy(rule, port, model.candidateRules(client, service));
  return hidden === undefined
    ? undefined
    : { code: 'MTLS209', at: (rule.policy ?? rule.first).object, field: rule.policy?.path ?? POLICY, see: [hidden.object], lost: hidden };
}

/** The first tls block that would count if the rule that holds were not there. */
function hiddenBy(rule: MergedRule, servicePort: number, candidates: readonly MergedRule[]): TlsSettings | undefined {
  const passedOver = rule.from.filter(({ policy }) => policy !== undefined && policy !== rule.policy);
  for (const other of [...passedOver, ...candidates]) {
    const tls = other === rule ? undefined : portPolicy(other, servicePort).tls;
    if (tls !== undefined) return tls;
  }
  return undefined;
}
