import { ACKNOWLEDGE_ANNOTATION } from './acknowledgement';
import { Severity } from './finding';
import { Rule } from './rule';
import { Origin, MeshObject } from '../mesh/object';

export const rule: Rule = {
  code: 'MTLS901',
  name: 'unused-acknowledgement',
  severity: Severity.WARNING,
  reads: [],
  last: true,
  summary: 'An acknowledgement silences nothing, or cannot be read.',
  why: 'The fault it spoke of is gone or stands elsewhere. Left in place it would silence the next fault of that kind, which nobody has looked at.',
  fix: 'Remove the acknowledgement, or move it to the object that has the finding.',
  references: [{ title: 'Acknowledgements', where: 'docs/adr/0005-acknowledge-with-a-reason.md' }],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata:
        name: default
        namespace: shop
        annotations: {cdk8s-istio-mtls/acknowledge: "MTLS109: the mode follows the mesh on purpose"}
      spec: {mtls: {mode: STRICT}}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata:
        name: default
        namespace: shop
        annotations: {cdk8s-istio-mtls/acknowledge: "MTLS109: the mode follows the mesh on purpose"}
      spec: {mtls: {}}
    `,
  },
  check(context) {
    for (const { acknowledgement, used } of context.acknowledgements()) {
      if (used > 0 || acknowledgement.code === rule.code) {
        continue;
      }
      const { code, reason, object, place, fault } = acknowledgement;
      context.report({
        at: object ?? standIn(place),
        field: object ? ['metadata', 'annotations', ACKNOWLEDGE_ANNOTATION] : undefined,
        what: fault === undefined
          ? `the acknowledgement of ${code} (${JSON.stringify(reason)}) silences nothing`
          : `the acknowledgement silences nothing: ${fault}`,
        fix: fault === undefined ? undefined : 'Write the code of a rule, a colon and the reason, as in "MTLS109: the mode follows the mesh on purpose".',
      });
    }
  },
};

/** An acknowledgement that was made in code stands at a construct, which need not be an object. */
function standIn(place: string): MeshObject {
  const origin: Origin = { place: place || '(app)', isConstruct: true, judged: true };
  return new MeshObject({ apiVersion: '', kind: 'acknowledgement', namespace: '', name: 'made in code' }, origin, {}, {});
}
