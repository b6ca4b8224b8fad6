import { Kinds, Rule, Severity } from 'cdk8s-istio-mtls/testing';

const exception = (annotations: string) => `
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: metrics, namespace: shop, annotations: ${annotations}}
  spec:
    selector: {matchLabels: {app: web}}
    portLevelMtls: {"9090": {mode: PERMISSIVE}}
`;

/** A rule of the house: who wants an exception says who answers for it. */
export const exceptionWithoutOwner: Rule = {
  code: 'HOUSE1',
  name: 'exception-without-owner',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION],
  summary: 'An exception gives a reason and names no owner.',
  why: 'Nobody can be asked whether the exception is still needed.',
  fix: 'Add the annotation cdk8s-istio-mtls/owner.',
  references: [{ title: 'The handbook of the house', where: 'https://handbook.example.com/mtls' }],
  examples: {
    invalid: exception('{cdk8s-istio-mtls/reason: "scraped from outside"}'),
    fixed: exception('{cdk8s-istio-mtls/reason: "scraped from outside", cdk8s-istio-mtls/owner: "team-observability"}'),
    valid: exception('{}'),
  },
  each(object, context) {
    if (object.key !== Kinds.PEER_AUTHENTICATION || object.annotation('cdk8s-istio-mtls/reason') === undefined) return;
    if (object.annotation('cdk8s-istio-mtls/owner') === undefined) {
      context.report({ at: object, field: ['metadata', 'annotations'], what: 'the exception names no owner' });
    }
  },
};
