import { JsonObject } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
import { MeshObject } from '../mesh/object';

/** What a stage of the migration makes STRICT. */
export interface Stage {
  /** The namespaces whose own policy is STRICT. The root namespace has none: its policy is the mesh's. */
  readonly namespaces: Iterable<string>;
  /** Whether the policy of the whole mesh is STRICT. */
  readonly mesh?: boolean;
}

/**
 * The mesh as it is once a stage has been applied. Policies for single workloads
 * and ports stay as they are, and so do those of namespaces that are not named.
 */
export function staged(mesh: Mesh, { namespaces, mesh: isMeshStrict = false }: Stage): Mesh {
  const { rootNamespace } = mesh.settings;
  const replaced = new Set<MeshObject>();
  const added: MeshObject[] = [];
  for (const namespace of new Set([...namespaces, ...isMeshStrict ? [rootNamespace] : []])) {
    if (namespace === rootNamespace && !isMeshStrict) continue;
    const { general } = mesh.model.policiesIn(namespace);
    general.forEach(({ object }) => replaced.add(object));
    added.push(strictPolicy(mesh, namespace, general[0]?.object));
  }
  return mesh.withPolicies([...mesh.ofKind(Kinds.PEER_AUTHENTICATION).filter(object => !replaced.has(object)), ...added]);
}

/** The STRICT policy of a namespace, in the place of the one that counts today. */
function strictPolicy(mesh: Mesh, namespace: string, today: MeshObject | undefined): MeshObject {
  const name = today?.name ?? freeName(mesh, namespace);
  const metadata: JsonObject = { ...today?.metadata, name, namespace };
  const apiVersion = today?.apiVersion ?? 'security.istio.io/v1';
  const kind = 'PeerAuthentication';
  const spec = { mtls: { mode: 'STRICT' } };
  const origin = today?.origin ?? { place: 'the plan', isConstruct: false, judged: true };
  return new MeshObject({ apiVersion, kind, namespace, name }, origin, metadata, { apiVersion, kind, metadata, spec });
}

/** The name of the policy that a stage adds to a namespace: `default`, unless a policy for single workloads is called so. */
export function freeName(mesh: Mesh, namespace: string): string {
  const taken = new Set(mesh.ofKind(Kinds.PEER_AUTHENTICATION).filter(object => object.namespace === namespace).map(({ name }) => name));
  let name = 'default';
  for (let number = 1; taken.has(name); number++) name = `strict-${number}`;
  return name;
}
