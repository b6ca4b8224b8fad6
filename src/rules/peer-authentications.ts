import { RuleContext } from './rule';
import { Aged, byAge as byAgeOf, createdAt } from '../mesh/age';
import { asObject, asText, isEmpty, own, textEntries } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { compareText, MeshObject } from '../mesh/object';

/** The labels that a policy selects, as `key=value`; empty for a policy of a namespace or of the mesh. */
export function selectorLabels(policy: MeshObject): string[] {
  return textEntries(matchLabels(policy)).map(([key, value]) => `${key}=${value}`).sort(compareText);
}

/** Whether a policy is for single workloads: an empty selector counts as none. */
export function hasSelector(policy: MeshObject): boolean {
  const labels = asObject(matchLabels(policy));
  return labels !== undefined && !isEmpty(labels);
}

function matchLabels(policy: MeshObject): unknown {
  return own(own(policy.spec, 'selector'), 'matchLabels');
}

/** The mode that a policy sets; `UNSET`, which inherits, where it sets none. */
export function modeOf(policy: MeshObject): string {
  return asText(own(own(policy.spec, 'mtls'), 'mode')) ?? 'UNSET';
}

/** Whether a policy says something about single ports. */
export function hasPortLevels(policy: MeshObject): boolean {
  return !isEmpty(asObject(own(policy.spec, 'portLevelMtls')) ?? {});
}

/** Whether a policy sets neither a mode nor a port, so that it changes nothing by itself. */
export function setsNothing(policy: MeshObject): boolean {
  return modeOf(policy) === 'UNSET' && !hasPortLevels(policy);
}

/** Whether a policy says in so many words that it inherits. */
export function inheritsExplicitly(policy: MeshObject): boolean {
  return asText(own(own(policy.spec, 'mtls'), 'mode')) === 'UNSET';
}

/** The policies without a selector that the API server takes, by namespace, the one that wins first. */
export function scopes(context: RuleContext): ReadonlyMap<string, readonly MeshObject[]> {
  return context.once(scopes, () => {
    const byNamespace = new Map<string, Map<string, MeshObject>>();
    for (const object of context.ofKind(Kinds.PEER_AUTHENTICATION)) {
      if (!hasSelector(object) && context.acceptance(object)?.accepted) {
        const scope = byNamespace.get(object.namespace) ?? new Map<string, MeshObject>();
        // Two manifests of one identity are one object in the cluster; MTLS503 speaks about those.
        scope.set(object.identity, object);
        byNamespace.set(object.namespace, scope);
      }
    }
    return new Map([...byNamespace].map(([namespace, scope]) => [namespace, [...scope.values()].sort(byAge)]));
  });
}

/** The order in which istiod lets policies win: the oldest first, then by name. */
function byAge(a: MeshObject, b: MeshObject): number {
  return byAgeOf(aged(a), aged(b));
}

function aged(object: MeshObject): Aged {
  return { object, createdAt: createdAt(object), namespace: object.namespace };
}
