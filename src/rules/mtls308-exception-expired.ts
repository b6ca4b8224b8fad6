import { Severity } from './finding';
import { Rule } from './rule';
import { Kinds } from '../mesh/kinds';

/** The annotation in which an exception carries the last day on which it holds, as YYYY-MM-DD. */
export const EXPIRES_ANNOTATION = 'cdk8s-istio-mtls/expires';

export const rule: Rule = {
  code: 'MTLS308',
  name: 'exception-expired',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.DESTINATION_RULE],
  summary: 'An exception is past the date in its annotation cdk8s-istio-mtls/expires. Judged only when today\'s date is given.',
  why: 'The exception was agreed on until that day. Plaintext has been accepted or sent since, although nobody decided that it should.',
  fix: 'Remove the exception, or agree on a new date and write it down.',
  references: [{ title: 'Exceptions with an end', where: 'docs/adr/0006-exceptions-carry-their-reason.md' }],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata:
        name: legacy
        namespace: shop
        annotations: {cdk8s-istio-mtls/expires: "2026-06-30"}
      spec:
        selector: {matchLabels: {app: legacy}}
        mtls: {mode: PERMISSIVE}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata:
        name: legacy
        namespace: shop
        annotations: {cdk8s-istio-mtls/expires: "2027-06-30"}
      spec:
        selector: {matchLabels: {app: legacy}}
        mtls: {mode: PERMISSIVE}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata:
        name: legacy
        namespace: shop
        annotations: {cdk8s-istio-mtls/expires: "2026-11-24"}
      spec:
        selector: {matchLabels: {app: legacy}}
        mtls: {mode: PERMISSIVE}
    `,
  },
  each(object, context) {
    const expires = object.annotation(EXPIRES_ANNOTATION);
    if (expires === undefined) {
      return;
    }
    const field = ['metadata', 'annotations', EXPIRES_ANNOTATION];
    if (!/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(expires)) {
      context.report({ at: object, field, what: `${JSON.stringify(expires)} is not a date as YYYY-MM-DD: the exception would never end` });
    } else if (context.today !== undefined && expires < context.today) {
      context.report({ at: object, field, what: `the exception ended on ${expires}, and today is ${context.today}` });
    }
  },
};
