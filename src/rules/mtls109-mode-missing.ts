import { Severity } from './finding';
import { hasSelector, inheritsExplicitly, modeOf, scopes, setsNothing } from './peer-authentications';
import { POLICY_COMPOSITION, POLICY_ORDER } from './references';
import { MODEL, Rule } from './rule';
import { hiddenBySelecting } from './selections';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS109',
  name: 'mode-missing',
  severity: Severity.WARNING,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A PeerAuthentication sets no mode and no port.',
  why: 'An unset mode inherits: the policy changes nothing. It still counts as the policy of its scope, and hides a newer one that does set a mode.',
  fix: 'Set spec.mtls.mode to STRICT, PERMISSIVE or DISABLE, or delete the policy. Where inheriting is meant, say so with mode: UNSET.',
  references: [POLICY_COMPOSITION, POLICY_ORDER],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        portLevelMtls: {"9090": {mode: PERMISSIVE}}
    `,
  },
  each(object, context) {
    if (!setsNothing(object)) {
      return;
    }
    // A policy that is refused has a fault of its own, and so has one whose mode was written in the wrong place.
    const acceptance = context.acceptance(object);
    if (!acceptance?.accepted || acceptance.unknownFields.length > 0) {
      return;
    }
    const [winner, ...others] = scopes(context).get(object.namespace) ?? [];
    const hidden = hasSelector(object) ? hiddenBySelecting(context, object) : winner === object ? others : [];
    const explicit = inheritsExplicitly(object);
    const scope = hasSelector(object) ? 'its workloads keep the mode they have'
      : `${object.namespace === context.settings.rootNamespace ? 'the mesh' : 'its namespace'} keeps the mode it has`;
    context.report({
      at: object,
      field: ['spec', 'mtls'],
      see: hidden,
      what: `the policy sets no mode, so that ${scope} without it`
        + (hidden.length > 0 ? `, and it hides ${hidden.map(one => `${one.title} (${modeOf(one)})`).join(', ')}` : ''),
      // Written out, UNSET is a statement; it is harmless as long as it hides nothing.
      severity: hidden.length > 0 ? Severity.ERROR : explicit ? Severity.INFO : undefined,
    });
  },
};
