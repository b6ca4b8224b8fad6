import { byAge } from '../age';
import { inClusterUnordered, MeshFacts } from '../facts';
import { Kinds } from '../kinds';
import { isSelected, Labelled } from '../labels';
import { byIdentity, compareText } from '../object';
import { DestinationRule, destinationRule, MergedRule, NamespaceRules } from './destination-rule';
import { HostIndex } from './host-index';
import { HostRules, RuleScope, select } from './host-rules';
import { changesTls } from './traffic-policy';
import { isListed, Service } from '../services/service';

/** What the sidecars of a namespace find for a service whose pods no rule selects. */
export type NamespaceRule = Pick<NamespaceRules, 'namespace' | 'rule'>;

const NOT_SELECTED: readonly DestinationRule[] = [];

/** Finds the DestinationRules of a client without trying every rule. */
export class RuleIndex {
  private readonly scope: RuleScope;
  private readonly rules: DestinationRule[];
  private readonly byHost = new HostIndex<HostRules>();
  /** The rules for the most specific host, by the place of the service; null for none. */
  private readonly about: (HostRules | null | undefined)[];
  /** What those find to whose namespaces nothing is exported by name, by the place of the service; null for none, undefined where somebody else finds something else. */
  private readonly common: (MergedRule | null | undefined)[];
  private isOrdered = false;
  private namespaces?: ReadonlySet<string>;
  /** The rules that are for single workloads, by namespace; undefined until they are asked for. */
  private forSome?: ReadonlyMap<string, readonly DestinationRule[]>;
  /** By host, the rules that say something of TLS or of PASSTHROUGH; undefined until it is asked for. */
  private meddling?: HostIndex<DestinationRule>;

  /** @param services of how many services there will be questions */
  constructor(facts: MeshFacts, services: number) {
    this.about = new Array<HostRules>(services);
    this.common = new Array<MergedRule>(services);
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
    for (let host = this.rulesFor(service); host !== undefined; host = this.wider(host)) {
      const rules = host.of(clientNamespace, this.scope);
      if (rules?.hasOwn === true) return select(client, clientNamespace, rules.own);
    }
    return this.fromOthers(clientNamespace, service);
  }

  /** What the sidecars find in whose namespaces there is no rule for a service, and to which nothing is exported by name. */
  findForOthers(service: Service): MergedRule | undefined {
    return this.fromOthers('', service);
  }

  /** What the sidecars of all other namespaces find. */
  exceptions(service: Service): readonly NamespaceRule[] {
    const rules = this.rulesFor(service);
    const owners = rules === undefined ? NO_OWNERS : this.owners(rules);
    const names = this.namedIn(service);
    if (names === undefined) return owners;
    const taken = new Set(owners.map(({ namespace }) => namespace));
    const named = [...names].filter(namespace => !taken.has(namespace));
    return [...owners, ...named.map(namespace => ({ namespace, rule: this.fromOthers(namespace, service) }))];
  }

  /** The rules of each namespace that has some of its own for a host or a wider one; of several hosts those for the most specific. */
  private owners(rules: HostRules): readonly NamespaceRules[] {
    if (rules.owners === undefined) {
      const wider = this.wider(rules);
      if (wider !== undefined && wider.owners === undefined) this.findOwners(wider);
      rules.owners = this.withWider(rules, wider?.owners ?? NO_OWNERS);
    }
    return rules.owners;
  }

  /** The same for a wildcard, without a call for each wider one: there may be more than the stack has room for. */
  private findOwners(wildcard: HostRules): void {
    const chain: HostRules[] = [];
    let host: HostRules | undefined = wildcard;
    for (; host !== undefined && host.owners === undefined; host = this.wider(host)) chain.push(host);
    let owners = host?.owners ?? NO_OWNERS;
    for (let i = chain.length - 1; i >= 0; i--) owners = chain[i].owners = this.withWider(chain[i], owners);
  }

