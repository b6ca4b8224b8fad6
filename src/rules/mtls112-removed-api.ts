import { Severity } from './finding';
import { PEER_AUTHENTICATION_PAGE } from './references';
import { policyRewrite } from './removed-policy';
import { Problem, Rule, RuleContext } from './rule';
import { Kinds } from '../mesh/kinds';
import { apiGroup, MeshObject } from '../mesh/object';

const POLICY = 'authentication.istio.io/Policy';
const MESH_POLICY = 'authentication.istio.io/MeshPolicy';
const RBAC = ['ClusterRbacConfig', 'RbacConfig', 'ServiceRole', 'ServiceRoleBinding'].map(kind => `rbac.istio.io/${kind}`);

/** The versions that supported releases of Istio serve, the preferred one first (CRD files of 1.28 to 1.31). */
const SERVED: { readonly [key: string]: readonly string[] } = {
  [Kinds.PEER_AUTHENTICATION]: ['v1', 'v1beta1'],
  [Kinds.DESTINATION_RULE]: ['v1', 'v1beta1', 'v1alpha3'],
  [Kinds.SERVICE_ENTRY]: ['v1', 'v1beta1', 'v1alpha3'],
};

export const rule: Rule = {
  code: 'MTLS112',
  name: 'removed-api',
  severity: Severity.ERROR,
  reads: [POLICY, MESH_POLICY, ...RBAC, ...Object.keys(SERVED), Kinds.SERVICE],
  summary: 'An object has an API version or kind that no supported release of Istio serves.',
  why: 'The API server answers "no matches for kind" and stores nothing: none of it has any effect. authentication.istio.io/v1alpha1 and '
    + 'rbac.istio.io went with Istio 1.6.',
  fix: 'Write the same intent in the API that is served: PeerAuthentication for mTLS, RequestAuthentication for tokens, AuthorizationPolicy for access.',
  references: [
    PEER_AUTHENTICATION_PAGE,
    { title: 'Istio 1.6 upgrade notes: authentication policy', where: 'https://istio.io/latest/news/releases/1.6.x/announcing-1.6/upgrade-notes/' },
  ],
  examples: {
    invalid: `
      apiVersion: authentication.istio.io/v1alpha1
      kind: Policy
      metadata: {name: default, namespace: shop}
      spec:
        peers:
          - mtls: {}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
    `,
    valid: `
      apiVersion: security.istio.io/v1beta1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
    `,
  },
  each(object, context) {
    const versions = SERVED[object.key];
    if (versions !== undefined && !isServed(object, versions)) context.report(unserved(object, versions));
  },
  check(context) {
    removedKinds(context).forEach(problem => context.report(problem));
  },
};

function removedKinds(context: RuleContext): Problem[] {
  const gone = (object: MeshObject) => `${object.apiVersion} ${object.kind} is served by no supported release of Istio`;
  return [
    ...[POLICY, MESH_POLICY].flatMap(kind => context.ofKind(kind)).map((object): Problem => ({
      at: object,
      field: ['apiVersion'],
      what: gone(object),
      fix: policyRewrite(object, context.settings.rootNamespace, context.ofKind(Kinds.SERVICE)),
    })),
    ...RBAC.flatMap(kind => context.ofKind(kind)).map((object): Problem => ({
      at: object,
      field: ['apiVersion'],
      what: gone(object),
      fix: 'Write an AuthorizationPolicy (security.istio.io/v1) in the namespace of the workload: the services of a ServiceRole become its selector, '
        + 'its rules become `to`, the subjects of the bindings become `from`.',
    })),
  ];
}

function isServed({ apiVersion }: MeshObject, versions: readonly string[]): boolean {
  // The preferred version is what nearly all objects have.
  return apiVersion.endsWith(`/${versions[0]}`) || versions.includes(apiVersion.slice(apiVersion.indexOf('/') + 1));
}

function unserved(object: MeshObject, versions: readonly string[]): Problem {
  const group = apiGroup(object.apiVersion);
  return {
    at: object,
    field: ['apiVersion'],
    what: `${object.kind} is not served as ${object.apiVersion}; the versions are ${versions.map(one => `${group}/${one}`).join(', ')}`,
    fix: `Set apiVersion to ${group}/${versions[0]}.`,
  };
}
