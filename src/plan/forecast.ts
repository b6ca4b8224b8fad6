import { Connection } from '../mesh/connection';
import { FieldPath, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
import { MeshModel } from '../mesh/model';
import { MeshObject } from '../mesh/object';
import { workloadPort } from '../mesh/services/endpoints';
import { greets } from '../mesh/services/server-first';
import { Workload } from '../mesh/workloads/workload';
import { RULES } from '../rules';
import { Fault } from '../rules/calls/fault';
import { findFaults } from '../rules/calls/faults';
import { callsOf, refusing } from '../rules/calls/report';
import { FindingPlace, Severity } from '../rules/finding';
import { MAX_CALLS, Problem, Rule, WorkloadPortRef } from '../rules/rule';
import { placeOf as placeAt, runRules } from '../rules/run';

/** Something that a change breaks: calls that work today and would fail. */
export interface Blocker {
  /** The rule that would speak about it after the change. */
  readonly code: string;
  readonly name: string;
  /** The namespace whose policy breaks the calls. */
  readonly namespace: string;
  /** The workload ports that would refuse the calls. */
  readonly ports: readonly WorkloadPortRef[];
  /** The first of the calls, as `shop/web -> customers.shop.svc.cluster.local:80`, those first that the manifests show to be made. */
  readonly calls: readonly string[];
  readonly callCount: number;
  /** Whether the manifests show that one of the calls is made; else they are such as any client there would make. */
  readonly isKnown: boolean;
  /** What breaks, with the values seen, as if the change had been made. */
  readonly what: string;
  readonly why: string;
  /** What the rule would advise. */
  readonly fix: string;
  /** What the rule would point at, where that is an object of today and not a policy of the change. */
  readonly at?: FindingPlace;
  /** The object that the rule would point at. After a change of policies it can be one that is not there yet. */
  readonly object: MeshObject;
  readonly field?: FieldPath;
  /** What is to be changed, where no other cure is: equal for blockers that one change cures. */
  readonly change: string;
  /** Clients that would get through if they had a proxy. */
  readonly joins: readonly Workload[];
  /** Whether the server greets its clients, so that a port that takes both would not do for those without a proxy. */
  readonly isServerFirst: boolean;
  /** What must hold for the calls to fail, where the input does not show it. */
  readonly condition?: string;
}

/** The rules about callers that have no proxy, and machines that clients cannot tell to have one. */
const OUTSIDE = new Set(['MTLS206', 'MTLS301', 'MTLS302', 'MTLS303', 'MTLS304', 'MTLS305', 'MTLS307', 'MTLS310']);

/** The rule about calls to hosts that the client's proxy does not know. */
const HIDDEN = 'MTLS226';

/**
 * What breaks between two states of a mesh: the calls that work before and fail
 * after, each once, with what the rules say about them.
 *
 * @param after the same objects with other policies, as `staged` makes it, or any other mesh
 */
export function forecast(before: Mesh, after: Mesh): readonly Blocker[] {
  const calls = new CallsBefore(before.model);
  const faults = findFaults(after.model, one => (one.outcome.value === 'fail' && calls.worked(one) ? placeOf(one, before.model) : undefined));
  const parts = new Parts();
  const codes = new Set(OUTSIDE);
  for (const [code, list] of faults) {
    codes.add(code);
    for (const fault of list) parts.add(fault, placeOf(fault.groups[0].connection, before.model));
  }
  const found: Blocker[] = [];
  const policies = new Set(before.ofKind(Kinds.PEER_AUTHENTICATION));
  const isThere = ({ at }: Pick<Problem, 'at'>): boolean => at.key !== Kinds.PEER_AUTHENTICATION || policies.has(at);
  const onProblem = (rule: Rule, problem: Problem): void => {
    const ports = byNamespace(problem.refusing ?? []);
    if (OUTSIDE.has(rule.code)) {
      for (const [namespace, some] of ports) found.push(outside(rule, problem, namespace, some, isThere(problem)));
      return;
    }
    parts.tell(rule, problem, ports.keys());
  };
  runRules(after, RULES.filter(({ code }) => codes.has(code)), { onProblem, forecast: { before: before.model, faults } });
  for (const { fault, problem } of parts.all) {
    const blocker = between(fault, problem, before.model, after.model, isThere(fault));
    // A Sidecar object says that the client does not make such calls.
    if (blocker.code !== HIDDEN || blocker.isKnown) found.push(blocker);
  }
  found.push(...toUnlistedPorts(after.model, calls));
  return found;
}

/** A fault in the calls between proxies, as far as it concerns one namespace, with what its rule says about it. */
interface Part {
  readonly fault: Fault;
  problem?: Problem;
}

/** Puts faults and what the rules say about them together. */
class Parts {
  readonly all: Part[] = [];
  private readonly byPlace = new Map<string, Part[]>();

  add(fault: Fault, namespace: string): void {
    const part = { fault };
    this.all.push(part);
    for (const key of [keyOf(fault.code, fault.at, namespace), keyOf(fault.code, fault.at, ANYWHERE)]) {
      const list = this.byPlace.get(key);
      if (list === undefined) this.byPlace.set(key, [part]);
      else list.push(part);
    }
  }

  /** Rules that look at the object itself do not tell which ports refuse, and speak of it once for all namespaces. */
  tell(rule: Rule, problem: Problem, namespaces: Iterable<string>): void {
    const named = [...namespaces];
    const place = pathText(problem.field ?? []);
    if (named.length === 0) {
      for (const part of this.byPlace.get(keyOf(rule.code, problem.at, ANYWHERE)) ?? []) {
        if (part.problem === undefined || pathText(part.fault.field) === place) part.problem = problem;
      }
    }
    for (const namespace of named) {
      const open = (this.byPlace.get(keyOf(rule.code, problem.at, namespace)) ?? []).filter(part => part.problem === undefined);
      // One object can have several faults, and a rule may point at a field beside the one that decides.
      const part = open.find(({ fault }) => pathText(fault.field) === place) ?? open[0];
      if (part !== undefined) part.problem = problem;
    }
  }
}

/** Stands for whatever namespace. */
const ANYWHERE = '*';

/** A blocker that a rule about callers without a proxy tells. */
function outside(rule: Rule, problem: Problem, namespace: string, ports: readonly WorkloadPortRef[], isThere: boolean): Blocker {
  const { calls = [], callCount, what, fix, at, field, joins = [], condition, severity } = problem;
  return {
    code: rule.code,
    name: rule.name,
    namespace,
    ports: distinct(ports),
    calls: [...new Set(calls)].slice(0, MAX_CALLS),
    callCount: callCount ?? new Set(calls).size,
    isKnown: true,
    what,
    why: rule.why,
    fix: fix ?? rule.fix,
    ...isThere ? { at: placeAt(at, field) } : {},
    object: at,
    field,
    change: `${rule.code} ${at.identity}`,
    joins: [...new Set(joins)],
    isServerFirst: ports.some(isServerFirst),
    condition: condition ?? (severity === Severity.WARNING && rule.code === 'MTLS305' ? 'somebody calls it from outside (the input does not show it)' : undefined),
  };
}

/** A blocker in the calls between proxies, in the words of its rule where it has some for it. */
function between(fault: Fault, problem: Problem | undefined, before: MeshModel, after: MeshModel, isThere: boolean): Blocker {
  const rule = RULES.find(({ code }) => code === fault.code);
  const { shown, total, isAnyKnown } = countedIn(problem) ?? callsOf({ model: after }, fault);
  const [{ connection }] = fault.groups;
  const isDoubtful = !isAnyKnown && (problem?.severity ?? rule?.severity) === Severity.WARNING;
  return {
    code: fault.code,
    name: rule?.name ?? '',
    namespace: placeOf(connection, before),
    ports: distinct(refusing(fault)),
    calls: shown,
    callCount: total,
    isKnown: isAnyKnown,
    what: problem?.what ?? `${connection.wire.decidedBy.text}, and ${connection.outcome.decidedBy.text}`,
    why: rule?.why ?? '',
    fix: problem?.fix ?? rule?.fix ?? '',
    ...isThere ? { at: placeAt(fault.at, fault.field) } : {},
    object: fault.at,
    field: fault.field,
    change: `${fault.code} ${fault.at.identity}`,
    joins: [],
    isServerFirst: false,
    condition: problem?.condition ?? (isDoubtful ? 'one of these calls is made (nothing in the input shows it)' : undefined),
  };
}

/** The calls as the rule counted them, which is not done twice. */
function countedIn(problem: Problem | undefined): ReturnType<typeof callsOf> | undefined {
  const { calls, callCount, isAnyKnown } = problem ?? {};
  return calls === undefined || callCount === undefined || isAnyKnown === undefined ? undefined : { shown: calls, total: callCount, isAnyKnown };
}

/** The calls of clients without a proxy to pods, on ports that no Service lists: no rule looks at them. */
function toUnlistedPorts(after: MeshModel, calls: CallsBefore): Blocker[] {
  const rule = RULES.find(({ code }) => code === 'MTLS206')!;
  const found: Blocker[] = [];
  for (const client of after.inventory.workloads) {
    if (client.dataPlane.value !== 'none' || after.known.unlistedOf(client).length === 0) continue;
    for (const connection of after.unlistedCalls(client)) {
      const { server, service, targetPort, host, port, outcome } = connection;
      if (server === undefined || outcome.value !== 'fail' || !calls.worked(connection)) continue;
      found.push({
        code: rule.code,
        name: rule.name,
        namespace: server.namespace,
        ports: [{ workload: server, port: targetPort, service }],
        calls: [`${client.key} -> ${host}:${port}`],
        callCount: 1,
        isKnown: true,
        what: `${client.key} has no proxy (${client.dataPlane.decidedBy.text}) and calls port ${port} of ${host}, and workload port ${targetPort} of ${server.key} is STRICT`,
        why: rule.why,
        fix: rule.fix,
        object: outcome.decidedBy.object ?? server.object,
        change: `join ${client.key}`,
        joins: [client],
        isServerFirst: false,
      });
    }
  }
  return found;
}

/** Tells of a call whether it worked before. */
class CallsBefore {
  constructor(private readonly before: MeshModel) {}

  /** The answers of a group of clients do not hang on policies, so one client tells of all. */
  worked({ client, service, host, port, subset, server, targetPort }: Connection): boolean {
    const { inventory } = this.before;
    const caller = inventory.workloadOf(client.object) ?? inventory.workload(client.key);
    if (caller === undefined) return false;
    const is = (one: Connection): boolean => one.subset === subset && one.targetPort === targetPort && one.server?.key === server?.key;
    const services = inventory.servicesOf(host);
    const called = services.find(({ object }) => object === service.object) ?? services[0];
    const servicePort = called?.ports.find(({ number }) => number === port);
    if (called !== undefined && servicePort !== undefined) {
      for (const one of this.before.callsTo(caller, called, servicePort)) {
        if (is(one)) return one.outcome.value !== 'fail';
      }
    }
    for (const one of this.before.unlistedCalls(caller)) {
      if (one.host === host && one.port === port && is(one)) return one.outcome.value !== 'fail';
    }
    return false;
  }
}

/** The namespace whose policy breaks a call: the server's, unless what the server takes is as before. Then the clients were told otherwise. */
function placeOf({ service, server, targetPort, serverMode }: Connection, before: MeshModel): string {
  if (server === undefined) return service.namespace;
  const isOther = before.serverMode(server, targetPort).value !== serverMode.value;
  return isOther ? server.namespace : service.namespace;
}

/** Whether the server behind a workload port greets its clients. MongoDB does not with most drivers. */
function isServerFirst({ workload, port, service }: WorkloadPortRef): boolean {
  return workload.dataPlane.value === 'sidecar'
    && service?.ports.some(one => workloadPort(service, one, workload) === port && greets(one)) === true;
}

function keyOf(code: string, { identity, origin }: MeshObject, namespace: string): string {
  return `${code} ${identity} ${origin.place} ${namespace}`;
}

function byNamespace(ports: readonly WorkloadPortRef[]): ReadonlyMap<string, readonly WorkloadPortRef[]> {
  const groups = new Map<string, WorkloadPortRef[]>();
  for (const one of ports) {
    const list = groups.get(one.workload.namespace);
    if (list === undefined) groups.set(one.workload.namespace, [one]);
    else list.push(one);
  }
  return groups;
}

function distinct(ports: readonly WorkloadPortRef[]): readonly WorkloadPortRef[] {
  const found = new Map<string, WorkloadPortRef>();
  for (const one of ports) {
    const key = `${one.workload.object.identity} ${one.port}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
