import { exampleOf, Fault } from './fault';
import { faultsIfInjected, faultsOf } from './faults';
import { Connection } from '../../mesh/connection';
import { namespaceOf } from '../../mesh/facts';
import { asWritten, FieldPath, own, pathText } from '../../mesh/json';
import { Kinds } from '../../mesh/kinds';
import { MeshObject } from '../../mesh/object';
import { isWildcard } from '../../mesh/rules/host-index';
import { Severity } from '../finding';
import { MAX_CALLS, Problem, RuleContext, WorkloadPortRef } from '../rule';

/** Of so many calls of a fault it is looked up whether the manifests show them to be made. */
const MAX_LOOKUPS = 5_000;

/** The calls of a fault as a finding names them, those first that the manifests show to be made. */
export interface Calls {
  readonly shown: readonly string[];
  readonly total: number;
  readonly isAnyKnown: boolean;
}

/** What a rule says about a fault beside the place, the related objects and the calls. */
export type Words = Pick<Problem, 'what' | 'fix' | 'severity' | 'field'>;

/** Reports every fault of a code; undefined from `words` keeps one silent. */
export function reportFaults(
  context: RuleContext, code: string, words: (fault: Fault, example: Connection, calls: Calls) => Words | undefined,
): void {
  for (const fault of [...faultsOf(context, code), ...faultsIfInjected(context, code)]) {
    // MTLS111 speaks of what was written and dropped.
    if (MISSING_TLS.has(code) && isTlsDropped(context, fault.at)) continue;
    const calls = callsOf(context, fault);
    const said = calls.total === 0 ? undefined : words(fault, exampleOf(fault), calls);
    if (said === undefined) continue;
    const open = fault.ifInjected === undefined ? {} : onCondition(fault, said.severity, calls);
    const { at, field, see } = fault;
    const { shown, total, isAnyKnown } = calls;
    context.report({ at, field, see, calls: shown, callCount: total, isAnyKnown, refusing: refusing(fault), ...said, ...open });
  }
}

/** What hangs on Namespaces that the input does not show is a warning where the calls are made, and worth knowing where nobody is shown to make them. */
function onCondition(fault: Fault, severity: Severity | undefined, calls: Calls): Pick<Problem, 'severity' | 'condition'> {
  const namespaces = fault.ifInjected ?? [];
  const one = namespaces.length === 1;
  const isLikely = calls.isAnyKnown && severity !== Severity.INFO && !(KNOWS_THE_SERVER.has(fault.code) && isServerOpen(fault));
  return {
    severity: isLikely ? Severity.WARNING : Severity.INFO,
    condition: `namespace${one ? '' : 's'} ${namespaces.join(', ')}, which ${one ? 'is' : 'are'} not in the input, ${one ? 'gives its' : 'give their'} pods sidecars`,
  };
}

/** Who writes DISABLE, or TLS of his own, for a host most likely knows that it is not in the mesh. */
const KNOWS_THE_SERVER = new Set(['MTLS201', 'MTLS204']);

/** Whether nothing but the assumption puts the server into the mesh; a policy of its own namespace would. */
function isServerOpen(fault: Fault): boolean {
  const { server, serverMode } = exampleOf(fault);
  return server !== undefined && (fault.ifInjected ?? []).includes(server.namespace) && serverMode.decidedBy.object?.namespace !== server.namespace;
}

/** The workload ports that refuse the calls of a fault. */
export function refusing({ groups }: Fault): WorkloadPortRef[] {
  const found: WorkloadPortRef[] = [];
  for (const { connection: { server, targetPort, service } } of groups) {
    if (server !== undefined) found.push({ workload: server, port: targetPort, service });
  }
  return found;
}

