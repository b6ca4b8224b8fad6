import { compareText } from '../mesh/object';

/** A namespace with what has to be changed before it can be STRICT. */
export interface Pending {
  readonly name: string;
  /** Empty for a namespace that can go today. */
  readonly changes: ReadonlySet<string>;
  /** Whether something has to be found out first. */
  readonly isOpen: boolean;
}

/** A namespace in its place, with those that its changes leave nothing to do. */
export interface Ranked {
  readonly name: string;
  readonly unblocks: readonly string[];
}

/**
 * The order in which to go: first the namespaces without blockers, then those
 * where something has to be found out, then those whose changes set most
 * namespaces free, and of these the ones with the fewest changes.
 */
export function inOrder(pending: readonly Pending[]): readonly Ranked[] {
  const byChange = new Map<string, Pending[]>();
  for (const one of pending) {
    for (const change of one.changes) {
      const list = byChange.get(change);
      if (list === undefined) byChange.set(change, [one]);
      else list.push(one);
    }
  }
  // Namespaces with the same changes set the same ones free, and are looked at once.
  const known = new Map<string, readonly Pending[]>();
  const setFree = ({ changes }: Pending): readonly Pending[] => {
    const key = [...changes].sort(compareText).join('\n');
    let free = known.get(key);
    if (free === undefined) known.set(key, free = freed(changes, byChange));
    return free;
  };
  const ranked = pending.map(one => ({ one, free: one.changes.size === 0 ? [] : setFree(one) }));
  ranked.sort((a, b) => Math.min(a.one.changes.size, 1) - Math.min(b.one.changes.size, 1)
    || Number(a.one.isOpen) - Number(b.one.isOpen)
    || b.free.length - a.free.length
    || a.one.changes.size - b.one.changes.size
    || compareText(a.one.name, b.one.name));
  return ranked.map(({ one, free }) => ({ name: one.name, unblocks: free.filter(other => other !== one).map(({ name }) => name).sort(compareText) }));
}

/** The namespaces for which some changes are all that is needed. */
function freed(changes: ReadonlySet<string>, byChange: ReadonlyMap<string, readonly Pending[]>): readonly Pending[] {
  const counts = new Map<Pending, number>();
  for (const change of changes) {
    for (const one of byChange.get(change) ?? []) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return [...counts].filter(([one, number]) => number === one.changes.size).map(([one]) => one);
}
