import { Severity } from './finding';
import { EXPIRES_ANNOTATION } from './mtls308-exception-expired';
import { hasSelector, scopes } from './peer-authentications';
import { POLICY_COMPOSITION } from './references';
import { Rule, RuleContext } from './rule';
import { parentPolicy } from './selections';
import { namespaceOf } from '../mesh/facts';
import { FieldPath } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { MODE, MtlsMode, PeerAuthentication, peerAuthentication, portMode } from '../mesh/policies/peer-authentication';

/** The annotations in which an exception carries why it is needed, and who answers for it. */
const REASON_ANNOTATION = 'cdk8s-istio-mtls/reason';
const OWNER_ANNOTATION = 'cdk8s-istio-mtls/owner';

const WORLD = `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: metrics, namespace: shop, annotations: {cdk8s-istio-mtls/reason: "scraped by a Prometheus outside the mesh"}}
      spec:
        selector: {matchLabels: {app: web}}
        portLevelMtls: {"9090": {mode: PERMISSIVE}}
      ---`;

export const rule: Rule = {
  code: 'MTLS110',
  name: 'policy-weakens-parent',
  severity: Severity.WARNING,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.DESTINATION_RULE],
  summary: 'A namespace or a workload takes plaintext below a STRICT parent, and nothing says why. A warning where the exceptions of the input carry '
    + 'reasons, else an info.',
  why: 'The namespace or the mesh is STRICT, and this part of it takes plaintext from anybody. Nobody who reads it later can tell whether it is still needed.',
  fix: 'Write the reason into the annotation cdk8s-istio-mtls/reason (WorkloadMtlsException does), or remove the exception.',
  references: [POLICY_COMPOSITION, { title: 'Exceptions with a reason', where: 'docs/adr/0006-exceptions-carry-their-reason.md' }],
  examples: {
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: legacy, namespace: shop}
      spec:
        selector: {matchLabels: {app: legacy}}
        mtls: {mode: PERMISSIVE}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: legacy, namespace: shop, annotations: {cdk8s-istio-mtls/reason: "called by the mainframe until it is replaced"}}
      spec:
        selector: {matchLabels: {app: legacy}}
        mtls: {mode: PERMISSIVE}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: api, namespace: shop}
      spec:
        selector: {matchLabels: {app: api}}
        mtls: {mode: STRICT}
        portLevelMtls: {"8080": {mode: STRICT}}
    `,
  },
  each(object, context) {
    if (object.key !== Kinds.PEER_AUTHENTICATION || !hasStrictScope(context) || isBlank(object.annotation(REASON_ANNOTATION)) === false) return;
    const namespace = namespaceOf(object);
    const { rootNamespace } = context.settings;
    if (namespace === rootNamespace || context.acceptance(object)?.accepted !== true) return;
    const isForNamespace = !hasSelector(object);
    // Of several policies for a namespace only the first counts; MTLS103 speaks about the others.
    if (isForNamespace && scopes(context).get(object.namespace)?.[0] !== object) return;
    const parent = parentPolicy(context, isForNamespace ? rootNamespace : namespace);
    if (parent?.mode !== 'STRICT') return;
    const weaker = weakerIn(peerAuthentication(object), isForNamespace);
    if (weaker.length === 0) return;
    const isHalfWritten = object.annotation(OWNER_ANNOTATION) !== undefined || object.annotation(EXPIRES_ANNOTATION) !== undefined
      || object.annotation(REASON_ANNOTATION) !== undefined;
    context.report({
      at: object,
      field: weaker[0].field,
      see: [parent.object],
      what: `${weaker.map(({ what }) => what).join(', ')} below ${parent.object.title} (STRICT), and no annotation says why`,
      fix: `Add metadata.annotations: {${REASON_ANNOTATION}: "why it is needed"} to ${object.title}, or remove the exception.`,
      // Reasons are a habit of this library. Who does not have it is told only on request.
      severity: isHalfWritten || givesReasons(context) ? undefined : Severity.INFO,
    });
  },
};

interface Weaker {
  readonly field: FieldPath;
  readonly what: string;
}

/** What a policy accepts beyond STRICT: the workload or the namespace as a whole, or else its ports. */
function weakerIn({ mode, ports, namespace }: PeerAuthentication, isForNamespace: boolean): Weaker[] {
  if (isWeaker(mode)) return [{ field: MODE, what: `${isForNamespace ? `namespace ${JSON.stringify(namespace)}` : 'the workload'} is ${mode}` }];
  if (isForNamespace) return [];
  return (ports ?? []).filter(one => isWeaker(one.mode)).map(one => ({ field: portMode(one.port), what: `workload port ${one.port} is ${one.mode}` }));
}

function isWeaker(mode: MtlsMode | undefined): boolean {
  return mode === 'PERMISSIVE' || mode === 'DISABLE';
}

/** Whether a text says nothing; undefined where there is none. */
function isBlank(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text.trim() === '';
}

/** Whether a namespace or the mesh is STRICT at all. */
function hasStrictScope(context: RuleContext): boolean {
  return context.once(hasStrictScope, () => [...scopes(context).values()].some(([first]) => peerAuthentication(first).mode === 'STRICT'));
}

/** Whether the exceptions of the input carry reasons, so that one without stands out. */
function givesReasons(context: RuleContext): boolean {
  const says = (object: MeshObject): boolean => isBlank(object.annotation(REASON_ANNOTATION)) === false;
  return context.once(givesReasons, () => context.ofKind(Kinds.PEER_AUTHENTICATION).some(says) || context.ofKind(Kinds.DESTINATION_RULE).some(says));
}