/** The calls that suffer from what stands at a field, for rules that look at the object itself. */
export function callsAt(context: RuleContext, code: string, object: MeshObject, path: FieldPath): Pick<Problem, 'calls' | 'callCount' | 'see'> {
  const start = `${pathText(path)}.`;
  const fault = faultsOf(context, code).find(({ at, field }) => at === object && `${pathText(field)}.`.startsWith(start));
  const calls = fault && callsOf(context, fault);
  return { see: fault?.see, calls: calls?.shown, callCount: calls?.total };
}

/** The calls that suffer from a fault. */
export function callsOf({ model }: Pick<RuleContext, 'model'>, { groups }: Fault): Calls {
  const known: string[] = [];
  const others: string[] = [];
  let total = 0;
  for (const { connection, clients } of groups.map(group => ({ connection: group.connection, clients: group.clients() }))) {
    const { host, port, subset, outcome } = connection;
    // What fails needs no word; what works all the same does.
    const ending = outcome.value === 'fail' ? '' : ` (${outcome.value === 'plaintext' ? 'plaintext' : 'works'})`;
    for (const client of clients) {
      total++;
      const isKnown = known.length < MAX_CALLS && total <= MAX_LOOKUPS && model.known.isKnown(client, host, port, subset);
      const list = isKnown ? known : others;
      if (list.length < MAX_CALLS) list.push(`${client.key} -> ${host}:${port}${subset === '' ? '' : `, subset ${subset}`}${ending}`);
    }
  }
  return { shown: [...new Set([...known.sort(), ...others])].slice(0, MAX_CALLS), total, isAnyKnown: known.length > 0 };
}

/** The rules that speak of a tls block that is missing. */
const MISSING_TLS: ReadonlySet<string> = new Set(['MTLS205', 'MTLS208', 'MTLS209']);

/** Whether the tls block stands in the rule, at a place where the API server drops it. */
function isTlsDropped(context: RuleContext, rule: MeshObject): boolean {
  return rule.key === Kinds.DESTINATION_RULE
    && (context.acceptance(rule)?.unknownPaths.some(path => path.includes('tls') || ['mode', 'trafficPolicy'].includes(String(path[path.length - 1]))) ?? false);
}

/** A service port as clients call it: `customers.shop.svc.cluster.local:80`. */
export function targetOf({ host, port, subset }: Connection): string {
  return `${host}:${port}${subset === '' ? '' : `, subset ${subset}`}`;
}

/** A workload port: `workload port 8080 of shop/customers`. */
export function serverPortOf({ server, targetPort }: Connection): string {
  return server === undefined ? `port ${targetPort} outside the mesh` : `workload port ${targetPort} of ${server.key}`;
}

/** How a call ends that does not carry mesh mTLS, as the end of a sentence. */
export function endingOf({ outcome, targetPort, server }: Connection): string {
  return outcome.value === 'fail' ? `which workload port ${targetPort} of ${server?.key ?? 'the server'} refuses` : 'and the call is not encrypted';
}

/**
 * The cure of a call that a rule for many hosts breaks: a rule for the one, where
 * clients find it first. Undefined where the rule is for the one host alone.
 */
export function ruleOfItsOwn(rule: MeshObject, { host }: Connection, mode: string): string | undefined {
  const written = asWritten(own(rule.spec, 'host'));
  return isWildcard(written)
    ? `Give ${host} a DestinationRule of its own in namespace ${namespaceOf(rule)} with tls.mode ${mode} (${written} covers other hosts too)`
    : undefined;
}

/** An error where the manifests show a call that suffers to be made, else less. */
export function severityByUse({ isAnyKnown }: Calls, otherwise: Severity): Severity {
  return isAnyKnown ? Severity.ERROR : otherwise;
}

/**
 * The severity for a rule that is wrong for some of its hosts: one for a single
 * host is wrong as such, a wildcard only where a call that suffers is made.
 */
export function severityByHost({ spec }: MeshObject, calls: Calls): Severity | undefined {
  return isWildcard(asWritten(own(spec, 'host'))) && !calls.isAnyKnown ? Severity.INFO : undefined;
}
