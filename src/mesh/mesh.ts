import { MeshFacts, namespaceOf, repeats } from './facts';
import { Kinds } from './kinds';
import { MeshModel } from './model';
import { byIdentity, compareText, MeshObject } from './object';
import { ResolvedMeshSettings } from './settings';
import { asksForAmbient } from './workloads/data-plane';
import { POD_KINDS } from './workloads/pod-template';

/** All objects of the input with the facts of the mesh: what rules look at. */
export class Mesh implements MeshFacts {
  /** Whether an app writes objects to files of their own. */
  readonly writesFiles: boolean;
  private sorted?: readonly MeshObject[];
  private answers?: MeshModel;
  private answersIfInjected?: MeshModel;
  private readonly unsorted = new Map<string, MeshObject[]>();
  private readonly byKey = new Map<string, readonly MeshObject[]>();

  private facts?: ResolvedMeshSettings;

  constructor(private readonly given: readonly MeshObject[], private readonly stated: ResolvedMeshSettings, private readonly base?: Mesh) {
    let writesFiles = false;
    let start = 0;
    for (let i = 0; i < given.length; i++) {
      writesFiles ||= given[i].origin.outputFile !== undefined;
      if (given[i].key === given[start].key) continue;
      this.file(start, i);
      start = i;
    }
    if (given.length > 0) this.file(start, given.length);
    this.writesFiles = writesFiles;
  }

  /** Files objects of one kind that follow each other, which they mostly do. */
  private file(start: number, end: number): void {
    const { key } = this.given[start];
    const list = this.unsorted.get(key);
    if (list === undefined) {
      this.unsorted.set(key, this.given.slice(start, end));
    } else {
      for (let i = start; i < end; i++) list.push(this.given[i]);
    }
  }

  /** The facts of the mesh. A Namespace or a pod that asks for ambient shows that there is ambient, where nobody has said otherwise. */
  get settings(): ResolvedMeshSettings {
    if (this.facts === undefined) {
      const { stated } = this;
      const isAmbient = stated.isAmbientOpen && AMBIENT_KINDS.some(kind => this.inAnyOrder(kind).some(asksForAmbient));
      this.facts = isAmbient ? { ...stated, ambient: true, sidecarHbone: stated.isHboneOpen || stated.sidecarHbone } : stated;
    }
    return this.facts;
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
    for (const [key, list] of this.unsorted) {
      // Sorting costs more than looking, and most kinds are read by nobody.
      if (!this.byKey.has(key) && !repeats(list)) continue;
      let last: MeshObject | undefined;
      let group: MeshObject[] | undefined;
      for (const object of this.ofKind(key)) {
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
    let objects = this.byKey.get(key);
    if (objects === undefined) {
      this.byKey.set(key, objects = inOrder(this.unsorted.get(key) ?? []));
    }
    return objects;
  }

  /** The same as they come, unless somebody has put them in order. */
  inAnyOrder(key: string): readonly MeshObject[] {
    return this.byKey.get(key) ?? this.unsorted.get(key) ?? NONE;
  }
}

const NONE: readonly MeshObject[] = [];

/** Namespaces first: they are few, and nearly always tell. */
const AMBIENT_KINDS = [Kinds.NAMESPACE, ...POD_KINDS];

/** Many short lists are sorted faster than one long one. */
function inOrder(objects: readonly MeshObject[]): readonly MeshObject[] {
  if (objects.length < 2) return objects;
  const byNamespace = new Map<string, MeshObject[]>();
  let start = 0;
  for (let i = 1; i <= objects.length; i++) {
    // Those of a namespace mostly follow each other.
    if (i < objects.length && namespaceOf(objects[i]) === namespaceOf(objects[start])) continue;
    const namespace = namespaceOf(objects[start]);
    const list = byNamespace.get(namespace);
    if (list === undefined) byNamespace.set(namespace, objects.slice(start, i));
    else for (let j = start; j < i; j++) list.push(objects[j]);
    start = i;
  }
  const sorted = new Array<MeshObject>(objects.length);
  let place = 0;
  for (const namespace of [...byNamespace.keys()].sort(compareText)) {
    for (const object of sortObjects(byNamespace.get(namespace)!)) sorted[place++] = object;
  }
  return sorted;
}

/** Sorts a list in place. Clusters and folders list objects by name, and to see that takes less than to sort them once more. */
function sortObjects(objects: MeshObject[]): MeshObject[] {
  for (let i = 1; i < objects.length; i++) {
    if (byIdentity(objects[i - 1], objects[i]) > 0) return objects.sort(byIdentity);
  }
  return objects;
}
