import { exampleOf, Fault } from './fault';
import { faultsOf } from './faults';
import { Connection } from '../../mesh/connection';
import { FieldPath, pathText } from '../../mesh/json';
import { MeshObject } from '../../mesh/object';
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
  for (const fault of faultsOf(context, code)) {
    const calls = callsOf(context, fault);
    const said = calls.total === 0 ? undefined : words(fault, exampleOf(fault), calls);
    if (said === undefined) continue;
    const { at, field, see } = fault;
    const { shown, total, isAnyKnown } = calls;
    context.report({ at, field, see, calls: shown, callCount: total, isAnyKnown, refusing: refusing(fault), ...said });
  }
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

/** An error where the manifests show a call that suffers to be made, else less. */
export function severityByUse({ isAnyKnown }: Calls, otherwise: Severity): Severity {
  return isAnyKnown ? Severity.ERROR : otherwise;
}
