import { byAge } from '../age';
import { inClusterUnordered, MeshFacts } from '../facts';
import { Kinds } from '../kinds';
import { isSelected, Labelled } from '../labels';
import { byIdentity, compareText } from '../object';
import { DestinationRule, destinationRule } from './destination-rule';
import { HostIndex } from './host-index';
import { MergedRule, mergeInto } from './merge';
import { changesTls } from './traffic-policy';
import { Service } from '../services/service';
import { ResolvedMeshSettings } from '../settings';
import { sortFew } from '../sort-few';

type Rules = Map<string, HostIndex<MergedRule[]>>;

/** What the clients of a namespace find for a service. */
export interface NamespaceRules {
  readonly namespace: string;
  readonly rules: readonly MergedRule[];
}

const NOBODY: readonly NamespaceRules[] = [];

/**
 * The DestinationRules, filed as istiod files them: `setDestinationRules` in
 * pilot/pkg/model/push_context.go.
 */
export class RuleIndex {
  /** What clients of a namespace find in their own namespace. */
  private readonly local: Rules = new Map();
  /** What clients of other namespaces may find. */
  private readonly exported: Rules = new Map();
  /** The private rules of the root namespace, which only its own clients find. */
  private rootLocal = new HostIndex<MergedRule[]>();
  private readonly settings: ResolvedMeshSettings;
  /** The answer for the clients of namespaces that have no rules of their own. */
  private readonly common = new Map<Service, { readonly rules: readonly MergedRule[]; readonly isForAll: boolean }>();

  /** The rules that are for single workloads, by namespace. */
  private readonly forSome = new Map<string, readonly DestinationRule[]>();
  private readonly byNamespace = new Map<string, DestinationRule[]>();
  private ordered?: readonly DestinationRule[];

  /** By host, the rules that say something of TLS or of PASSTHROUGH; undefined until it is asked for. */
  private meddling?: HostIndex<DestinationRule>;

  /** By host, what the clients of single namespaces find in their own; undefined until it is asked for. */
  private ownRules?: HostIndex<NamespaceRules | NamespaceRules[]>;

  constructor(facts: MeshFacts) {
    this.settings = facts.settings;
    for (const object of inClusterUnordered(facts, Kinds.DESTINATION_RULE)) {
      const rule = destinationRule(object, facts.settings.clusterDomain);
      if (rule === undefined) continue;
      const list = this.byNamespace.get(rule.namespace);
      if (list === undefined) this.byNamespace.set(rule.namespace, [rule]);
      else list.push(rule);
    }
    this.byNamespace.forEach((rules, namespace) => this.file(rules, namespace));
  }

  /** Every rule, ordered by namespace and name. */
  get all(): readonly DestinationRule[] {
    return this.ordered ??= [...this.byNamespace.keys()].sort(compareText)
      .flatMap(namespace => [...this.byNamespace.get(namespace)!].sort((a, b) => byIdentity(a.object, b.object)));
  }

