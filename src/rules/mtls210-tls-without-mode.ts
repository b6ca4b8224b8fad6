import { callsAt } from './calls/report';
import { removableWith, tlsBlocks } from './client-tls';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE } from './references';
import { MODEL, Rule } from './rule';
import { pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS210',
  name: 'tls-without-mode',
  severity: Severity.ERROR,
  reads: [Kinds.DESTINATION_RULE, MODEL],
  summary: 'A DestinationRule has a tls block without a mode.',
  why: 'A missing mode is DISABLE, the first value of the enum: clients send plaintext and auto mTLS is switched off for the host. A STRICT server '
    + 'resets the connection (HTTP 503, flag UC), a PERMISSIVE one takes the plaintext.',
  fix: 'Set tls.mode to the mode that is meant, or remove tls and let auto mTLS decide.',
  references: [CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE],
  examples: {
    invalid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        trafficPolicy:
          tls: {sni: web.example.com}
    `,
    fixed: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        trafficPolicy:
          tls: {mode: ISTIO_MUTUAL, sni: web.example.com}
    `,
    valid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        trafficPolicy:
          loadBalancer: {simple: ROUND_ROBIN}
    `,
  },
  each(object, context) {
    for (const { path, tls, mode, scope } of tlsBlocks(object)) {
      if (mode === undefined) {
        const others = Object.keys(tls);
        context.report({
          at: object,
          field: path,
          ...callsAt(context, 'MTLS210', object, path),
          what: `tls ${others.length === 0 ? 'is empty' : `sets ${others.join(', ')}, and no mode`}: clients of ${scope} send plaintext`,
          fix: `Set ${pathText([...path, 'mode'])} (ISTIO_MUTUAL for a workload of the mesh), or remove ${pathText(removableWith(object, path))}${context.settings.autoMtls ? ' and let auto mTLS decide' : ''}.`,
        });
      }
    }
  },
};
