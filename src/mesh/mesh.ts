import { MeshFacts } from './facts';
import { MeshModel } from './model';
import { byIdentity, MeshObject } from './object';
import { ResolvedMeshSettings } from './settings';

/** All objects of the input with the facts of the mesh: what rules look at. */
export class Mesh implements MeshFacts {
  /** Every object, ordered by identity, so that no answer depends on the order of the input. */
  readonly objects: readonly MeshObject[];
  private answers?: MeshModel;
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

  /** What Istio does with these objects; worked out when it is first asked. */
  get model(): MeshModel {
    return this.answers ??= new MeshModel(this);
  }

  /** The objects of a kind, given as `<api group>/<kind>`. */
  ofKind(key: string): readonly MeshObject[] {
    return this.byKey.get(key) ?? [];
  }
}
