import { asObject, isEmpty, JsonObject, onlyKey } from './json';
import { compareText } from './object';
import { sortFew } from './sort-few';

/**
 * The labels that something must have to be selected, as they stand in the
 * manifest: thousands of objects have one, and most are looked at once.
 */
export type Selector = JsonObject;

/** Labels one by one. */
export type LabelPairs = readonly (readonly [key: string, value: string])[];

const EVERYTHING: Selector = {};

/** Something with labels. */
export interface Labelled {
  /** The value of a label. */
  label(name: string): string | undefined;
}

/** No label can have this value, so a selector with it selects nothing: the API server refuses values that are not text. */
const IMPOSSIBLE = '\0';

/** A map of labels as a selector; empty, which selects everything, for anything that is no map. */
export function selectorOf(labels: unknown): Selector {
  return asObject(labels) ?? EVERYTHING;
}

/** Whether a selector asks for nothing, and so selects everything. */
export function selectsAll(selector: Selector): boolean {
  return isEmpty(selector);
}

/** What a selector asks for, pair by pair. */
export function pairsOf(selector: Selector): LabelPairs {
  return Object.entries(selector).map(([key, value]) => [key, typeof value === 'string' ? value : IMPOSSIBLE]);
}

/** Whether all pairs of a selector are among the labels (`labels.Instance.SubsetOf`). */
export function isSelected(one: Labelled, selector: Selector): boolean {
  for (const key in selector) {
    if (!Object.prototype.hasOwnProperty.call(selector, key)) continue;
    const value = selector[key];
    if (typeof value !== 'string' || one.label(key) !== value) return false;
  }
  return true;
}

/** A text that two selectors share exactly when they have the same pairs. */
export function selectorKey(selector: Selector): string {
  // The lengths keep apart what the texts alone would not.
  return [...pairsOf(selector)].sort(([a], [b]) => compareText(a, b)).map(([key, value]) => `${key.length}:${key}${value.length}:${value}`).join('');
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
  /** Those with several pairs: which of a pair is the rarest, only all of them tell. */
  private readonly several: T[] = [];
  /** The lists of entries under one pair. */
  private readonly lists: T[][] = [];
  private isInOrder = true;

  /**
   * @param entries each has at least one pair
   * @param compare no two entries may be equal by it; needed for `first` only
   */
  constructor(entries: readonly T[], private readonly selectorIn: (entry: T) => Selector, private readonly compare: Compare<T> = () => 0) {
    for (let i = 0; i < entries.length; i++) this.add(entries[i]);
  }

  /** Adds an entry, before anybody has asked. */
  add(entry: T): void {
    const key = onlyKey(this.selectorIn(entry));
    if (key !== undefined) {
      this.file(entry, key);
    } else {
      this.several.push(entry);
      this.isInOrder = false;
    }
  }

  /** Files an entry under one of its pairs, unless nothing can have that. */
  private file(entry: T, key: string): void {
    const value = this.selectorIn(entry)[key];
    if (typeof value !== 'string') return;
    const values = this.valuesOf(key);
    const filed = values.get(value);
    if (filed === undefined) {
      values.set(value, entry);
    } else if (Array.isArray(filed)) {
      filed.push(entry);
    } else {
      const list = [filed, entry];
      values.set(value, list);
      this.lists.push(list);
      this.isInOrder = false;
    }
  }

  /** Done when somebody asks, since it takes all entries. */
  private bringInOrder(): void {
    const counts = new PairCounts();
    for (const entry of this.several) counts.add(this.selectorIn(entry));
    for (const entry of this.several) {
      const rarest = counts.rarest(this.selectorIn(entry));
      if (rarest !== undefined) this.file(entry, rarest);
    }
    for (const list of this.lists) sortFew(list, this.compare);
    this.isInOrder = true;
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
    return this.names.length === 0 && this.several.length === 0;
  }

  /** The first entry by the order that selects the workload. */
  first(one: Listed): T | undefined {
    if (!this.isInOrder) this.bringInOrder();
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
      return (best === undefined || this.compare(filed, best) < 0) && this.selects(filed, one) ? filed : best;
    }
    for (const entry of filed) {
      if (best !== undefined && this.compare(best, entry) < 0) return best;
      if (this.selects(entry, one)) return entry;
    }
    return best;
  }

  /** Calls back with every entry that selects the workload. */
  all<L extends Listed>(one: L, visit: (entry: T, one: L) => void): void {
    if (!this.isInOrder) this.bringInOrder();
    if (this.names.length > FEW_KEYS) {
      one.eachLabel((key, value) => this.visit(this.filed(this.keys.get(key), value), one, visit));
      return;
    }
    for (let i = 0; i < this.names.length; i++) this.visit(this.filed(i, one.label(this.names[i])), one, visit);
  }

  private visit<L extends Listed>(filed: Filed<T> | undefined, one: L, visit: (entry: T, one: L) => void): void {
    if (filed === undefined) return;
    if (!Array.isArray(filed)) {
      if (this.selects(filed, one)) visit(filed, one);
      return;
    }
    for (const entry of filed) {
      if (this.selects(entry, one)) visit(entry, one);
    }
  }

  /** Whether an entry that is filed under a pair of something selects it: always where all have one pair. */
  private selects(entry: T, one: Listed): boolean {
    return this.several.length === 0 || isSelected(one, this.selectorIn(entry));
  }

  private filed(index: number | undefined, value: string | undefined): Filed<T> | undefined {
    return index === undefined || value === undefined ? undefined : this.values[index].get(value);
  }
}

/** How many selectors have a pair. */
class PairCounts {
  private readonly counts = new Map<string, Map<unknown, number>>();

  add(selector: Selector): void {
    for (const key of Object.keys(selector)) {
      let values = this.counts.get(key);
      if (values === undefined) this.counts.set(key, values = new Map());
      values.set(selector[key], (values.get(selector[key]) ?? 0) + 1);
    }
  }

  /** The key of the pair that the fewest have. */
  rarest(selector: Selector): string | undefined {
    let rarest: string | undefined;
    let least = Infinity;
    for (const key of Object.keys(selector)) {
      const count = this.counts.get(key)?.get(selector[key]) ?? 0;
      if (count < least) {
        rarest = key;
        least = count;
      }
    }
    return rarest;
  }
}
