import { Severity } from './finding';
import { REQUIRES_SELECTOR } from './mtls101-port-levels-without-selector';
import { isMissingCertificate } from './mtls215-mutual-without-certificates';
import { PEER_AUTHENTICATION_CRD, CLIENT_TLS_WEBHOOK, PEER_AUTHENTICATION_WEBHOOK } from './references';
import { Rule } from './rule';
import { FieldPath } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Acceptance, Rejection } from '../schema';

export const rule: Rule = {
  code: 'MTLS113',
  name: 'value-rejected',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.DESTINATION_RULE, Kinds.SERVICE_ENTRY],
  summary: 'A PeerAuthentication, DestinationRule or ServiceEntry has a value that the CRD or istiod\'s webhook refuses.',
  why: 'The API server answers the apply with this error and stores nothing, so that an older state stays in force or the object is missing. '
    + 'Where the webhook is down or switched off, istiod drops or misreads the object instead.',
  fix: 'Give the field a value that Istio accepts.',
  references: [PEER_AUTHENTICATION_CRD, PEER_AUTHENTICATION_WEBHOOK, CLIENT_TLS_WEBHOOK],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: strict}
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
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: UNSET}
    `,
  },
  each(object, context) {
    const acceptance = context.acceptance(object);
    for (const rejection of acceptance ? distinct(acceptance) : []) {
      context.report({
        at: object,
        field: rejection.path,
        what: `${rejection.source === 'crd' ? 'the API server' : 'istiod\'s webhook'} refuses ${rejection.field || 'the object'}`
          + `${rejection.value === undefined ? '' : ` (${shown(rejection.value)})`}: ${rejection.message}`,
        fix: rejection.allowed === undefined ? undefined : `Allowed: ${rejection.allowed}.`,
      });
    }
  },
};

/**
 * One entry a field, without the faults that have a rule of their own.
 *
 * The API server asks the webhook only when the schema is content. What the
 * webhook says about other fields is listed all the same, so that a person does
 * not learn of one fault after the other.
 */
function distinct({ rejections }: Acceptance): Rejection[] {
  const crd = rejections.filter(rejection => rejection.source === 'crd');
  const webhook = rejections.filter(rejection => rejection.source === 'webhook'
    && (crd.length === 0 || (rejection.field !== '' && !crd.some(other => overlap(rejection.path, other.path)))));
  const byField = new Map<string, Rejection>();
  for (const rejection of [...crd, ...webhook]) {
    if (!hasOwnRule(rejection) && !byField.has(rejection.field)) {
      byField.set(rejection.field, rejection);
    }
  }
  return [...byField.values()];
}

/** Selectors without labels are MTLS101's, missing certificates MTLS215's, versions that are not served MTLS112's. */
function hasOwnRule(rejection: Rejection): boolean {
  return rejection.message.includes(REQUIRES_SELECTOR) || isMissingCertificate(rejection) || rejection.field === 'apiVersion';
}

/** Whether one of the paths leads to the other's field or into it. */
function overlap(a: FieldPath, b: FieldPath): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.every((step, i) => step === long[i]);
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
