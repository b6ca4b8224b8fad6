import { namespaceOf } from '../mesh/facts';
import { asObject, JsonObject, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
import { findMeshConfig } from '../mesh/mesh-config';
import { MeshObject } from '../mesh/object';

/** What happened to an object between two states of a mesh. */
export type Action = 'added' | 'removed' | 'changed' | 'unchanged';

/** An object in the state that speaks for the change: as it is after it, or as it was where it is no more. */
export interface ObjectChange {
  readonly object: MeshObject;
  readonly action: Action;
}

const NO_OBJECTS: ReadonlyMap<string, MeshObject> = new Map();

/** Tells which objects differ between two states of a mesh. Only those that somebody asks about are compared. */
export class Objects {
  private readonly known = new Map<string, ObjectChange>();
  private readonly byKind = new Map<Mesh, Map<string, ReadonlyMap<string, MeshObject>>>();
  private config?: ObjectChange | null;

  constructor(private readonly before: Mesh, private readonly after: Mesh) {}

  /** What became of an object of either side. */
  of(object: MeshObject): ObjectChange {
    const key = identity(object);
    let change = this.known.get(key);
    if (change === undefined) this.known.set(key, change = this.compare(object, key));
    return change;
  }

  /** The object with the mesh configuration, where that has changed. */
  get meshConfig(): ObjectChange | undefined {
    if (this.config === undefined) {
      const all = [this.after, this.before].flatMap(mesh => CONFIG_KINDS.flatMap(kind => mesh.ofKind(kind)));
      this.config = all.filter(one => findMeshConfig(one) !== undefined).map(one => this.of(one)).find(({ action }) => action !== 'unchanged') ?? null;
    }
    return this.config ?? undefined;
  }

  private compare(object: MeshObject, key: string): ObjectChange {
    const from = this.find(this.before, object.key, key);
    const to = this.find(this.after, object.key, key);
    if (to === undefined) return { object: from ?? object, action: 'removed' };
    if (from === undefined) return { object: to, action: 'added' };
    return { object: to, action: content(from) === content(to) ? 'unchanged' : 'changed' };
  }

  private find(mesh: Mesh, kind: string, key: string): MeshObject | undefined {
    let kinds = this.byKind.get(mesh);
    if (kinds === undefined) this.byKind.set(mesh, kinds = new Map<string, ReadonlyMap<string, MeshObject>>());
    let objects = kinds.get(kind);
    if (objects === undefined) {
      const list = mesh.ofKind(kind);
      // Of two manifests of one identity the last one counts, as in the cluster.
      kinds.set(kind, objects = list.length === 0 ? NO_OBJECTS : new Map(list.map(one => [identity(one), one])));
    }
    return objects.get(key);
  }
}

const CONFIG_KINDS = [Kinds.CONFIG_MAP, Kinds.SAIL_ISTIO, Kinds.ISTIO_OPERATOR];

/** One object in the cluster, whatever the served version and whether or not `default` is written out. */
export function identity(object: MeshObject): string {
  return `${object.key}/${namespaceOf(object)}/${object.name}`;
}

/** What of an object can matter to others, as text: what the cluster writes into it does not, and of a policy or a rule only the spec and the age. */
function content({ key, body, metadata }: MeshObject): string {
  const age = own(metadata, 'creationTimestamp');
  if (key === Kinds.PEER_AUTHENTICATION || key === Kinds.DESTINATION_RULE) return canonical([own(body, 'spec'), age]);
  const { status: _, metadata: __, ...rest } = body as JsonObject & { readonly status?: unknown; readonly metadata?: unknown };
  return canonical([rest, own(metadata, 'labels'), own(metadata, 'annotations'), age]);
}

/** JSON in which the order of keys makes no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    const object = asObject(one);
    return object === undefined ? one : Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));
  }) ?? '';
}
