import { Severity } from './finding';
import { Rule } from './rule';
import { MeshObject } from '../mesh/object';

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
    // Two levels, and a list only where it is needed: nearly all of many thousand objects have a name of their own.
    const byNamespace = new Map<string, Map<string, MeshObject | MeshObject[]>>();
    for (const object of context.everything()) {
      if (object.name === '' || object.kind === '') {
        continue; // A generated name is unique, and a document without a kind is no object.
      }
      let byName = byNamespace.get(object.namespace);
      if (byName === undefined) {
        byNamespace.set(object.namespace, byName = new Map());
      }
      const namesakes = byName.get(object.name);
      if (namesakes === undefined) {
        byName.set(object.name, object);
        continue;
      }
      const list = Array.isArray(namesakes) ? namesakes : [namesakes];
      const first = list.find(other => other.key === object.key);
      if (first) {
        context.report({ at: object, see: [first], what: `${object.title} is declared twice, the first time at ${first.origin.place}` });
      } else {
        byName.set(object.name, [...list, object]);
      }
    }
  },
};
