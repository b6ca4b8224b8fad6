import { Severity } from './finding';
import { PEER_AUTHENTICATION_CRD, PEER_AUTHENTICATION_WEBHOOK } from './references';
import { Rule } from './rule';
import { Kinds } from '../mesh/kinds';

/** The CRD's rule; the webhook says the same in other words. */
export const REQUIRES_SELECTOR = 'portLevelMtls requires selector';

export const rule: Rule = {
  code: 'MTLS101',
  name: 'port-levels-without-selector',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION],
  summary: 'A PeerAuthentication has portLevelMtls, and no selector that names a workload.',
  why: 'The API server refuses the object ("portLevelMtls requires selector"), so that nothing of it takes effect and the deployment stops.',
  fix: 'Add spec.selector.matchLabels with the labels of the workload whose ports are meant, or remove portLevelMtls.',
  references: [PEER_AUTHENTICATION_CRD, PEER_AUTHENTICATION_WEBHOOK],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
        portLevelMtls: {"9090": {mode: PERMISSIVE}}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls: {"9090": {mode: PERMISSIVE}}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
    `,
  },
  each(object, context) {
    if (context.acceptance(object)?.rejections.some(rejection => rejection.message.includes(REQUIRES_SELECTOR))) {
      context.report({
        at: object,
        field: ['spec', 'portLevelMtls'],
        what: 'portLevelMtls is set, and there is no selector with labels: whose ports are meant cannot be told',
      });
    }
  },
};
