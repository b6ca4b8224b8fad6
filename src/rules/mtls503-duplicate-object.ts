import { Severity } from './finding';
import { Rule } from './rule';

export const rule: Rule = {
  code: 'MTLS503',
  name: 'duplicate-object',
  severity: Severity.ERROR,
  reads: ['*'],
  summary: 'Two objects have one kind, one namespace and one name.',
  why: 'They are one object in the cluster: the one that is applied last overwrites the other, and which one that is depends on the order of the files.',
  fix: 'Give one of the two another name, or remove it.',
  references: [{ title: 'Kubernetes: Object names', where: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/' }],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1beta1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: PERMISSIVE}}
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
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: billing}
      spec: {mtls: {mode: PERMISSIVE}}
    `,
  },
  check(context) {
    for (const [first, ...others] of context.namesakes()) {
      // A generated name is unique, and a document without a kind is no object.
      if (first.name === '' || first.kind === '') continue;
      for (const object of others) {
        context.report({ at: object, see: [first], what: `${object.title} is declared twice, the first time at ${first.origin.place}` });
      }
    }
  },
};
