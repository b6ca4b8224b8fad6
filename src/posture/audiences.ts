import { Audience, ClientGroup } from '../mesh/call-groups';
import { compareText } from '../mesh/object';
import { Workload } from '../mesh/workloads/workload';

/** Clients by name, with how many of them each namespace has. */
interface Members {
  readonly sorted: readonly Workload[];
  readonly byNamespace: ReadonlyMap<string, number>;
}

/** A list of groups, or the one group that is all of it: the same object wherever the same clients are meant. */
type Key = readonly ClientGroup[] | ClientGroup;

/**
 * Counts the clients that two audiences share, one of either side, without going
 * through them for each of thousands of services.
 *
 * Only clients count whose traffic the same kind of proxy carries on both sides.
 */
export class Audiences {
  private readonly groupBefore = new Map<string, ClientGroup>();
  private readonly groupAfter = new Map<string, ClientGroup>();
  private readonly pairs = new Map<ClientGroup, Map<ClientGroup, Workload[]>>();
  private readonly reverse = new Map<ClientGroup, Set<ClientGroup>>();
  private readonly shared = new Map<Key | undefined, Map<Key | undefined, Members>>();
  private readonly sets = new Map<readonly ClientGroup[], ReadonlySet<ClientGroup>>();

  constructor(before: Iterable<Audience>, after: Iterable<Audience>) {
    const planes = new Map<string, string>();
    for (const { members } of fileAll(before, this.groupBefore)) {
      for (const { key, dataPlane } of members) planes.set(key, dataPlane.value);
    }
    for (const group of fileAll(after, this.groupAfter)) {
      for (const client of group.members) {
        const other = this.groupBefore.get(client.key);
        if (other === undefined || planes.get(client.key) !== client.dataPlane.value) continue;
        let row = this.pairs.get(other);
        if (row === undefined) this.pairs.set(other, row = new Map<ClientGroup, Workload[]>());
        const list = row.get(group);
        if (list === undefined) row.set(group, [client]);
        else list.push(client);
        const partners = this.reverse.get(group);
        if (partners === undefined) this.reverse.set(group, new Set([other]));
        else partners.add(other);
      }
    }
  }

  /** Whether a client is in the mesh on both sides, by the same kind of proxy. */
  isShared(client: string): boolean {
    const before = this.groupBefore.get(client);
    const after = this.groupAfter.get(client);
    return before !== undefined && after !== undefined && this.pairs.get(before)?.has(after) === true;
  }

  /** The groups of the side before with members in a group of the side after. */
  partnersOf(after: ClientGroup): Iterable<ClientGroup> {
    return this.reverse.get(after) ?? [];
  }

  /** The clients that two audiences share; with one audience alone, its own. */
  common(before: Audience | undefined, after: Audience | undefined): Clients {
    const keys = [before, after].map(one => one === undefined ? undefined : keyOf(one)) as [Key | undefined, Key | undefined];
    let row = this.shared.get(keys[0]);
    if (row === undefined) this.shared.set(keys[0], row = new Map<Key | undefined, Members>());
    let members = row.get(keys[1]);
    if (members === undefined) row.set(keys[1], members = membersOf(this.intersect(before, after)));
    return new Clients(members, [before?.apart, after?.apart], key => {
      if (before !== undefined && !this.covers(before, this.groupBefore.get(key))) return false;
      if (after !== undefined && !this.covers(after, this.groupAfter.get(key))) return false;
      return before === undefined || after === undefined || this.isShared(key);
    });
  }

  private intersect(before: Audience | undefined, after: Audience | undefined): Workload[] {
    const found: Workload[] = [];
    if (before === undefined || after === undefined) {
      for (const { members } of (before ?? after)!.groups) found.push(...members);
    } else if (before.groups.length <= after.groups.length) {
      for (const group of before.groups) {
        this.pairs.get(group)?.forEach((members, other) => {
          if (this.has(after, other)) found.push(...members);
        });
      }
    } else {
      for (const group of after.groups) {
        for (const other of this.partnersOf(group)) {
          if (this.has(before, other)) found.push(...this.pairs.get(other)!.get(group)!);
        }
      }
    }
    return found;
  }

  /** Whether a group is of an audience, its namespace not apart. */
  covers(audience: Audience, group: ClientGroup | undefined): boolean {
    return group !== undefined && this.has(audience, group) && !audience.apart.has(group.namespace);
  }

  private has({ groups }: Audience, group: ClientGroup): boolean {
    if (groups.length < 2) return groups[0] === group;
    let set = this.sets.get(groups);
    if (set === undefined) this.sets.set(groups, set = new Set(groups));
    return set.has(group);
  }
}

/** The clients for which a call is the same. */
export class Clients {
  constructor(
    private readonly members: Members,
    private readonly apart: readonly (ReadonlySet<string> | undefined)[],
    /** Whether a workload is among them. */
    readonly has: (key: string) => boolean,
  ) {}

  /** How many there are, without some workloads. */
  count(without: ReadonlySet<string>): number {
    let count = this.members.sorted.length;
    const [first, second] = this.apart;
    first?.forEach(namespace => { count -= this.members.byNamespace.get(namespace) ?? 0; });
    second?.forEach(namespace => { if (first?.has(namespace) !== true) count -= this.members.byNamespace.get(namespace) ?? 0; });
    without.forEach(key => { if (this.has(key)) count--; });
    return count;
  }

  /** The first by name, without some workloads. */
  first(number: number, without: ReadonlySet<string>): Workload[] {
    const found: Workload[] = [];
    for (const client of this.members.sorted) {
      if (found.length === number) break;
      if (!without.has(client.key) && !this.apart.some(namespaces => namespaces?.has(client.namespace))) found.push(client);
    }
    return found;
  }
}

/** Whether two audiences of one side are the same clients. */
export function isSame(one: Audience, other: Audience): boolean {
  return keyOf(one) === keyOf(other) && one.apart === other.apart;
}

function keyOf({ groups }: Audience): Key {
  return groups.length === 1 ? groups[0] : groups;
}

function membersOf(clients: Workload[]): Members {
  const byNamespace = new Map<string, number>();
  for (const { namespace } of clients) byNamespace.set(namespace, (byNamespace.get(namespace) ?? 0) + 1);
  return { sorted: clients.sort((a, b) => compareText(a.key, b.key)), byNamespace };
}

function fileAll(audiences: Iterable<Audience>, byClient: Map<string, ClientGroup>): Iterable<ClientGroup> {
  const seen = new Set<readonly ClientGroup[]>();
  const groups = new Set<ClientGroup>();
  for (const audience of audiences) {
    if (audience.groups.length === 1) {
      groups.add(audience.groups[0]);
    } else if (!seen.has(audience.groups)) {
      seen.add(audience.groups);
      audience.groups.forEach(group => groups.add(group));
    }
  }
  for (const group of groups) {
    for (const { key } of group.members) byClient.set(key, group);
  }
  return groups;
}
