import { MeshFacts, VisitPart } from './facts';
import { Kinds } from './kinds';
import { MeshModel } from './model';
import { byIdentity, MeshObject } from './object';
import { ObjectsOfKind } from './objects-of-kind';
import { openSettings, ResolvedMeshSettings } from './settings';
import { asksForAmbient } from './workloads/data-plane';
import { POD_KINDS } from './workloads/pod-template';

/** All objects of the input with the facts of the mesh: what rules look at. */
export class Mesh implements MeshFacts {
  /** Whether an app writes objects to files of their own. */
  readonly writesFiles: boolean;
  private sorted?: readonly MeshObject[];
  private answers?: MeshModel;
  private answersIfInjected?: MeshModel;
  private readonly kinds = new Map<string, ObjectsOfKind>();
  private facts?: ResolvedMeshSettings;

  constructor(private readonly given: readonly MeshObject[], private readonly stated: ResolvedMeshSettings, private readonly base?: Mesh) {
    let writesFiles = false;
    let start = 0;
    for (let i = 0; i <= given.length; i++) {
      if (i < given.length) {
        writesFiles ||= given[i].origin.outputFile !== undefined;
        if (given[i].key === given[start].key) continue;
      }
      if (i > start) this.file(start, i);
      start = i;
    }
    this.writesFiles = writesFiles;
  }

  /** Files objects of one kind that follow each other, which they mostly do. */
  private file(start: number, end: number): void {
    const { key } = this.given[start];
    let objects = this.kinds.get(key);
    if (objects === undefined) this.kinds.set(key, objects = new ObjectsOfKind(this.given));
    objects.add(start, end);
  }

  /** The facts of the mesh. A Namespace or a pod that asks for ambient shows that there is ambient, where nobody has said otherwise. */
  get settings(): ResolvedMeshSettings {
    return this.facts ??= this.stated.isAmbientOpen
      ? openSettings(this.stated, () => AMBIENT_KINDS.some(kind => this.kinds.get(kind)?.some(asksForAmbient)))
      : this.stated;
  }

  /** Every object, ordered by identity, so that no answer depends on the order of the input. */
  get objects(): readonly MeshObject[] {
    return this.sorted ??= [...this.given].sort(byIdentity);
  }

  /**
   * What Istio does if all Namespaces that are not in the input give their pods
   * sidecars; undefined where no workload hangs on such a Namespace.
   */
  get modelIfInjected(): MeshModel | undefined {
    const { settings, model } = this;
    if (!settings.openWorld || !model.inventory.workloads.some(({ dataPlane }) => dataPlane.value === 'unknown')) return undefined;
    return this.answersIfInjected ??= new MeshModel({
      settings: { ...settings, isUnknownInjected: true },
      ofKind: key => this.ofKind(key),
      inAnyOrder: key => this.inAnyOrder(key),
      byNamespace: (key, visit) => this.byNamespace(key, visit),
    });
  }

  /** The objects that carry an annotation, ordered by identity. */
  annotated(name: string): readonly MeshObject[] {
    const found = this.given.filter(object => object.annotation(name) !== undefined);
    return found.length > 1 ? found.sort(byIdentity) : found;
  }

  /** The objects that share kind, namespace and name with others, each group ordered by version and place. */
  namesakes(): readonly (readonly MeshObject[])[] {
    const groups: MeshObject[][] = [];
    for (const objects of this.kinds.values()) {
      // Sorting costs more than looking, and most kinds are read by nobody.
      if (!objects.mayRepeat) continue;
      let last: MeshObject | undefined;
      let group: MeshObject[] | undefined;
      for (const object of objects.inOrder) {
        if (last !== undefined && last.name === object.name && last.namespace === object.namespace) {
          if (group === undefined) groups.push(group = [last]);
          group.push(object);
        } else {
          group = undefined;
        }
        last = object;
      }
    }
    return groups;
  }

  /** What Istio does with these objects; worked out when it is first asked. */
  get model(): MeshModel {
    return this.answers ??= new MeshModel(this, this.base?.model);
  }

  /**
   * The same mesh with other PeerAuthentications. Who there is and who calls whom
   * does not hang on them, so it is not read once more, and workloads and services
   * of the two meshes are the same ones.
   */
  withPolicies(policies: readonly MeshObject[]): Mesh {
    return new Mesh([...this.given.filter(({ key }) => key !== Kinds.PEER_AUTHENTICATION), ...policies], this.stated, this);
  }

  /** The objects of a kind, given as `<api group>/<kind>`: those of a namespace together, ordered by identity. */
  ofKind(key: string): readonly MeshObject[] {
    return this.kinds.get(key)?.inOrder ?? NONE;
  }

  /** The same, those of a namespace as soon as they are in order. */
  byNamespace(key: string, visit: VisitPart): void {
    this.kinds.get(key)?.byNamespace(visit);
  }

  /** The same as they come, unless somebody has put them in order. */
  inAnyOrder(key: string): readonly MeshObject[] {
    return this.kinds.get(key)?.inAnyOrder ?? NONE;
  }
}

const NONE: readonly MeshObject[] = [];

/** Namespaces first: they are few, and nearly always tell. */
const AMBIENT_KINDS = [Kinds.NAMESPACE, ...POD_KINDS];
