import { byCreation } from '../age';
import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { Kinds } from '../kinds';
import { SelectorIndex, selectorKey } from '../labels';
import { MeshObject } from '../object';
import { PeerAuthentication, peerAuthentication } from './peer-authentication';
import { Workload } from '../workloads/workload';

/** The policies of one namespace, in the order in which they win. */
export interface NamespacePolicies {
  /** The policies without a selector; only the first has any effect on sidecars. */
  readonly general: readonly PeerAuthentication[];
  /** Those with one. Of several with the same selector only the first can ever win. */
  readonly selecting: SelectorIndex<PeerAuthentication>;
}

const NONE: NamespacePolicies = { general: [], selecting: new SelectorIndex<PeerAuthentication>([], () => []) };

/** Finds the policies of a workload without trying every policy. */
export class PolicyIndex {
  private readonly objects = new Map<string, MeshObject[]>();
  private readonly byNamespace = new Map<string, NamespacePolicies>();

  constructor(facts: MeshFacts) {
    for (const object of inCluster(facts, Kinds.PEER_AUTHENTICATION)) {
      const namespace = namespaceOf(object);
      const list = this.objects.get(namespace);
      if (list === undefined) this.objects.set(namespace, [object]);
      else list.push(object);
    }
  }

  /** The policies of a namespace, which are read when the first workload there asks. */
  of(namespace: string): NamespacePolicies {
    let policies = this.byNamespace.get(namespace);
    if (policies === undefined) this.byNamespace.set(namespace, policies = this.read(namespace));
    return policies;
  }

  private read(namespace: string): NamespacePolicies {
    const objects = this.objects.get(namespace);
    if (objects === undefined) return NONE;
    const policies = objects.map(peerAuthentication).sort(byCreation);
    return {
      general: policies.filter(({ selector }) => selector.length === 0),
      selecting: new SelectorIndex(withEffect(policies), ({ selector }) => selector),
    };
  }

  /** The oldest policy of its namespace that selects a workload. */
  selecting(workload: Pick<Workload, 'namespace' | 'label' | 'eachLabel'>): PeerAuthentication | undefined {
    const { selecting } = this.of(workload.namespace);
    return selecting.isEmpty ? undefined : selecting.first(workload);
  }
}

/** The policies with a selector that no older one has. The index finds out by itself for selectors of one pair. */
function withEffect(policies: readonly PeerAuthentication[]): PeerAuthentication[] {
  const seen = new Set<string>();
  return policies.filter(({ selector }) => {
    if (selector.length < 2) return selector.length > 0;
    const key = selectorKey(selector);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
