import { asObject } from './json';
import { compareText } from './object';
import { sortFew } from './sort-few';

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
  let selector: Selector[number][] | undefined;
  for (const key in object) {
    if (!Object.prototype.hasOwnProperty.call(object, key)) continue;
    const value = object[key];
    const pair: Selector[number] = [key, typeof value === 'string' ? value : IMPOSSIBLE];
    // Most have one pair, and a list that grows takes room for seventeen.
    if (selector === undefined) selector = [pair];
    else selector.push(pair);
  }
  return selector ?? EVERYTHING;
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

/** The order in which entries win, where only the first counts. */
type Compare<T> = (a: T, b: T) => number;

/** What is filed under a pair: nearly always one entry, else a list of them in their order. */
type Filed<T> = T | T[];

/** Up to so many keys are asked for one by one; something with labels has about as many of them. */
const FEW_KEYS = 8;

/**
 * Finds what selects a workload without trying every selector.
 *
 * Each entry is filed under the rarest of its pairs, so that a pair which
 * everything has (`version: v1`) does not collect all entries.
 */
export class SelectorIndex<T extends object> {
  /** The keys of the pairs, and for each the entries by value. */
  private readonly keys = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly values: Map<string, Filed<T>>[] = [];

  /**
   * @param entries each has at least one pair
   * @param compare no two entries may be equal by it; needed for `first` only
   */
  constructor(entries: readonly T[], private readonly selectorIn: (entry: T) => Selector, private readonly compare: Compare<T> = () => 0) {
    const counts = new PairCounts();
    for (const entry of entries) counts.add(selectorIn(entry));
    const shared: T[][] = [];
    for (const entry of entries) {
      const rarest = counts.rarest(selectorIn(entry));
      if (rarest === undefined) continue;
      const values = this.valuesOf(rarest[0]);
      const filed = values.get(rarest[1]);
      if (filed === undefined) {
        values.set(rarest[1], entry);
      } else if (Array.isArray(filed)) {
        filed.push(entry);
      } else {
        const list = [filed, entry];
        values.set(rarest[1], list);
        shared.push(list);
      }
    }
    for (const list of shared) sortFew(list, compare);
  }

  private valuesOf(key: string): Map<string, Filed<T>> {
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

  /** The first entry by the order that selects the workload. */
  first(one: Listed): T | undefined {
    let best: T | undefined;
    if (this.names.length > FEW_KEYS) {
      one.eachLabel((key, value) => { best = this.firstOf(best, this.filed(this.keys.get(key), value), one); });
      return best;
    }
    // Without a callback, which would cost more than the answer.
    for (let i = 0; i < this.names.length; i++) best = this.firstOf(best, this.filed(i, one.label(this.names[i])), one);
    return best;
  }

  /** The best so far, or what is filed under a pair and comes before it. */
  private firstOf(best: T | undefined, filed: Filed<T> | undefined, one: Listed): T | undefined {
    if (filed === undefined) return best;
    if (!Array.isArray(filed)) {
      return (best === undefined || this.compare(filed, best) < 0) && isSelected(one, this.selectorIn(filed)) ? filed : best;
    }
    for (const entry of filed) {
      if (best !== undefined && this.compare(best, entry) < 0) return best;
      if (isSelected(one, this.selectorIn(entry))) return entry;
    }
    return best;
  }

  /** Calls back with every entry that selects the workload. */
  all<L extends Listed>(one: L, visit: (entry: T, one: L) => void): void {
    if (this.names.length > FEW_KEYS) {
      one.eachLabel((key, value) => this.visit(this.filed(this.keys.get(key), value), one, visit));
      return;
    }
    for (let i = 0; i < this.names.length; i++) this.visit(this.filed(i, one.label(this.names[i])), one, visit);
  }

  private visit<L extends Listed>(filed: Filed<T> | undefined, one: L, visit: (entry: T, one: L) => void): void {
    if (filed === undefined) return;
    if (!Array.isArray(filed)) {
      if (isSelected(one, this.selectorIn(filed))) visit(filed, one);
      return;
    }
    for (const entry of filed) {
      if (isSelected(one, this.selectorIn(entry))) visit(entry, one);
    }
  }

  private filed(index: number | undefined, value: string | undefined): Filed<T> | undefined {
    return index === undefined || value === undefined ? undefined : this.values[index].get(value);
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
