import { isSelected, Labelled } from '../labels';
import { compareText } from '../object';
import { sortFew } from '../sort-few';
import { DestinationRule, MergedRule } from './destination-rule';
import { mergeAll } from './merge';

/** What tells who finds a rule. */
export interface RuleScope {
  readonly rootNamespace: string;
  /** Whether a rule that says nothing counts in every namespace. */
  readonly exportsByDefault: boolean;
}

/** The rules of one namespace for one host. */
export interface NamespaceRules {
  readonly namespace: string;
  /** The one of its own that sidecars find whose pods no rule selects. */
  readonly rule?: MergedRule;
  /** What its own clients find; empty where none is for them. */
  readonly own: readonly MergedRule[];
  /** What clients of other namespaces may find. */
  readonly exported: readonly MergedRule[];
}

/**
 * The DestinationRules for one host, by the namespaces in which they stand, as
 * istiod files them: `setDestinationRules` in pilot/pkg/model/push_context.go.
 */
export class HostRules {
  private rules: DestinationRule[];
  private groups?: readonly NamespaceRules[];

  constructor(first: DestinationRule) {
    this.rules = [first];
  }

  add(rule: DestinationRule): void {
    this.rules.push(rule);
  }

  /** Ordered by namespace. Filed when somebody asks: many rules are for hosts that nobody calls. */
  byNamespace(scope: RuleScope): readonly NamespaceRules[] {
    if (this.groups === undefined) {
      this.groups = grouped(this.rules, scope);
      this.rules = NONE;
    }
    return this.groups;
  }

  /** The rules of one namespace, where it has any. */
  of(namespace: string, scope: RuleScope): NamespaceRules | undefined {
    const groups = this.byNamespace(scope);
    let low = 0;
    let high = groups.length;
    while (low < high) {
      const middle = (low + high) >> 1; // eslint-disable-line no-bitwise
      if (groups[middle].namespace < namespace) low = middle + 1;
      else high = middle;
    }
    return groups[low]?.namespace === namespace ? groups[low] : undefined;
  }
}

function grouped(rules: DestinationRule[], scope: RuleScope): readonly NamespaceRules[] {
  const [{ namespace }] = rules;
  // Nearly always so for a wildcard.
  if (rules.every(rule => rule.namespace === namespace)) return [group(rules, scope)];
  sortFew(rules, byNamespace);
  let count = 1;
  for (let i = 1; i < rules.length; i++) if (rules[i].namespace !== rules[i - 1].namespace) count++;
  const groups = new Array<NamespaceRules>(count);
  count = 0;
  let start = 0;
  for (let i = 1; i <= rules.length; i++) {
    if (i < rules.length && rules[i].namespace === rules[start].namespace) continue;
    groups[count++] = group(i === start + 1 ? [rules[start]] : rules.slice(start, i), scope);
    start = i;
  }
  return groups;
}

function byNamespace(a: DestinationRule, b: DestinationRule): number {
  return compareText(a.namespace, b.namespace);
}

const NONE: DestinationRule[] = [];
const NO_RULES: readonly MergedRule[] = [];

function group(rules: DestinationRule[], { rootNamespace, exportsByDefault }: RuleScope): NamespaceRules {
  const { namespace } = rules[0];
  // Of the rules of the root namespace its own clients find only the private ones as their own.
  const isRoot = namespace === rootNamespace;
  // Nearly always all rules are for everybody.
  if (exportsByDefault && rules.every(saysNothing)) {
    const all = mergeAll(rules);
    return fileFor(namespace, isRoot ? NO_RULES : all, all);
  }
  const isPrivate = ({ exportTo }: DestinationRule): boolean => exportTo.size === 0
    ? !exportsByDefault
    : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
  const isLocal = (rule: DestinationRule): boolean => rule.isExportedTo(namespace) || rule.exportTo.has('.');
  return fileFor(namespace, mergeAll(rules.filter(isRoot ? isPrivate : isLocal)), mergeAll(rules.filter(rule => !isPrivate(rule))));
}

function saysNothing({ exportTo }: DestinationRule): boolean {
  return exportTo.size === 0;
}

function fileFor(namespace: string, own: readonly MergedRule[], exported: readonly MergedRule[]): NamespaceRules {
  return { namespace, rule: select(NO_LABELS, namespace, own), own, exported };
}

/** Pods that no rule selects. */
export const NO_LABELS: Labelled = { label: () => undefined };

/** The rule for one client: one that selects it, else the last of those for all (`SidecarScope.DestinationRule`). */
export function select(client: Labelled, clientNamespace: string, rules: readonly MergedRule[]): MergedRule | undefined {
  let general: MergedRule | undefined;
  for (let i = 0; i < rules.length; i++) {
    const { first: { workloadSelector, namespace } } = rules[i];
    if (workloadSelector === undefined) general = rules[i];
    else if (namespace === clientNamespace && isSelected(client, workloadSelector)) return rules[i];
  }
  return general;
}
