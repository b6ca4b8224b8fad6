import { Severity } from './finding';
import { scopes } from './peer-authentications';
import { POLICY_COMPOSITION } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { workloadsByNamespace } from './selections';
import { Kinds } from '../mesh/kinds';
import { compareText, MeshObject } from '../mesh/object';
import { MtlsMode, peerAuthentication } from '../mesh/policies/peer-authentication';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}}}
      ---`;

export const rule: Rule = {
  code: 'MTLS108',
  name: 'mesh-policy-outside-root',
  severity: Severity.WARNING,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A policy that reads as mesh-wide, by its name or because it stands in istio-system, is in a namespace that is not the root namespace.',
  why: 'Only a policy in the root namespace (meshConfig.rootNamespace) counts for the whole mesh. Anywhere else it is for its own namespace, and the '
    + 'rest of the mesh goes on accepting plaintext, or refusing it, as before.',
  fix: 'Move the policy to the root namespace. Where it is meant for its own namespace alone, give it a name that says so.',
  references: [POLICY_COMPOSITION],
  examples: {
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: mesh-strict, namespace: default}
      spec: {mtls: {mode: STRICT}}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: mesh-strict, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: mesh-strict, namespace: shop}
      spec: {mtls: {mode: STRICT}}
    `,
  },
  check(context) {
    const { rootNamespace } = context.settings;
    for (const [namespace, [object]] of scopes(context)) {
      const readsAsMesh = MESH_NAME.test(object.name);
      if (namespace === rootNamespace || !(readsAsMesh || namespace === USUAL_ROOT)) continue;
      const { mode } = peerAuthentication(object);
      if (mode !== undefined) judge(context, object, mode, readsAsMesh);
    }
  },
};

/** The namespace that Istio's default makes the root. */
const USUAL_ROOT = 'istio-system';

/** Names that speak of more than a namespace: mesh-strict, global-mtls, cluster-wide. */
const MESH_NAME = /(^|[-.])(mesh|meshwide|global|cluster-?wide)([-.]|$)/;

function judge(context: RuleContext, object: MeshObject, mode: MtlsMode, readsAsMesh: boolean): void {
  const { rootNamespace } = context.settings;
  const mesh = scopes(context).get(rootNamespace)?.[0];
  const meshMode = mesh && peerAuthentication(mesh).mode;
  // A mesh that has its policy needs none here.
  if (meshMode === mode || (meshMode !== undefined && !readsAsMesh)) return;
  const inMesh = namespacesInMesh(context);
  // A policy of a namespace of its own workloads is a namespace's policy, unless its name says otherwise.
  if (!readsAsMesh && inMesh.has(object.namespace)) return;
  const missed = [...inMesh].filter(namespace => namespace !== object.namespace && !setsMode(context, namespace)).sort(compareText);
  if (missed.length === 0 && workloadsByNamespace(context).size > 0) return;
  context.report({
    at: object,
    field: ['metadata', 'namespace'],
    see: mesh === undefined ? [] : [mesh],
    what: `${object.title} (${mode}) reads as the policy of the mesh, but the root namespace is ${JSON.stringify(rootNamespace)}: it is for namespace `
      + `${JSON.stringify(object.namespace)} alone`
      + (missed.length === 0 ? '' : `, and not for ${missed.slice(0, 3).join(', ')}${missed.length > 3 ? ` and ${missed.length - 3} more` : ''}`),
    fix: `Move it to the root namespace: metadata: {name: ${object.name}, namespace: ${rootNamespace}}. `
      + 'Where it is meant for its own namespace alone, give it a name that says so.',
    condition: 'the policy is meant for the whole mesh',
  });
}

function setsMode(context: RuleContext, namespace: string): boolean {
  const own = namespace === context.settings.rootNamespace ? undefined : scopes(context).get(namespace)?.[0];
  return own !== undefined && peerAuthentication(own).mode !== undefined;
}

/** The namespaces with workloads whose proxies go by policies, or may. */
function namespacesInMesh(context: RuleContext): ReadonlySet<string> {
  return context.once(namespacesInMesh, () => new Set([...workloadsByNamespace(context)]
    .filter(([, workloads]) => workloads.some(({ dataPlane, isGateway }) => dataPlane.value !== 'none' && !isGateway))
    .map(([namespace]) => namespace)));
}
