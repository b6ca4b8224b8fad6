import { byAge } from '../age';
import { inClusterUnordered, MeshFacts, namespaceOf } from '../facts';
import { onlyKey } from '../json';
import { Kinds } from '../kinds';
import { SelectorIndex, selectorKey, selectsAll } from '../labels';
import { PeerAuthentication, peerAuthentication } from './peer-authentication';
import { Workload } from '../workloads/workload';

/** The policies of one namespace. */
export class NamespacePolicies {
  private readonly index = new SelectorIndex<PeerAuthentication>([], selectorIn, byAge);
  /** Those with selectors of several pairs until they are filed: the oldest by selector. */
  private several?: Map<string, PeerAuthentication>;
  private oldest?: PeerAuthentication;

  /** @param ordered the policies without a selector, in the order in which they win */
  constructor(private readonly ordered: () => readonly PeerAuthentication[] = () => []) {}

  add(policy: PeerAuthentication): void {
    const { selector } = policy;
    if (onlyKey(selector) !== undefined) {
      this.index.add(policy);
    } else if (selectsAll(selector)) {
      if (this.oldest === undefined || byAge(policy, this.oldest) < 0) this.oldest = policy;
    } else {
      const several = this.several ??= new Map<string, PeerAuthentication>();
      const key = selectorKey(selector);
      const other = several.get(key);
      if (other === undefined || byAge(policy, other) < 0) several.set(key, policy);
    }
  }

  /** The oldest policy without a selector, which is the only one of them that has any effect on sidecars. */
  get first(): PeerAuthentication | undefined {
    return this.oldest;
  }

  /** Those with a selector. Of several with the same pairs only the oldest is here, as no other can ever win. */
  get selecting(): SelectorIndex<PeerAuthentication> {
    this.several?.forEach(policy => this.index.add(policy));
    this.several = undefined;
    return this.index;
  }

  /** The policies without a selector, in the order in which they win. */
  get general(): readonly PeerAuthentication[] {
    return this.ordered();
  }
}

function selectorIn({ selector }: PeerAuthentication): PeerAuthentication['selector'] {
  return selector;
}

const NONE = new NamespacePolicies();

/** Finds the policies of a workload without trying every policy. */
export class PolicyIndex {
  private byNamespace?: ReadonlyMap<string, NamespacePolicies>;
  private general?: ReadonlyMap<string, readonly PeerAuthentication[]>;

  constructor(private readonly facts: MeshFacts) {}

  /** The policies of a namespace. All are read when the first workload asks, as they come: in any other order memory is much slower. */
  of(namespace: string): NamespacePolicies {
    return (this.byNamespace ??= this.read()).get(namespace) ?? NONE;
  }

  /** The oldest policy of its namespace that selects a workload. */
  selecting(workload: Pick<Workload, 'namespace' | 'label' | 'eachLabel'>): PeerAuthentication | undefined {
    const { selecting } = this.of(workload.namespace);
    return selecting.isEmpty ? undefined : selecting.first(workload);
  }

  private read(): ReadonlyMap<string, NamespacePolicies> {
    const byNamespace = new Map<string, NamespacePolicies>();
    for (const object of inClusterUnordered(this.facts, Kinds.PEER_AUTHENTICATION)) {
      const namespace = namespaceOf(object);
      let policies = byNamespace.get(namespace);
      if (policies === undefined) byNamespace.set(namespace, policies = new NamespacePolicies(() => this.generalIn(namespace)));
      policies.add(peerAuthentication(object));
    }
    return byNamespace;
  }

  private generalIn(namespace: string): readonly PeerAuthentication[] {
    this.general ??= generalByNamespace(this.facts);
    return this.general.get(namespace) ?? [];
  }
}

function generalByNamespace(facts: MeshFacts): ReadonlyMap<string, readonly PeerAuthentication[]> {
  const byNamespace = new Map<string, PeerAuthentication[]>();
  for (const object of inClusterUnordered(facts, Kinds.PEER_AUTHENTICATION)) {
    const policy = peerAuthentication(object);
    if (!selectsAll(policy.selector)) continue;
    const list = byNamespace.get(policy.namespace);
    if (list === undefined) byNamespace.set(policy.namespace, [policy]);
    else list.push(policy);
  }
  byNamespace.forEach(list => list.sort(byAge));
  return byNamespace;
}
