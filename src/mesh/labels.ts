import { asObject } from './json';
import { compareText } from './object';

/** The label pairs that something must have to be selected. */
export type Selector = readonly (readonly [key: string, value: string])[];

const EVERYTHING: Selector = [];

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
  if (object === undefined) return EVERYTHING;
  return Object.keys(object).map(key => {
    const value = object[key];
    return [key, typeof value === 'string' ? value : IMPOSSIBLE];
  });
}

/** Whether all pairs of a selector are among the labels (`labels.Instance.SubsetOf`). */
export function isSelected(one: Labelled, selector: Selector): boolean {
  for (const pair of selector) {
    if (one.label(pair[0]) !== pair[1]) return false;
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

/** An entry of an index with the place of it among all. */
interface Filed<T> {
  readonly selector: Selector;
  readonly entry: T;
  readonly rank: number;
}

/** Up to so many keys are asked for one by one; something with labels has about as many of them. */
const FEW_KEYS = 8;

/**
 * Finds what selects a workload without trying every selector.
 *
 * Each entry is filed under the rarest of its pairs, so that a pair which
 * everything has (`version: v1`) does not collect all entries.
 */
export class SelectorIndex<T> {
  /** The keys of the pairs, and for each the entries by value. */
  private readonly keys = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly values: Map<string, Filed<T>[]>[] = [];

  /** The entries in order of their rank; each has at least one pair. */
  constructor(entries: readonly T[], selectorIn: (entry: T) => Selector) {
    const counts = new PairCounts();
    for (const entry of entries) counts.add(selectorIn(entry));
    for (let rank = 0; rank < entries.length; rank++) {
      const entry = entries[rank];
      const selector = selectorIn(entry);
      const rarest = counts.rarest(selector);
      if (rarest === undefined) continue;
      const values = this.valuesOf(rarest[0]);
      const list = values.get(rarest[1]);
      const filed = { selector, entry, rank };
      if (list === undefined) values.set(rarest[1], [filed]);
      else list.push(filed);
    }
  }

  private valuesOf(key: string): Map<string, Filed<T>[]> {
    let index = this.keys.get(key);
    if (index === undefined) {
      this.keys.set(key, index = this.names.length);
      this.names.push(key);
      this.values.push(new Map());
    }
    return this.values[index];
  }

  get isEmpty(): boolean {
    return this.names.length === 0;
  }

  /** The first entry by rank that selects the workload. */
  first(one: Listed): T | undefined {
    return (this.names.length > FEW_KEYS ? this.firstByLabel(one) : this.firstByKey(one))?.entry;
  }

  private firstByKey(one: Listed): Filed<T> | undefined {
    let best: Filed<T> | undefined;
    for (let i = 0; i < this.names.length; i++) {
      const value = one.label(this.names[i]);
      if (value !== undefined) best = better(best, this.values[i].get(value), one);
    }
    return best;
  }

  private firstByLabel(one: Listed): Filed<T> | undefined {
    let best: Filed<T> | undefined;
    one.eachLabel((key, value) => {
      const index = this.keys.get(key);
      if (index !== undefined) best = better(best, this.values[index].get(value), one);
    });
    return best;
  }

  /** Calls back with every entry that selects the workload. */
  all<L extends Listed>(one: L, visit: (entry: T, one: L) => void): void {
    if (this.names.length > FEW_KEYS) {
      one.eachLabel((key, value) => {
        const index = this.keys.get(key);
        if (index !== undefined) visitSelecting(this.values[index].get(value), one, visit);
      });
      return;
    }
    for (let i = 0; i < this.names.length; i++) {
      const value = one.label(this.names[i]);
      if (value !== undefined) visitSelecting(this.values[i].get(value), one, visit);
    }
  }
}

/** The best so far, or what a list has of lower rank. */
function better<T>(best: Filed<T> | undefined, list: readonly Filed<T>[] | undefined, one: Listed): Filed<T> | undefined {
  if (list === undefined) return best;
  for (const filed of list) {
    if (best !== undefined && filed.rank >= best.rank) return best;
    if (isSelected(one, filed.selector)) return filed;
  }
  return best;
}

function visitSelecting<T, L extends Listed>(list: readonly Filed<T>[] | undefined, one: L, visit: (entry: T, one: L) => void): void {
  if (list === undefined) return;
  for (const { selector, entry } of list) {
    if (isSelected(one, selector)) visit(entry, one);
  }
}

/** How many selectors have a pair. */
class PairCounts {
  private readonly counts = new Map<string, Map<string, number>>();

  add(selector: Selector): void {
    // The only pair of a selector is its rarest, however many have it.
    if (selector.length < 2) return;
    for (const [key, value] of selector) {
      let values = this.counts.get(key);
      if (values === undefined) this.counts.set(key, values = new Map());
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }

  rarest(selector: Selector): Selector[number] | undefined {
    if (selector.length < 2) return selector[0];
    let rarest: Selector[number] | undefined;
    let least = Infinity;
    for (const pair of selector) {
      const count = this.counts.get(pair[0])?.get(pair[1]) ?? 0;
      if (count < least) {
        rarest = pair;
        least = count;
      }
    }
    return rarest;
  }
}
