import { byAge } from '../age';
import { inClusterUnordered, MeshFacts } from '../facts';
import { Kinds } from '../kinds';
import { isSelected, Labelled } from '../labels';
import { byIdentity, compareText } from '../object';
import { DestinationRule, destinationRule, MergedRule, NamespaceRules } from './destination-rule';
import { HostIndex } from './host-index';
import { HostRules, NO_LABELS, RuleScope, select } from './host-rules';
import { changesTls } from './traffic-policy';
import { Service } from '../services/service';

/** What the sidecars of a namespace find for a service whose pods no rule selects. */
export type NamespaceRule = Pick<NamespaceRules, 'namespace' | 'rule'>;

const NOBODY: readonly NamespaceRule[] = [];
const NO_RULES: readonly MergedRule[] = [];
const NOT_SELECTED: readonly DestinationRule[] = [];

/** What is known of a service: the rules for its host, the most specific first, and what most of its clients find. */
interface Known {
  readonly hosts: readonly HostRules[];
  /** What those find to whose namespaces nothing is exported by name; undefined until it is asked for. */
  common?: readonly MergedRule[];
}

/** Finds the DestinationRules of a client without trying every rule. */
export class RuleIndex {
  private readonly scope: RuleScope;
  private readonly rules: DestinationRule[];
  private readonly byHost = new HostIndex<HostRules>();
  private readonly known = new Map<Service, Known>();
  private isOrdered = false;
  /** Room for the exceptions that are being put together. */
  private readonly found: NamespaceRule[] = [];
  private namespaces?: ReadonlySet<string>;
  /** The rules that are for single workloads, by namespace; undefined until they are asked for. */
  private forSome?: ReadonlyMap<string, readonly DestinationRule[]>;
  /** By host, the rules that say something of TLS or of PASSTHROUGH; undefined until it is asked for. */
  private meddling?: HostIndex<DestinationRule>;

  constructor(facts: MeshFacts) {
    const { rootNamespace, exportDestinationRules, clusterDomain } = facts.settings;
    this.scope = { rootNamespace, exportsByDefault: exportDestinationRules };
    const objects = inClusterUnordered(facts, Kinds.DESTINATION_RULE);
    // In its full length: a list that grows takes several times its room.
    this.rules = new Array<DestinationRule>(objects.length);
    let count = 0;
    for (let i = 0; i < objects.length; i++) {
      const rule = destinationRule(objects[i], clusterDomain);
      if (rule === undefined) continue;
      this.rules[count++] = rule;
      const others = this.byHost.get(rule.host);
      if (others === undefined) this.byHost.set(rule.host, new HostRules(rule));
      else others.add(rule);
    }
    this.rules.length = count;
  }

  /** Every rule, ordered by namespace and name. */
  get all(): readonly DestinationRule[] {
    if (!this.isOrdered) {
      this.rules.sort((a, b) => compareText(a.namespace, b.namespace) || byIdentity(a.object, b.object));
      this.isOrdered = true;
    }
    return this.rules;
  }

  /** The rule for a client's calls to a service. */
  find(client: Labelled, clientNamespace: string, service: Service): MergedRule | undefined {
    const { hosts } = this.about(service);
    for (let i = 0; i < hosts.length; i++) {
      const rules = hosts[i].of(clientNamespace, this.scope);
      if (rules?.hasOwn === true) return select(client, clientNamespace, rules.own);
    }
    return select(client, clientNamespace, this.fromOthers(clientNamespace, service));
  }

  /** What the sidecars find in whose namespaces there is no rule for a service, and to which nothing is exported by name. */
  findForOthers(service: Service): MergedRule | undefined {
    return select(NO_LABELS, '', this.fromOthers('', service));
  }

  /** What the sidecars of all other namespaces find. */
  exceptions(service: Service): readonly NamespaceRule[] {
    const { hosts } = this.about(service);
    const { found } = this;
    let count = 0;
    // Of two hosts it is cheap to look into the first; of hundreds it is not.
    const names = hosts.length > 2 ? new Set<string>() : undefined;
    for (let i = 0; i < hosts.length; i++) {
      for (const group of hosts[i].byNamespace(this.scope)) {
        // The most specific host of a namespace comes first.
        if (!group.hasOwn || (names?.has(group.namespace) ?? this.isFoundBefore(group.namespace, hosts, i))) continue;
        names?.add(group.namespace);
        found[count++] = group;
      }
    }
    // Where all clients may use what most of them find, no namespace finds anything else for being named.
    this.fromOthers('', service);
    for (const namespace of (this.about(service).common === undefined ? this.namedIn(service) : undefined) ?? NO_NAMES) {
      if (this.isFoundBefore(namespace, hosts, hosts.length)) continue;
      found[count++] = { namespace, rule: select(NO_LABELS, namespace, this.fromOthers(namespace, service)) };
    }
    return count === 0 ? NOBODY : found.slice(0, count);
  }

