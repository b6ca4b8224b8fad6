import { Severity } from './finding';
import { scopes } from './peer-authentications';
import { PEER_AUTHENTICATION_PAGE } from './references';
import { Rule, RuleContext } from './rule';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { peerAuthentication } from '../mesh/policies/peer-authentication';

export const rule: Rule = {
  code: 'MTLS702',
  name: 'no-mesh-policy',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.NAMESPACE, '*'],
  summary: 'No PeerAuthentication sets a mode for the whole mesh. Off unless a mesh policy is required.',
  why: 'Without one, every namespace that has no policy of its own takes plaintext: Istio\'s default is PERMISSIVE. A new namespace is open until somebody thinks of it.',
  fix: 'Add a PeerAuthentication without a selector to the root namespace (MeshStrictMtls writes it).',
  references: [PEER_AUTHENTICATION_PAGE],
  examples: {
    house: { requireMeshPolicy: true },
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: mesh, namespace: istio-system}
      spec: {mtls: {mode: PERMISSIVE}}
    `,
  },
  check(context) {
    if (context.house.requireMeshPolicy !== true) return;
    const { rootNamespace } = context.settings;
    const mesh = scopes(context).get(rootNamespace)?.[0];
    if (mesh !== undefined && peerAuthentication(mesh).mode !== undefined) return;
    const at = mesh ?? placeToStart(context, rootNamespace);
    if (at === undefined) return;
    context.report({
      at,
      ...mesh === undefined ? {} : { field: ['spec', 'mtls', 'mode'] },
      what: mesh === undefined
        ? `no PeerAuthentication without a selector stands in the root namespace ${JSON.stringify(rootNamespace)}, and a policy for the mesh is required`
        : `${mesh.title} is the policy of the mesh and sets no mode, and a policy for the mesh is required`,
      fix: mesh === undefined
        ? `Add a PeerAuthentication: metadata: {name: default, namespace: ${rootNamespace}}, spec: {mtls: {mode: STRICT}}.`
        : `Set mtls: {mode: STRICT} in ${mesh.title}.`,
    });
  },
};

/** What is missing has no place of its own: the root namespace is the nearest, else the first object of the input. */
function placeToStart(context: RuleContext, rootNamespace: string): MeshObject | undefined {
  const isJudged = ({ origin }: MeshObject): boolean => origin.judged;
  return context.ofKind(Kinds.NAMESPACE).find(one => one.name === rootNamespace && isJudged(one))
    ?? context.everything().find(isJudged);
}
