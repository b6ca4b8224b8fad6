import { Audiences, isSame } from './audiences';
import { Causes } from './causes';
import { Change, outcomeChange, worst } from './change';
import { Entries } from './entries';
import { byCall, CallChange, NAMED } from './entry';
import { Audience, ClientGroup } from '../mesh/call-groups';
import { Connection } from '../mesh/connection';
import { Mesh } from '../mesh/mesh';
import { MeshModel } from '../mesh/model';
import { Outcome } from '../mesh/server/outcome';
import { Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** A call that is the same for all of an audience. */
interface Shared {
  readonly connection: Connection;
  readonly audience: Audience;
}

/** One service port or subset, and one workload behind it. */
interface Target {
  readonly before: Shared[];
  readonly after: Shared[];
}

/** A call that is one client's alone, by client and target. */
type Singles = Map<string, Connection>;

/**
 * Compares how calls end. Clients with a proxy can call whatever there is, and
 * are compared by the answers that many of them share. Of clients without one, of
 * those that are on one side only or whose proxy is another, only the calls count
 * that the manifests show to be made.
 */
export class CallComparison {
  private readonly targets = new Map<string, Target>();
  private readonly singles: readonly [before: Singles, after: Singles] = [new Map(), new Map()];
  private readonly audiences: Audiences;
  private callers?: ReadonlyMap<string, readonly string[]>;
  private behindOf?: { readonly from?: Service; readonly to?: Service; readonly keys: ReadonlySet<string> };

  constructor(private readonly before: Mesh, private readonly after: Mesh, private readonly causes: Causes, private readonly entries: Entries) {
    this.audiences = new Audiences(this.collect(before, 'before'), this.collect(after, 'after'));
  }

  compare(): void {
    for (const [key, target] of this.targets) this.compareTarget(key, target);
    this.compareSingles();
    this.compareKnown();
  }

  private collect(mesh: Mesh, side: keyof Target): Audience[] {
    const audiences: Audience[] = [];
    for (const { connection, audience } of mesh.model.callGroups()) {
      if (audience === undefined) {
        addWorst(this.singles[side === 'before' ? 0 : 1], `${connection.client.key} ${targetKey(connection)}`, connection);
        continue;
      }
      audiences.push(audience);
      const key = targetKey(connection);
      let target = this.targets.get(key);
      if (target === undefined) this.targets.set(key, target = { before: [], after: [] });
      const list = target[side];
      const index = list.findIndex(one => isSame(one.audience, audience));
      if (index < 0) list.push({ connection, audience });
      else list[index] = { connection: worstOf(list[index].connection, connection), audience };
    }
    return audiences;
  }

  private compareTarget(key: string, target: Target): void {
    let { before, after } = target;
    if (before.length > 0 && after.length > 0 && outcomesOf(before, after).size === 1) return;
    // A subset that only one side has is compared with what calls without it come to.
    const { subset } = (before[0] ?? after[0]).connection;
    if (subset !== '' && (before.length === 0 || after.length === 0)) {
      const whole = this.targets.get(withoutSubset(key, subset));
      if (before.length === 0) before = whole?.before ?? before;
      else after = whole?.after ?? after;
    }
    if (before.length === 0) after.forEach(one => this.record(undefined, one));
    else if (after.length === 0) before.forEach(one => this.record(one, undefined));
    else this.compareShared(before, after);
  }

  /** Every pair of answers that some client gets on the two sides. */
  private compareShared(before: readonly Shared[], after: readonly Shared[]): void {
    const wide = before.filter(({ audience }) => audience.groups.length > 1);
    const single = new Map<ClientGroup, Shared>();
    for (const one of before) {
      if (one.audience.groups.length === 1) single.set(one.audience.groups[0], one);
    }
    for (const to of after) {
      if (to.audience.groups.length > 1) {
        single.forEach(from => this.record(from, to));
        wide.forEach(from => this.record(from, to));
        continue;
      }
      const found = new Set<Shared>();
      for (const group of this.audiences.partnersOf(to.audience.groups[0])) {
        const from = single.get(group) ?? wide.find(({ audience }) => this.audiences.covers(audience, group));
        if (from !== undefined) found.add(from);
      }
      found.forEach(from => this.record(from, to));
    }
  }

  /** What changes for the clients that get one answer before and another after. */
  private record(from: Shared | undefined, to: Shared | undefined): void {
    const change = outcomeChange(from?.connection.result, to?.connection.result);
    if (change === undefined) return;
    const clients = this.audiences.common(from?.audience, to?.audience);
    const behind = this.behind(from?.connection.service, to?.connection.service);
    const count = clients.count(behind);
    if (count === 0) return;
    const { host, port } = (to ?? from)!.connection;
    const known = (this.callersOf(host, port)).filter(key => clients.has(key) && !behind.has(key));
    const named = new Set(known.slice(0, NAMED));
    const others = clients.first(NAMED + named.size, behind).map(({ key }) => key).filter(key => !named.has(key));
    const calls = [
      ...[...named].map(client => callOf(client, from?.connection, to?.connection, true)),
      ...others.filter(client => !known.includes(client)).map(client => callOf(client, from?.connection, to?.connection, false)),
    ];
    this.entries.addCalls(change, this.causes.ofCall(from?.connection, to?.connection), calls.sort(byCall).slice(0, NAMED), count, known.length);
  }

  /** The workloads behind a service on either side; calls to oneself are not looked at. */
  private behind(from: Service | undefined, to: Service | undefined): ReadonlySet<string> {
    if (this.behindOf === undefined || this.behindOf.from !== from || this.behindOf.to !== to) {
      this.behindOf = { from, to, keys: new Set([...workloadsBehind(from, this.before), ...workloadsBehind(to, this.after)]) };
    }
    return this.behindOf.keys;
  }

  /** The clients that the manifests of either side show to call a service port, by name. */
  private callersOf(host: string, port: number): readonly string[] {
    if (this.callers === undefined) {
      const callers = new Map<string, Set<string>>();
      for (const { model } of [this.before, this.after]) {
        for (const client of model.inventory.workloads) {
          for (const call of model.known.callsOf(client)) {
            const key = `${call.host}:${call.port}`;
            const set = callers.get(key);
            if (set === undefined) callers.set(key, new Set([client.key]));
            else set.add(client.key);
          }
        }
      }
      this.callers = new Map([...callers].map(([key, set]) => [key, [...set].sort()]));
    }
    return this.callers.get(`${host}:${port}`) ?? [];
  }

  /** Calls that no list of service ports and subsets holds. */
  private compareSingles(): void {
    const [before, after] = this.singles;
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const one = (after.get(key) ?? before.get(key))!;
      if (!this.audiences.isShared(one.client.key)) continue;
      this.recordOne(before.get(key) ?? listed(this.before.model, one), after.get(key) ?? listed(this.after.model, one));
    }
  }

  private compareKnown(): void {
    const sides = [this.before, this.after].map(({ model }) => new Map(model.inventory.workloads.map(client => [client.key, client])));
    for (const key of new Set(sides.flatMap(side => [...side.keys()]))) {
      if (this.audiences.isShared(key)) continue;
      const [before, after] = sides.map((side, i) => knownCalls([this.before, this.after][i].model, side.get(key)));
      for (const target of new Set([...before.keys(), ...after.keys()])) {
        const from = before.get(target);
        const to = after.get(target);
        // Of a target that is new itself, the calls of all clients with a proxy are counted already.
        if (!this.isCounted(target, from, to)) this.recordOne(from, to);
      }
    }
  }

  private isCounted(key: string, from: Connection | undefined, to: Connection | undefined): boolean {
    const target = this.targets.get(key);
    if (target === undefined || (from !== undefined && to !== undefined)) return false;
    const plane = (from ?? to)?.client.dataPlane.value;
    return (plane === 'sidecar' || plane === 'ambient') && (from === undefined ? target.before : target.after).length === 0;
  }

  private recordOne(from: Connection | undefined, to: Connection | undefined): void {
    const change: Change | undefined = outcomeChange(from?.result, to?.result);
    if (change === undefined) return;
    this.entries.addCalls(change, this.causes.ofCall(from, to), [callOf((to ?? from)!.client.key, from, to, true)], 1, 1);
  }
}

