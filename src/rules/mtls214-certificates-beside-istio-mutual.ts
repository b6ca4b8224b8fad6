import { certificateFields, tlsBlocks } from './client-tls';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE } from './references';
import { Rule } from './rule';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS214',
  name: 'certificates-beside-istio-mutual',
  severity: Severity.ERROR,
  reads: [Kinds.DESTINATION_RULE],
  summary: 'A DestinationRule names certificates in a tls block whose mode is ISTIO_MUTUAL or DISABLE.',
  why: 'Istio accepts the fields and ignores them: ISTIO_MUTUAL presents the certificates of the mesh, DISABLE sends plaintext. A server that '
    + 'expects the certificates named here refuses the handshake.',
  fix: 'Remove the certificate fields, or set the mode that uses them: MUTUAL with a client certificate, SIMPLE without.',
  references: [CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE],
  examples: {
    invalid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: partner, namespace: shop}
      spec:
        host: partner.example.com
        trafficPolicy:
          tls:
            mode: ISTIO_MUTUAL
            clientCertificate: /etc/certs/client.pem
            privateKey: /etc/certs/client.key
    `,
    fixed: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: partner, namespace: shop}
      spec:
        host: partner.example.com
        trafficPolicy:
          tls:
            mode: MUTUAL
            clientCertificate: /etc/certs/client.pem
            privateKey: /etc/certs/client.key
    `,
    valid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec:
        host: web.shop.svc.cluster.local
        trafficPolicy:
          tls:
            mode: ISTIO_MUTUAL
            subjectAltNames: [spiffe://cluster.local/ns/shop/sa/web]
    `,
  },
  each(object, context) {
    for (const { path, tls, mode, scope } of tlsBlocks(object)) {
      const ignored = mode === 'ISTIO_MUTUAL' || mode === 'DISABLE' ? certificateFields(tls) : [];
      if (ignored.length > 0) {
        context.report({
          at: object,
          field: [...path, ignored[0]],
          what: `mode is ${mode} for ${scope}, so that ${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} ignored`,
        });
      }
    }
  },
};
