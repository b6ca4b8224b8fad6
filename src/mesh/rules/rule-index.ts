import { byCreation } from '../age';
import { inCluster, MeshFacts } from '../facts';
import { Kinds } from '../kinds';
import { isSelected, Labelled } from '../labels';
import { MergedRule, mergeInto } from './merge';
import { Service } from '../services/service';
import { ResolvedMeshSettings } from '../settings';
import { DestinationRule, destinationRule } from './destination-rule';
import { HostIndex } from './host-index';
import { changesTls } from './traffic-policy';

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
  /** Every rule. */
  readonly all: readonly DestinationRule[];

  /** By host, the rules that say something of TLS or of PASSTHROUGH; undefined until it is asked for. */
  private meddling?: HostIndex<DestinationRule>;

  /** By host, what the clients of single namespaces find in their own; undefined until it is asked for. */
  private ownRules?: HostIndex<NamespaceRules[]>;

  constructor(facts: MeshFacts) {
    this.settings = facts.settings;
    const byNamespace = new Map<string, DestinationRule[]>();
    const all: DestinationRule[] = [];
    for (const object of inCluster(facts, Kinds.DESTINATION_RULE)) {
      const rule = destinationRule(object, facts.settings.clusterDomain);
      if (rule === undefined) continue;
      all.push(rule);
      const list = byNamespace.get(rule.namespace);
      if (list === undefined) byNamespace.set(rule.namespace, [rule]);
      else list.push(rule);
    }
    byNamespace.forEach((rules, namespace) => {
      // Rules for single workloads come first (`sortConfigBySelectorAndCreationTime`).
      rules.sort((a, b) => Number(a.workloadSelector === undefined) - Number(b.workloadSelector === undefined) || byCreation(a, b));
      this.file(rules, namespace);
      const forSome = rules.filter(({ workloadSelector }) => workloadSelector !== undefined);
      if (forSome.length > 0) this.forSome.set(namespace, forSome);
    });
    this.all = all;
  }

  private file(rules: readonly DestinationRule[], namespace: string): void {
    const local = rules.filter(({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(namespace));
    const exported = rules.filter(rule => !this.isPrivate(rule));
    const index = indexOf(local);
    this.local.set(namespace, index);
    // Nearly always all rules of a namespace are for both.
    this.exported.set(namespace, local.length === rules.length && exported.length === rules.length ? index : indexOf(exported));
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
    if (lists.length === 1 && named === undefined) return lists[0];
    // The most specific host of a namespace comes first.
    const found = new Map<string, NamespaceRules>();
    for (const list of lists) {
      for (const one of list) {
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

  private fileNamespaces(): HostIndex<NamespaceRules[]> {
    const { rootNamespace } = this.settings;
    const index = new HostIndex<NamespaceRules[]>();
    const fileAll = (own: HostIndex<MergedRule[]>, namespace: string): void => own.forEach((rules, host) => {
      const list = index.get(host);
      if (list === undefined) index.set(host, [{ namespace, rules }]);
      else list.push({ namespace, rules });
    });
    this.local.forEach((own, namespace) => {
      if (namespace !== rootNamespace) fileAll(own, namespace);
    });
    fileAll(this.rootLocal, rootNamespace);
    return index;
  }

  /** Whether no rule, wherever it stands, says anything of TLS or of PASSTHROUGH for a host. */
  leavesAlone(host: string): boolean {
    if (this.meddling === undefined) {
      this.meddling = new HostIndex();
      for (const rule of this.all) {
        if (meddles(rule)) this.meddling.set(rule.host, rule);
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

/** Whether a rule can change what auto mTLS would do by itself. */
function meddles({ policy, subsets }: DestinationRule): boolean {
  return changesTls(policy) || subsets.some(subset => changesTls(subset.policy));
}

function isPublic({ first: { exportTo } }: MergedRule): boolean {
  return exportTo.size === 0 || exportTo.has('*');
}

function indexOf(rules: readonly DestinationRule[]): HostIndex<MergedRule[]> {
  const index = new HostIndex<MergedRule[]>();
  for (const rule of rules) {
    const list = index.get(rule.host);
    if (list === undefined) index.set(rule.host, [new MergedRule(rule)]);
    else mergeInto(list, rule);
  }
  return index;
}