  /** Whether the clients of a namespace find a rule of their own under one of the first hosts. */
  private isFoundBefore(namespace: string, hosts: readonly HostRules[], count: number): boolean {
    for (let i = 0; i < count; i++) {
      if (hosts[i].of(namespace, this.scope)?.hasOwn === true) return true;
    }
    return false;
  }

  /** The namespaces that the exports of the rules for a service name. */
  private namedIn(service: Service): ReadonlySet<string> | undefined {
    let names: Set<string> | undefined;
    for (let i = 0; i < PROVIDERS; i++) {
      for (const { first: { exportTo } } of this.exportedBy(i, service)) {
        if (exportTo.size === 0) continue;
        for (const item of exportTo) {
          if (item !== '*' && item !== '.') (names ??= new Set()).add(item);
        }
      }
    }
    return names;
  }

  /** Whether no rule, wherever it stands, says anything of TLS or of PASSTHROUGH for a host. */
  leavesAlone(host: string): boolean {
    if (this.meddling === undefined) {
      this.meddling = new HostIndex();
      for (const rule of this.rules) {
        if (meddles(rule)) this.meddling.set(rule.host, rule);
      }
    }
    return this.meddling.mostSpecific(host) === undefined;
  }

  /** All rules for a service that a client's namespace comes upon, in the order in which they are looked for. Only the first counts. */
  candidates(clientNamespace: string, service: Service): readonly MergedRule[] {
    const of = (namespace: string): readonly NamespaceRules[] => this.about(service).hosts.flatMap(host => host.of(namespace, this.scope) ?? []);
    const found = new Set<MergedRule>(of(clientNamespace).flatMap(({ own }) => own));
    for (const namespace of [service.namespace, this.scope.rootNamespace]) {
      for (const rule of of(namespace).flatMap(({ exported }) => exported)) {
        if (rule.first.isExportedTo(clientNamespace)) found.add(rule);
      }
    }
    return [...found];
  }

  /** The rules of a client's namespace that are for its labels. */
  selecting(client: Labelled, clientNamespace: string): readonly DestinationRule[] {
    this.forSome ??= selectiveRules(this.rules);
    return this.forSome.get(clientNamespace)?.filter(({ workloadSelector }) => isSelected(client, workloadSelector!)) ?? NOT_SELECTED;
  }

  /**
   * What a service's namespace gives to clients without a rule of their own, else
   * the root namespace (`destinationRule` in pilot/pkg/model/push_context.go). The
   * first namespace with a match ends the search; nothing is merged across
   * namespaces.
   */
  private fromOthers(clientNamespace: string, service: Service): readonly MergedRule[] {
    const known = this.about(service);
    if (known.common !== undefined) return known.common;
    let isForAll = true;
    let rules = NO_RULES;
    for (let i = 0; i < PROVIDERS && rules.length === 0; i++) {
      rules = this.exportedBy(i, service);
      if (rules.every(({ first }) => first.isPublic)) continue;
      isForAll = false;
      rules = exportedTo(clientNamespace, rules);
    }
    if (isForAll) known.common = rules;
    return rules;
  }

  /** What the service's namespace (0) or the root namespace (1) exports for the most specific host. */
  private exportedBy(provider: number, service: Service): readonly MergedRule[] {
    const { hosts } = this.about(service);
    const namespace = provider === 0 ? service.namespace : this.scope.rootNamespace;
    // Hundreds of wildcards can cover a host, of a namespace that is neither of the two.
    if (hosts.length > FEW && !(this.namespaces ??= new Set(this.rules.map(rule => rule.namespace))).has(namespace)) return NO_RULES;
    for (let i = 0; i < hosts.length; i++) {
      const exported = hosts[i].of(namespace, this.scope)?.exported ?? NO_RULES;
      if (exported.length > 0) return exported;
    }
    return NO_RULES;
  }

  private about(service: Service): Known {
    let known = this.known.get(service);
    if (known === undefined) this.known.set(service, known = { hosts: this.byHost.covering(service.host), common: undefined });
    return known;
  }
}

function exportedTo(namespace: string, rules: readonly MergedRule[]): readonly MergedRule[] {
  return rules.filter(({ first }) => first.isExportedTo(namespace));
}

const PROVIDERS = 2;
const FEW = 8;
const NO_NAMES: ReadonlySet<string> = new Set();

/** Whether a rule can change what auto mTLS would do by itself. */
function meddles({ policy, subsets }: DestinationRule): boolean {
  return changesTls(policy) || subsets.some(subset => changesTls(subset.policy));
}

function selectiveRules(rules: readonly DestinationRule[]): ReadonlyMap<string, readonly DestinationRule[]> {
  const byNamespace = new Map<string, DestinationRule[]>();
  for (const rule of rules) {
    if (rule.workloadSelector === undefined) continue;
    const list = byNamespace.get(rule.namespace);
    if (list === undefined) byNamespace.set(rule.namespace, [rule]);
    else list.push(rule);
  }
  byNamespace.forEach(list => list.sort(byAge));
  return byNamespace;
}
