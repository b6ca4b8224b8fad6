import { MeshObject } from './object';
import { ResolvedMeshSettings } from './settings';

/** What the model is told: the objects of the input and the facts of the mesh. */
export interface MeshFacts {
  readonly settings: ResolvedMeshSettings;
  /** The objects of a kind, given as `<api group>/<kind>`. */
  ofKind(key: string): readonly MeshObject[];
}

/** The namespace in which an object ends up: `kubectl apply` puts what names none into `default`. */
export function namespaceOf(object: MeshObject): string {
  return object.namespace || 'default';
}

/**
 * The objects of a kind as a cluster would hold them: of two manifests of one
 * identity only the last one applied is left.
 */
export function inCluster(facts: MeshFacts, kind: string): readonly MeshObject[] {
  const objects = facts.ofKind(kind);
  // Where no name comes twice, no identity does, and that is cheap to see.
  const names = new Set<string>();
  for (const { name } of objects) names.add(name);
  if (names.size === objects.length) return objects;
  const byNamespace = new Map<string, Map<string, MeshObject>>();
  let count = 0;
  for (const object of objects) {
    const namespace = namespaceOf(object);
    let inNamespace = byNamespace.get(namespace);
    if (inNamespace === undefined) byNamespace.set(namespace, inNamespace = new Map());
    inNamespace.set(object.name, object);
  }
  for (const inNamespace of byNamespace.values()) count += inNamespace.size;
  return count === objects.length ? objects : [...byNamespace.values()].flatMap(inNamespace => [...inNamespace.values()]);
}
