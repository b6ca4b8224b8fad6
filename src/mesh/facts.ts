import { MeshObject } from './object';
import { ResolvedMeshSettings } from './settings';

/** What the model is told: the objects of the input and the facts of the mesh. */
export interface MeshFacts {
  readonly settings: ResolvedMeshSettings;
  /** The objects of a kind, given as `<api group>/<kind>`: those of a namespace together, ordered by name, the one applied last at the end. */
  ofKind(key: string): readonly MeshObject[];
  /** The same in any order, for those who put only the few in order that compete with each other. */
  inAnyOrder(key: string): readonly MeshObject[];
}

/** The namespace in which an object ends up: `kubectl apply` puts what names none into `default`. */
export function namespaceOf(object: MeshObject): string {
  return object.namespace || 'default';
}

/**
 * The objects of a kind as a cluster would hold them: of two manifests of one
 * identity only the last one applied is left.
 */
export function inCluster(facts: Pick<MeshFacts, 'ofKind'>, kind: string): readonly MeshObject[] {
  const objects = facts.ofKind(kind);
  // Those of one identity follow each other.
  const isReplaced = (object: MeshObject, index: number): boolean => {
    const next = objects[index + 1];
    return next !== undefined && next.name === object.name && namespaceOf(next) === namespaceOf(object);
  };
  return objects.some(isReplaced) ? objects.filter((object, index) => !isReplaced(object, index)) : objects;
}

/** The same in any order. */
export function inClusterUnordered(facts: MeshFacts, kind: string): readonly MeshObject[] {
  const objects = facts.inAnyOrder(kind);
  return repeats(objects) ? inCluster(facts, kind) : objects;
}

/** Whether two of some objects of one kind have the same namespace and name. */
export function repeats(objects: readonly MeshObject[]): boolean {
  const byNamespace = new Map<string, Set<string>>();
  for (const object of objects) {
    const namespace = namespaceOf(object);
    let names = byNamespace.get(namespace);
    if (names === undefined) byNamespace.set(namespace, names = new Set());
    if (names.size === names.add(object.name).size) return true;
  }
  return false;
}
