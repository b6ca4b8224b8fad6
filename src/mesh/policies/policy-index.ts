import { byAge } from '../age';
import { inClusterUnordered, MeshFacts, namespaceOf } from '../facts';
import { Kinds } from '../kinds';
import { SelectorIndex, selectorKey } from '../labels';
import { MeshObject } from '../object';
import { PeerAuthentication, peerAuthentication } from './peer-authentication';
import { Workload } from '../workloads/workload';

/** The policies of one namespace. */
export class NamespacePolicies {
  /** The oldest policy without a selector, which is the only one of them that has any effect on sidecars. */
  readonly first: PeerAuthentication | undefined;
  /** Those with a selector. Of several with the same selector only the oldest is here, as no other can ever win. */
  readonly selecting: SelectorIndex<PeerAuthentication>;
  private ordered?: readonly PeerAuthentication[];

  constructor(private readonly objects: readonly MeshObject[]) {
    // In its full length: a list that grows takes several times its room.
    const selecting = new Array<PeerAuthentication>(objects.length);
    let count = 0;
    let first: PeerAuthentication | undefined;
    for (let i = 0; i < objects.length; i++) {
      const policy = peerAuthentication(objects[i]);
      if (policy.selector.length > 0) selecting[count++] = policy;
      else if (first === undefined || byAge(policy, first) < 0) first = policy;
    }
    selecting.length = count;
    this.first = first;
    this.selecting = new SelectorIndex(withEffect(selecting), selectorIn, byAge);
  }

  /** The policies without a selector, in the order in which they win. */
  get general(): readonly PeerAuthentication[] {
    return this.ordered ??= this.objects.map(peerAuthentication).filter(({ selector }) => selector.length === 0).sort(byAge);
  }
}

function selectorIn({ selector }: PeerAuthentication): PeerAuthentication['selector'] {
  return selector;
}

const NONE = new NamespacePolicies([]);

/** Finds the policies of a workload without trying every policy. */
export class PolicyIndex {
  private readonly objects = new Map<string, MeshObject[]>();
  private readonly byNamespace = new Map<string, NamespacePolicies>();

  constructor(facts: MeshFacts) {
    for (const object of inClusterUnordered(facts, Kinds.PEER_AUTHENTICATION)) {
      const namespace = namespaceOf(object);
      const list = this.objects.get(namespace);
      if (list === undefined) this.objects.set(namespace, [object]);
      else list.push(object);
    }
  }

  /** The policies of a namespace, which are read when the first workload there asks. */
  of(namespace: string): NamespacePolicies {
    let policies = this.byNamespace.get(namespace);
    if (policies === undefined) {
      const objects = this.objects.get(namespace);
      this.byNamespace.set(namespace, policies = objects === undefined ? NONE : new NamespacePolicies(objects));
    }
    return policies;
  }

  /** The oldest policy of its namespace that selects a workload. */
  selecting(workload: Pick<Workload, 'namespace' | 'label' | 'eachLabel'>): PeerAuthentication | undefined {
    const { selecting } = this.of(workload.namespace);
    return selecting.isEmpty ? undefined : selecting.first(workload);
  }
}

/** Of the policies with one selector, the oldest. The index finds out by itself for selectors of one pair. */
function withEffect(policies: readonly PeerAuthentication[]): readonly PeerAuthentication[] {
  let oldest: Map<string, PeerAuthentication> | undefined;
  for (const policy of policies) {
    if (policy.selector.length < 2) continue;
    oldest ??= new Map();
    const key = selectorKey(policy.selector);
    const other = oldest.get(key);
    if (other === undefined || byAge(policy, other) < 0) oldest.set(key, policy);
  }
  return oldest === undefined ? policies : [...policies.filter(({ selector }) => selector.length < 2), ...oldest.values()];
}
