import { isSelected, Labelled } from '../labels';
import { compareText } from '../object';
import { sortFew } from '../sort-few';
import { DestinationRule, MergedRule, NamespaceRules } from './destination-rule';
import { mergeAlike, mergeAll } from './merge';

/** What tells who finds a rule. */
export interface RuleScope {
  readonly rootNamespace: string;
  /** Whether a rule that says nothing counts in every namespace. */
  readonly exportsByDefault: boolean;
}

/**
 * The DestinationRules for one host, by the namespaces in which they stand, as
 * istiod files them: `setDestinationRules` in pilot/pkg/model/push_context.go.
 */
export class HostRules {
  readonly host: string;
  /** Those for the next wider wildcard that covers the host; null for none, undefined until they are asked for. */
  wider?: HostRules | null;
  /** What `RuleIndex` has worked out: the rules of each namespace that has some of its own for the host or a wider one. */
  owners?: readonly NamespaceRules[];
  private rules: DestinationRule[];
  private groups?: readonly NamespaceRules[];

  constructor(first: DestinationRule) {
    this.host = first.host;
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

/** The list is theirs from then on. */
function grouped(rules: DestinationRule[], scope: RuleScope): readonly NamespaceRules[] {
  // A rule that is alone and for everybody is its own group: nearly all are, and so the list is one of groups as it is.
  if (rules.length === 1 && areForEverybody(rules, 0, 1, scope)) return rules;
  sortFew(rules, byNamespace);
  let count = 1;
  for (let i = 1; i < rules.length; i++) if (rules[i].namespace !== rules[i - 1].namespace) count++;
  const groups = new Array<NamespaceRules>(count);
  count = 0;
  let start = 0;
  for (let i = 1; i <= rules.length; i++) {
    if (i < rules.length && rules[i].namespace === rules[start].namespace) continue;
    groups[count++] = group(rules, start, i, scope);
    start = i;
  }
  return groups;
}

function byNamespace(a: DestinationRule, b: DestinationRule): number {
  return compareText(a.namespace, b.namespace);
}

const NONE: DestinationRule[] = [];

/** Groups the rules of one namespace, which is a part of a list. */
function group(all: DestinationRule[], start: number, end: number, scope: RuleScope): NamespaceRules {
  const isLone = end === start + 1;
  const rules = end - start === all.length || isLone ? all : all.slice(start, end);
  if (!areForEverybody(all, start, end, scope)) return groupApart(isLone ? [all[start]] : rules, scope);
  return isLone ? all[start] : mergeAlike(rules);
}

/** Whether rules of one namespace are for all clients, and so are both what its own find and what the others do: nearly always. */
function areForEverybody(rules: readonly DestinationRule[], start: number, end: number, { rootNamespace, exportsByDefault }: RuleScope): boolean {
  // Of the rules of the root namespace its own clients find only the private ones as their own.
  if (!exportsByDefault || rules[start].namespace === rootNamespace) return false;
  for (let i = start; i < end; i++) if (!rules[i].saysNothing) return false;
  return true;
}

function groupApart(rules: DestinationRule[], { rootNamespace, exportsByDefault }: RuleScope): NamespaceRules {
  const { namespace } = rules[0];
  const isPrivate = ({ exportTo }: DestinationRule): boolean => exportTo.size === 0
    ? !exportsByDefault
    : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
  const isLocal = (rule: DestinationRule): boolean => rule.saysNothing || rule.isExportedTo(namespace) || rule.exportTo.has('.');
  const own = mergeAll(rules.filter(namespace === rootNamespace ? isPrivate : isLocal));
  const exported = mergeAll(rules.filter(rule => !isPrivate(rule)));
  const exportedToAll = exported.every(({ first }) => first.isPublic) ? exported[exported.length - 1] : undefined;
  return { namespace, rule: select(NO_LABELS, namespace, own), hasOwn: own.length > 0, own, exported, exportedToAll };
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
