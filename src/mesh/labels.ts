import { asObject } from './json';
import { compareText } from './object';

/** The label pairs that something must have to be selected. */
export type Selector = readonly (readonly [key: string, value: string])[];

/** Something with labels. */
export interface Labelled {
  /** The value of a label. */
  label(name: string): string | undefined;
}

/** No label can have this value, so a selector with it selects nothing: the API server refuses values that are not text. */
const IMPOSSIBLE = '\0';

/** A map of labels as a selector; empty, which selects everything, for anything that is no map. */
export function selectorOf(labels: unknown): Selector {
  const object = asObject(labels);
  return object === undefined ? [] : Object.entries(object).map(([key, value]) => [key, typeof value === 'string' ? value : IMPOSSIBLE]);
}

/** Whether all pairs of a selector are among the labels (`labels.Instance.SubsetOf`). */
export function isSelected(one: Labelled, selector: Selector): boolean {
  for (const [key, value] of selector) {
    if (one.label(key) !== value) return false;
  }
  return true;
}

/** A text that two selectors share exactly when they have the same pairs. */
export function selectorKey(selector: Selector): string {
  if (selector.length === 1) return pairKey(selector[0]);
  return [...selector].sort(([a], [b]) => compareText(a, b)).map(pairKey).join('');
}

/** The lengths keep apart what the texts alone would not. */
function pairKey([key, value]: Selector[number]): string {
  return `${key.length}:${key}${value.length}:${value}`;
}

/** Something with labels that can be listed. */
export interface Listed extends Labelled {
  /** Calls back once for each label. */
  eachLabel(visit: (key: string, value: string) => void): void;
}

/**
 * Finds what selects a workload without trying every selector.
 *
 * Each entry is filed under the rarest of its pairs, so that a pair which
 * everything has (`version: v1`) does not collect all entries.
 */
export class SelectorIndex<T> {
  private readonly byPair = new Map<string, Map<string, { readonly selector: Selector; readonly entry: T; readonly rank: number }[]>>();

  /** The entries in order of their rank; each has at least one pair. */
  constructor(entries: readonly T[], selector: (entry: T) => Selector) {
    const counts = new Map<string, Map<string, number>>();
    const selectors = entries.map(selector);
    for (const pairs of selectors) {
      for (const [key, value] of pairs) {
        let values = counts.get(key);
        if (values === undefined) counts.set(key, values = new Map());
        values.set(value, (values.get(value) ?? 0) + 1);
      }
    }
    selectors.forEach((pairs, rank) => {
      let rarest: readonly [string, string] | undefined;
      let least = Infinity;
      for (const pair of pairs) {
        const count = counts.get(pair[0])!.get(pair[1])!;
        if (count < least) [rarest, least] = [pair, count];
      }
      if (rarest === undefined) return;
      let values = this.byPair.get(rarest[0]);
      if (values === undefined) this.byPair.set(rarest[0], values = new Map());
      const list = values.get(rarest[1]);
      const filed = { selector: pairs, entry: entries[rank], rank };
      if (list === undefined) values.set(rarest[1], [filed]);
      else list.push(filed);
    });
  }

  get isEmpty(): boolean {
    return this.byPair.size === 0;
  }

  /** The first entry by rank that selects the workload. */
  first(one: Listed): T | undefined {
    let best: T | undefined;
    let bestRank = Infinity;
    one.eachLabel((key, value) => {
      for (const { selector, entry, rank } of this.byPair.get(key)?.get(value) ?? []) {
        if (rank >= bestRank) break;
        if (isSelected(one, selector)) {
          [best, bestRank] = [entry, rank];
          break;
        }
      }
    });
    return best;
  }

  /** Every entry that selects the workload. */
  all(one: Listed, visit: (entry: T) => void): void {
    one.eachLabel((key, value) => {
      for (const { selector, entry } of this.byPair.get(key)?.get(value) ?? []) {
        if (isSelected(one, selector)) visit(entry);
      }
    });
  }
}
