import { selectorKey } from '../labels';
import { compareText, MeshObject } from '../object';
import { DestinationRule, Subset, TrafficPolicy } from './destination-rule';

/** One or several DestinationRules for one host that act as one. */
export class MergedRule {
  /** What those who answer for clients have worked out; a field is cheaper than a map of thousands. */
  note?: unknown;
  private key?: string;
  /** What a second rule adds to. */
  private merged?: { readonly from: DestinationRule[]; readonly subsets: Subset[]; names?: Set<string>; policy: TrafficPolicy | undefined };

  /** @param first the rule that gives it its scope */
  constructor(readonly first: DestinationRule) {}

  get subsets(): readonly Subset[] {
    return this.merged === undefined ? this.first.subsets : this.merged.subsets;
  }

  get policy(): TrafficPolicy | undefined {
    return this.merged === undefined ? this.first.policy : this.merged.policy;
  }

  get exportKey(): string {
    return this.key ??= exportKey(this.first);
  }

  get selectorKey(): string | undefined {
    return this.first.workloadSelector && selectorKey(this.first.workloadSelector);
  }

  /** The rules in it, the first of which gives it its scope. */
  get from(): readonly DestinationRule[] {
    return this.merged?.from ?? [this.first];
  }

  get objects(): readonly MeshObject[] {
    return this.from.map(({ object }) => object);
  }

  /** Whether clients of a namespace may use the rule when it stands in another one. */
  isExportedTo(namespace: string): boolean {
    const { exportTo } = this.first;
    return exportTo.size === 0 || exportTo.has('*') || exportTo.has(namespace);
  }

  /** The traffic policy is the first that any of the rules has, whole; subsets are added under new names. */
  add(rule: DestinationRule): void {
    const merged = this.merged ??= { from: [this.first], subsets: [...this.first.subsets], policy: this.first.policy };
    const { from, subsets } = merged;
    from.push(rule);
    merged.policy ??= rule.policy;
    if (rule.subsets.length === 0) return;
    const names = merged.names ??= new Set(subsets.map(({ name }) => name));
    for (const subset of rule.subsets) {
      if (names.has(subset.name)) continue;
      names.add(subset.name);
      subsets.push(subset);
    }
  }
}

/**
 * Adds a rule to those of the same host and namespace: `mergeDestinationRule` in
 * pilot/pkg/model/destination_rule.go, with enhanced merging on (its default).
 *
 * The last comparison decides whether the rule is also kept by itself. That is
 * odd, and it is what Istio does.
 */
export function mergeInto(list: MergedRule[], rule: DestinationRule): void {
  const key = exportKey(rule);
  const selector = rule.workloadSelector && selectorKey(rule.workloadSelector);
  let keep = true;
  for (const merged of list) {
    if (key === merged.exportKey) {
      keep = false;
    } else {
      keep = true;
      if (merged.first.exportTo.size === 0 || !isSuperset(rule.exportTo, merged.first.exportTo)) continue;
    }
    const bothSelect = selector !== undefined && merged.selectorKey !== undefined;
    if (bothSelect && selector !== merged.selectorKey) {
      keep = true;
      continue;
    }
    if (bothSelect || (selector === undefined && merged.selectorKey === undefined)) keep = false;
    merged.add(rule);
  }
  if (keep) list.push(new MergedRule(rule));
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
