import { byAge } from '../age';
import { selectorKey } from '../labels';
import { compareText } from '../object';
import { sortFew } from '../sort-few';
import { DestinationRule, MergedRule, NamespaceRules, SoleRule, Subset, TrafficPolicy } from './destination-rule';

/** Several DestinationRules for one host and namespace that act as one. */
class SeveralRules extends SoleRule {
  readonly first: DestinationRule;
  /** The first that any of the rules has, whole. */
  policy: TrafficPolicy | undefined;
  private more?: { readonly subsets: Subset[]; readonly names: Set<string> };

  /** @param from the first rule, which gives the scope, and others */
  constructor(readonly from: DestinationRule[]) {
    super();
    this.first = from[0];
    for (let i = 0; i < from.length; i++) {
      this.policy ??= from[i].policy;
      if (i > 0) this.addSubsets(from[i]);
    }
  }

  get namespace(): string {
    return this.first.namespace;
  }

  get subsets(): readonly Subset[] {
    return this.more?.subsets ?? this.first.subsets;
  }

  add(rule: DestinationRule): void {
    this.from.push(rule);
    this.policy ??= rule.policy;
    this.addSubsets(rule);
  }

  /** Subsets are added under new names. */
  private addSubsets({ subsets }: DestinationRule): void {
    if (subsets.length === 0) return;
    const more = this.more ??= { subsets: [...this.first.subsets], names: new Set(this.first.subsets.map(({ name }) => name)) };
    for (const subset of subsets) {
      if (more.names.has(subset.name)) continue;
      more.names.add(subset.name);
      more.subsets.push(subset);
    }
  }
}

/** The rules of one host and namespace as they act: `mergeDestinationRule` in pilot/pkg/model/destination_rule.go. The list is theirs from then on. */
export function mergeAll(rules: DestinationRule[]): readonly MergedRule[] {
  return rules.length < 2 ? rules : new Merger(sortFew(rules, byPrecedence)).list;
}

/** The same for several rules that say nothing of whom they are for. */
export function mergeAlike(rules: DestinationRule[]): MergedRule & NamespaceRules {
  return new SeveralRules(sortFew(rules, byAge));
}

/** Rules for single workloads come first (`sortConfigBySelectorAndCreationTime`). */
function byPrecedence(a: DestinationRule, b: DestinationRule): number {
  return Number(a.workloadSelector === undefined) - Number(b.workloadSelector === undefined) || byAge(a, b);
}

/** Merges rules that come in their order. Enhanced merging is on, as it is by default. */
class Merger {
  readonly list: MergedRule[] = [];
  /** Of each in the list, what it is exported to and whom it selects. */
  private readonly exports: string[] = [];
  private readonly selectors: (string | undefined)[] = [];

  constructor(rules: readonly DestinationRule[]) {
    for (const rule of rules) this.add(rule, exportKey(rule), rule.workloadSelector && selectorKey(rule.workloadSelector));
  }

  /**
   * The last comparison decides whether a rule is also kept by itself. That is
   * odd, and it is what Istio does.
   */
  private add(rule: DestinationRule, exportTo: string, selector: string | undefined): void {
    const { list, exports, selectors } = this;
    let keep = true;
    for (let i = 0; i < list.length; i++) {
      const { first } = list[i];
      keep = exportTo !== exports[i];
      if (keep && (first.exportTo.size === 0 || !isSuperset(rule.exportTo, first.exportTo))) continue;
      const bothSelect = selector !== undefined && selectors[i] !== undefined;
      if (bothSelect && selector !== selectors[i]) {
        keep = true;
        continue;
      }
      if (bothSelect || (selector === undefined && selectors[i] === undefined)) keep = false;
      const merged = list[i];
      if (merged instanceof SeveralRules) merged.add(rule);
      else list[i] = new SeveralRules([first, rule]);
    }
    if (!keep) return;
    list.push(rule);
    exports.push(exportTo);
    selectors.push(selector);
  }
}

function exportKey({ exportTo }: DestinationRule): string {
  return exportTo.size === 0 ? '' : [...exportTo].sort(compareText).join();
}

function isSuperset(big: ReadonlySet<string>, small: ReadonlySet<string>): boolean {
  for (const item of small) {
    if (!big.has(item)) return false;
  }
  return true;
}
