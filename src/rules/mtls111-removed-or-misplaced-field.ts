import { Severity } from './finding';
import { Rule } from './rule';
import { FieldPath, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS111',
  name: 'removed-or-misplaced-field',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.DESTINATION_RULE, Kinds.SERVICE_ENTRY],
  summary: 'A PeerAuthentication, DestinationRule or ServiceEntry has a field that its schema does not know.',
  why: 'The API server prunes the field and stores the rest: the setting is gone without an error (kubectl and GitOps tools with strict '
    + 'validation refuse the manifest instead).',
  fix: 'Move the field to where the schema has it, or remove it.',
  references: [
    { title: 'CRD schemas', where: 'manifests/charts/base/files/crd-all.gen.yaml' },
    {
      title: 'Kubernetes: Field pruning',
      where: 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning',
    },
  ],
  examples: {
    invalid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        tls: {mode: ISTIO_MUTUAL}
    `,
    fixed: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        trafficPolicy:
          tls: {mode: ISTIO_MUTUAL}
    `,
    valid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        trafficPolicy:
          portLevelSettings:
            - port: {number: 8443}
              tls: {mode: ISTIO_MUTUAL}
    `,
  },
  each(object, context) {
    for (const path of context.acceptance(object)?.unknownPaths ?? []) {
      const place = rightPlace(object.kind, path);
      context.report({
        at: object,
        field: path,
        what: `${object.kind} has no field ${pathText(path)}: the API server drops it`,
        fix: place === undefined ? `Remove ${pathText(path)}.` : `${place}.`,
      });
    }
  },
};

/** Where people mean to put the fields that they most often misplace. */
function rightPlace(kind: string, path: FieldPath): string | undefined {
  const last = path[path.length - 1];
  const depth = path.length;
  if (kind === 'PeerAuthentication') {
    switch (last) {
      case 'mode':
        return depth === 2 ? 'Move the mode to spec.mtls.mode' : undefined;
      case 'portLevelMtls':
        return 'Move portLevelMtls to spec.portLevelMtls, beside spec.selector and spec.mtls';
      case 'matchExpressions':
        return 'Select by spec.selector.matchLabels: a PeerAuthentication has no matchExpressions';
      case 'targetRefs':
      case 'targetRef':
        return 'Select by spec.selector.matchLabels: a PeerAuthentication attaches to workloads only';
      case 'matchLabels':
        return depth === 2 ? 'Move the labels to spec.selector.matchLabels' : undefined;
      case 'peers':
        return 'Write spec.mtls.mode: peers belonged to the Policy kind of authentication.istio.io, which is gone';
    }
  }
  if (kind === 'DestinationRule') {
    const policy = path.slice(0, -1).includes('trafficPolicy');
    switch (last) {
      case 'tls':
        return depth === 2 ? 'Move tls to spec.trafficPolicy.tls' : undefined;
      case 'portLevelSettings':
      case 'connectionPool':
      case 'loadBalancer':
      case 'outlierDetection':
        return depth === 2 ? `Move ${last} to spec.trafficPolicy.${last}` : undefined;
      case 'mode':
        return policy ? `Move the mode to ${pathText([...path.slice(0, -1), 'tls', 'mode'])}` : undefined;
      case 'selector':
        return depth === 2 ? 'The clients that a rule is for are selected by spec.workloadSelector.matchLabels' : undefined;
      case 'matchExpressions':
        return 'Select by spec.workloadSelector.matchLabels: a DestinationRule has no matchExpressions';
    }
  }
  return undefined;
}