  private withWider(host: HostRules, wider: readonly NamespaceRules[]): readonly NamespaceRules[] {
    const groups = host.byNamespace(this.scope);
    const own = groups.every(hasOwn) ? groups : groups.filter(hasOwn);
    let more = 0;
    for (let i = 0; i < wider.length; i++) if (!this.isOwner(wider[i].namespace, host)) more++;
    if (more === 0) return own;
    // In its full length: there are as many of these lists as services.
    const all = new Array<NamespaceRules>(own.length + more);
    for (let i = 0; i < own.length; i++) all[i] = own[i];
    let place = own.length;
    for (let i = 0; i < wider.length; i++) if (!this.isOwner(wider[i].namespace, host)) all[place++] = wider[i];
    return all;
  }

  private isOwner(namespace: string, host: HostRules): boolean {
    return host.of(namespace, this.scope)?.hasOwn === true;
  }

  /** The rules for the next wider wildcard that covers a host. */
  private wider(host: HostRules): HostRules | undefined {
    if (host.wider === undefined) host.wider = this.byHost.wider(host.host) ?? null;
    return host.wider ?? undefined;
  }

  /** The namespaces that find something else than the others because the exports of the rules for a service name them. */
  private namedIn(service: Service): ReadonlySet<string> | undefined {
    let names: Set<string> | undefined;
    for (let i = 0; i < PROVIDERS; i++) {
      const rules = this.exportedBy(i, service);
      if (rules?.exportedToAll !== undefined) break; // Here the search ends for everybody who has come so far.
      for (const { first: { exportTo } } of rules?.exported ?? []) {
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
    const hosts: HostRules[] = [];
    for (let host = this.rulesFor(service); host !== undefined; host = this.wider(host)) hosts.push(host);
    const of = (namespace: string): readonly NamespaceRules[] => hosts.flatMap(host => host.of(namespace, this.scope) ?? []);
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
  private fromOthers(clientNamespace: string, service: Service): MergedRule | undefined {
    const common = this.common[service.place];
    if (common !== undefined) return common ?? undefined;
    let isForAll = true;
    let rule: MergedRule | undefined;
    for (let i = 0; i < PROVIDERS && rule === undefined; i++) {
      const rules = this.exportedBy(i, service);
      if (rules === undefined) continue;
      rule = rules.exportedToAll;
      if (rule !== undefined) continue;
      isForAll = false;
      for (const one of rules.exported) if (one.first.isExportedTo(clientNamespace)) rule = one; // The last one wins, as in `select`.
    }
    if (isForAll && isListed(service)) this.common[service.place] = rule ?? null;
    return rule;
  }

  /** Where the service's namespace (0) or the root namespace (1) exports something for the host: the rules for the most specific one. */
  private exportedBy(provider: number, service: Service): NamespaceRules | undefined {
    const namespace = provider === 0 ? service.namespace : this.scope.rootNamespace;
    let steps = 0;
    for (let host = this.rulesFor(service); host !== undefined; host = this.wider(host)) {
      const rules = host.of(namespace, this.scope);
      if (rules !== undefined && (rules.exportedToAll !== undefined || rules.exported.length > 0)) return rules;
      // Hundreds of wildcards can cover a host, of a namespace that is neither of the two.
      if (++steps === FEW && !(this.namespaces ??= new Set(this.rules.map(one => one.namespace))).has(namespace)) break;
    }
    return undefined;
  }

  /** The rules for the most specific host that covers a service's. */
  private rulesFor(service: Service): HostRules | undefined {
    const known = this.about[service.place];
    if (known !== undefined) return known ?? undefined;
    const rules = this.byHost.mostSpecific(service.host);
    if (isListed(service)) this.about[service.place] = rules ?? null;
    return rules;
  }
}

const PROVIDERS = 2;
const FEW = 8;
const NO_OWNERS: readonly NamespaceRules[] = [];

function hasOwn(rules: NamespaceRules): boolean {
  return rules.hasOwn;
}

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
