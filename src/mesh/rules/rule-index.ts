import { byAge } from '../age';
import { inCluster, MeshFacts } from '../facts';
import { Kinds } from '../kinds';
import { isSelected, Labelled } from '../labels';
import { Service } from '../services/service';
import { ResolvedMeshSettings } from '../settings';
import { DestinationRule, destinationRule } from './destination-rule';
import { HostIndex } from './host-index';
import { MergedRule, mergeInto } from './merge';

type Rules = Map<string, HostIndex<MergedRule[]>>;

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
  private readonly rootLocal = new HostIndex<MergedRule[]>();
  private readonly settings: ResolvedMeshSettings;
  /** The answer for the clients of namespaces that have no rules of their own. */
  private readonly common = new Map<Service, { readonly rules: readonly MergedRule[]; readonly isForAll: boolean }>();

  /** By host, the client namespaces that find rules for it in their own namespace; undefined until it is asked for. */
  private ownRules?: HostIndex<string[]>;

  constructor(facts: MeshFacts) {
    this.settings = facts.settings;
    const rules: DestinationRule[] = [];
    for (const object of inCluster(facts, Kinds.DESTINATION_RULE)) {
      const rule = destinationRule(object, facts.settings.clusterDomain);
      if (rule !== undefined) rules.push(rule);
    }
    // Rules for single workloads come first (`sortConfigBySelectorAndCreationTime`).
    rules.sort((a, b) => Number(a.workloadSelector === undefined) - Number(b.workloadSelector === undefined) || byAge(a, b));
    for (const rule of rules) this.file(rule);
  }

  private file(rule: DestinationRule): void {
    const { exportTo, namespace } = rule;
    if (exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(namespace)) {
      fileUnder(indexOf(this.local, namespace), rule);
    }
    const isPrivate = exportTo.size === 0
      ? !this.settings.exportDestinationRules
      : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    if (!isPrivate) {
      fileUnder(indexOf(this.exported, namespace), rule);
    } else if (namespace === this.settings.rootNamespace) {
      fileUnder(this.rootLocal, rule);
    }
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

  /**
   * The client namespaces whose rules for a service may be others than those of
   * everybody else: they have their own, or rules are exported to them by name.
   */
  exceptions(service: Service): ReadonlySet<string> {
    const { rootNamespace } = this.settings;
    const names = new Set((this.ownRules ??= this.fileNamespaces()).covering(service.host).flat());
    for (const namespace of [service.namespace, rootNamespace]) {
      for (const { first } of this.exported.get(namespace)?.mostSpecific(service.host) ?? []) {
        for (const item of first.exportTo) {
          if (item !== '*' && item !== '.') names.add(item);
        }
      }
    }
    return names;
  }

  private fileNamespaces(): HostIndex<string[]> {
    const { rootNamespace } = this.settings;
    const index = new HostIndex<string[]>();
    const add = (host: string, namespace: string): void => {
      const list = index.get(host);
      if (list === undefined) index.set(host, [namespace]);
      else list.push(namespace);
    };
    this.local.forEach((rules, namespace) => {
      if (namespace !== rootNamespace) rules.forEach((_, host) => add(host, namespace));
    });
    this.rootLocal.forEach((_, host) => add(host, rootNamespace));
    return index;
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
    const rules: MergedRule[] = [];
    let isForAll = true;
    for (const namespace of [service.namespace, this.settings.rootNamespace]) {
      const found = this.exported.get(namespace)?.mostSpecific(service.host);
      if (found === undefined) continue;
      isForAll &&= found.every(({ first: { exportTo } }) => exportTo.size === 0 || exportTo.has('*'));
      rules.push(...found.filter(rule => rule.isExportedTo(clientNamespace)));
      if (rules.length > 0) break;
    }
    if (isForAll) this.common.set(service, { rules, isForAll });
    return rules;
  }
}

function indexOf(rules: Rules, namespace: string): HostIndex<MergedRule[]> {
  let index = rules.get(namespace);
  if (index === undefined) rules.set(namespace, index = new HostIndex());
  return index;
}

function fileUnder(index: HostIndex<MergedRule[]>, rule: DestinationRule): void {
  const list = index.get(rule.host);
  if (list === undefined) index.set(rule.host, [new MergedRule(rule)]);
  else mergeInto(list, rule);
}
