import { namespaceOf } from '../mesh/facts';
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
  const names = policyNames(mesh);
  for (const namespace of new Set([...namespaces, ...isMeshStrict ? [rootNamespace] : []])) {
    if (namespace === rootNamespace && !isMeshStrict) continue;
    const { general } = mesh.model.policiesIn(namespace);
    general.forEach(({ object }) => replaced.add(object));
    added.push(strictPolicy(namespace, general[0]?.object, names));
  }
  return mesh.withPolicies([...mesh.ofKind(Kinds.PEER_AUTHENTICATION).filter(object => !replaced.has(object)), ...added]);
}

/** The STRICT policy of a namespace, in the place of the one that counts today. */
function strictPolicy(namespace: string, today: MeshObject | undefined, names: PolicyNames): MeshObject {
  const name = today?.name ?? freeName(namespace, names);
  const metadata: JsonObject = { ...today?.metadata, name, namespace };
  const apiVersion = today?.apiVersion ?? 'security.istio.io/v1';
  const kind = 'PeerAuthentication';
  const spec = { mtls: { mode: 'STRICT' } };
  const origin = today?.origin ?? { place: 'the plan', isConstruct: false, judged: true };
  return new MeshObject({ apiVersion, kind, namespace, name }, origin, metadata, { apiVersion, kind, metadata, spec });
}

/** The names that policies have, by namespace. */
export type PolicyNames = ReadonlyMap<string, ReadonlySet<string>>;

/** The names that the policies of a mesh have. */
export function policyNames(mesh: Mesh): PolicyNames {
  const names = new Map<string, Set<string>>();
  for (const object of mesh.ofKind(Kinds.PEER_AUTHENTICATION)) {
    const taken = names.get(namespaceOf(object));
    if (taken === undefined) names.set(namespaceOf(object), new Set([object.name]));
    else taken.add(object.name);
  }
  return names;
}

/** The name of the policy that a stage adds to a namespace: `default`, unless a policy for single workloads is called so. */
export function freeName(namespace: string, names: PolicyNames): string {
  const taken = names.get(namespace);
  let name = 'default';
  for (let number = 1; taken?.has(name) === true; number++) name = `strict-${number}`;
  return name;
}
