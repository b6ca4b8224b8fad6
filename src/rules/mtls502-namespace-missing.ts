import { Severity } from './finding';
import { Rule } from './rule';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS502',
  name: 'namespace-missing',
  severity: Severity.WARNING,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.DESTINATION_RULE],
  summary: 'A PeerAuthentication or DestinationRule names no namespace.',
  why: 'It lands in whatever namespace the current context or the deploying tool points at. A policy without a selector that lands in the root '
    + 'namespace changes the whole mesh; a rule in another namespace is looked up by other clients.',
  fix: 'Set metadata.namespace, or the namespace of the chart.',
  references: [{
    title: 'Kubernetes: Setting the namespace preference',
    where: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#setting-the-namespace-preference',
  }],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default}
      spec: {mtls: {mode: STRICT}}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
    `,
  },
  each(object, context) {
    if (object.namespace === '') {
      context.report({
        at: object,
        field: ['metadata', 'namespace'],
        what: `${object.title} has no namespace: where it lands depends on who applies it`,
        condition: 'the tool that applies the manifests does not set the namespace itself',
      });
    }
  },
};