/** What a side without the single call has in its place: the same subset of the same service port, as it is listed there. */
function listed(model: MeshModel, { client, host, port, subset }: Connection): Connection | undefined {
  const own = model.inventory.workload(client.key);
  if (own === undefined) return undefined;
  let found: Connection | undefined;
  for (const service of model.inventory.servicesOf(host)) {
    const listedPort = service.ports.find(({ number }) => number === port);
    if (listedPort === undefined) continue;
    for (const connection of model.callsTo(own, service, listedPort)) {
      if (connection.subset === subset) found = found === undefined ? connection : worstOf(found, connection);
    }
  }
  return found;
}

/** The calls that a client is shown to make, by target. */
function knownCalls(model: MeshModel, client: Workload | undefined): Singles {
  const found: Singles = new Map();
  if (client === undefined) return found;
  for (const connection of model.knownConnections(client)) addWorst(found, targetKey(connection), connection);
  return found;
}

function addWorst(map: Singles, key: string, connection: Connection): void {
  const other = map.get(key);
  map.set(key, other === undefined ? connection : worstOf(other, connection));
}

function worstOf(one: Connection, other: Connection): Connection {
  return worst(one.result, other.result) === one.result ? one : other;
}

function outcomesOf(before: readonly Shared[], after: readonly Shared[]): Set<Outcome> {
  const outcomes = new Set<Outcome>();
  for (const { connection } of before) outcomes.add(connection.result);
  for (const { connection } of after) outcomes.add(connection.result);
  return outcomes;
}

/** One service port or subset and the workload behind it. The workload port is not part of it: it can change, and the call is the same. */
function targetKey({ host, port, subset, server, targetPort }: Connection): string {
  return `${host}:${port} ${server?.key ?? `outside ${targetPort}`} ${subset}`;
}

function withoutSubset(key: string, subset: string): string {
  return key.slice(0, key.length - subset.length);
}

function workloadsBehind(service: Service | undefined, { model }: Mesh): string[] {
  return service === undefined ? [] : model.inventory.endpoints.workloads(model.inventory.behindAlias(service)).map(({ key }) => key);
}

function callOf(client: string, from: Connection | undefined, to: Connection | undefined, known: boolean): CallChange {
  const { host, port, server } = (to ?? from)!;
  return {
    client, host, port, subset: to?.subset || from?.subset || '', server: server?.key, from: from?.result, to: to?.result, known,
  };
}