  private file(rules: readonly DestinationRule[], namespace: string): void {
    if (rules.some(({ workloadSelector }) => workloadSelector !== undefined)) {
      this.forSome.set(namespace, rules.filter(({ workloadSelector }) => workloadSelector !== undefined).sort(byAge));
    }
    // Nearly always all rules of a namespace are for everybody.
    if (this.settings.exportDestinationRules && rules.every(({ exportTo }) => exportTo.size === 0)) {
      const index = indexOf(rules);
      this.local.set(namespace, index);
      this.exported.set(namespace, index);
      return;
    }
    const local = rules.filter(({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(namespace));
    const exported = rules.filter(rule => !this.isPrivate(rule));
    this.local.set(namespace, indexOf(local));
    this.exported.set(namespace, indexOf(exported));
    if (namespace === this.settings.rootNamespace) this.rootLocal = indexOf(rules.filter(rule => this.isPrivate(rule)));
  }

  private isPrivate({ exportTo, namespace }: DestinationRule): boolean {
    return exportTo.size === 0
      ? !this.settings.exportDestinationRules
      : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
  }

  /**
   * The rules that a client's namespace gives to a service: its own, else those
   * of the service's namespace, else those of the root namespace
   * (`destinationRule` in pilot/pkg/model/push_context.go). The first namespace
   * with a match ends the search; nothing is merged across namespaces.
   */
  lookup(clientNamespace: string, service: Service): readonly MergedRule[] {
    const local = clientNamespace === this.settings.rootNamespace ? this.rootLocal : this.local.get(clientNamespace);
    const own = local?.mostSpecific(service.host);
    return own ?? this.fromOthers(clientNamespace, service);
  }

  /** What clients find that have no rules of their own, and to whose namespace nothing is exported by name. */
  lookupForOthers(service: Service): readonly MergedRule[] {
    return this.fromOthers('', service);
  }

  /** What the clients of all other namespaces find. */
  exceptions(service: Service): readonly NamespaceRules[] {
    this.ownRules ??= this.fileNamespaces();
    const lists = this.ownRules.covering(service.host);
    const named = this.namedIn(service);
    if (lists.length === 0 && named === undefined) return NOBODY;
    if (lists.length === 1 && named === undefined) return listOf(lists[0]);
    // The most specific host of a namespace comes first.
    const found = new Map<string, NamespaceRules>();
    for (const list of lists) {
      for (const one of listOf(list)) {
        if (!found.has(one.namespace)) found.set(one.namespace, one);
      }
    }
    named?.forEach(namespace => {
      if (!found.has(namespace)) found.set(namespace, { namespace, rules: this.fromOthers(namespace, service) });
    });
    return [...found.values()];
  }

  /** The namespaces that the exports of the rules for a service name. */
  private namedIn(service: Service): ReadonlySet<string> | undefined {
    let names: Set<string> | undefined;
    for (const namespace of [service.namespace, this.settings.rootNamespace]) {
      for (const { first: { exportTo } } of this.exported.get(namespace)?.mostSpecific(service.host) ?? []) {
        for (const item of exportTo) {
          if (item !== '*' && item !== '.') (names ??= new Set()).add(item);
        }
      }
    }
    return names;
  }

  private fileNamespaces(): HostIndex<NamespaceRules | NamespaceRules[]> {
    const { rootNamespace } = this.settings;
    const index = new HostIndex<NamespaceRules | NamespaceRules[]>();
    const fileAll = (own: HostIndex<MergedRule[]>, namespace: string): void => own.forEach((rules, host) => {
      const one: NamespaceRules = { namespace, rules };
      const others = index.get(host);
      if (others === undefined) index.set(host, one);
      else if (Array.isArray(others)) others.push(one);
      else index.set(host, [others, one]);
    });
    // In this order, so that the answers for the namespaces do not come in that of the input.
    for (const namespace of [...this.local.keys()].sort(compareText)) {
      if (namespace !== rootNamespace) fileAll(this.local.get(namespace)!, namespace);
    }
    fileAll(this.rootLocal, rootNamespace);
    return index;
  }

  /** Whether no rule, wherever it stands, says anything of TLS or of PASSTHROUGH for a host. */
  leavesAlone(host: string): boolean {
    if (this.meddling === undefined) {
      this.meddling = new HostIndex();
      for (const rules of this.byNamespace.values()) {
        for (const rule of rules) {
          if (meddles(rule)) this.meddling.set(rule.host, rule);
        }
      }
    }
    return this.meddling.mostSpecific(host) === undefined;
  }

  /** All rules for a service that a client's namespace comes upon, in the order in which they are looked for. Only the first counts. */
  candidates(clientNamespace: string, service: Service): readonly MergedRule[] {
    const { rootNamespace } = this.settings;
    const own = clientNamespace === rootNamespace ? this.rootLocal : this.local.get(clientNamespace);
    const found = new Set<MergedRule>(own?.covering(service.host).flat());
    for (const namespace of [service.namespace, rootNamespace]) {
      for (const rule of this.exported.get(namespace)?.covering(service.host).flat() ?? []) {
        if (rule.isExportedTo(clientNamespace)) found.add(rule);
      }
    }
    return [...found];
  }

  /** The rules of a client's namespace that are for its labels. */
  selecting(client: Labelled, clientNamespace: string): readonly DestinationRule[] {
    return this.forSome.get(clientNamespace)?.filter(({ workloadSelector }) => isSelected(client, workloadSelector!)) ?? [];
  }

  /** The rule for one client: one that selects it, else the last of those for all (`SidecarScope.DestinationRule`). */
  select(client: Labelled, clientNamespace: string, rules: readonly MergedRule[]): MergedRule | undefined {
    let general: MergedRule | undefined;
    for (const rule of rules) {
      const selector = rule.first.workloadSelector;
      if (selector === undefined) {
        general = rule;
      } else if (rule.first.namespace === clientNamespace && isSelected(client, selector)) {
        return rule;
      }
    }
    return general;
  }

  private fromOthers(clientNamespace: string, service: Service): readonly MergedRule[] {
    const known = this.common.get(service);
    if (known?.isForAll) return known.rules;
    let rules: readonly MergedRule[] = [];
    let isForAll = true;
    for (const namespace of [service.namespace, this.settings.rootNamespace]) {
      const found = this.exported.get(namespace)?.mostSpecific(service.host);
      if (found === undefined) continue;
      if (found.every(isPublic)) {
        rules = found;
      } else {
        isForAll = false;
        rules = found.filter(rule => rule.isExportedTo(clientNamespace));
      }
      if (rules.length > 0) break;
    }
    if (isForAll) this.common.set(service, { rules, isForAll });
    return rules;
  }
}

function listOf(one: NamespaceRules | NamespaceRules[]): readonly NamespaceRules[] {
  return Array.isArray(one) ? one : [one];
}

/** Whether a rule can change what auto mTLS would do by itself. */
function meddles({ policy, subsets }: DestinationRule): boolean {
  return changesTls(policy) || subsets.some(subset => changesTls(subset.policy));
}

function isPublic({ first: { exportTo } }: MergedRule): boolean {
  return exportTo.size === 0 || exportTo.has('*');
}

function indexOf(rules: readonly DestinationRule[]): HostIndex<MergedRule[]> {
  const index = new HostIndex<MergedRule[]>();
  let shared: Map<string, DestinationRule[]> | undefined;
  for (const rule of rules) {
    const { host } = rule;
    const list = index.get(host);
    if (list === undefined) {
      index.set(host, [new MergedRule(rule)]);
      continue;
    }
    shared ??= new Map();
    const others = shared.get(host);
    if (others === undefined) shared.set(host, [list[0].first, rule]);
    else others.push(rule);
  }
  // Only rules for one host compete, so only those are put in order.
  shared?.forEach((all, host) => {
    sortFew(all, byPrecedence);
    const list = [new MergedRule(all[0])];
    for (let i = 1; i < all.length; i++) mergeInto(list, all[i]);
    index.set(host, list);
  });
  return index;
}

/** Rules for single workloads come first (`sortConfigBySelectorAndCreationTime`). */
function byPrecedence(a: DestinationRule, b: DestinationRule): number {
  return Number(a.workloadSelector === undefined) - Number(b.workloadSelector === undefined) || byAge(a, b);
}
