import { byIdentity, MeshObject } from './object';
import { ResolvedMeshSettings } from './settings';

/** All objects of the input with the facts of the mesh: what rules look at. */
export class Mesh {
  /** Every object, ordered by identity, so that no answer depends on the order of the input. */
  readonly objects: readonly MeshObject[];
  private readonly byKey = new Map<string, MeshObject[]>();

  constructor(objects: readonly MeshObject[], readonly settings: ResolvedMeshSettings) {
    this.objects = [...objects].sort(byIdentity);
    for (const object of this.objects) {
      const list = this.byKey.get(object.key);
      if (list) {
        list.push(object);
      } else {
        this.byKey.set(object.key, [object]);
      }
    }
  }

  /** The objects of a kind, given as `<api group>/<kind>`. */
  ofKind(key: string): readonly MeshObject[] {
    return this.byKey.get(key) ?? [];
  }
}
