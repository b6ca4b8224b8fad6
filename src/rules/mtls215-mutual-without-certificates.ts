import { callsAt } from './calls/report';
import { tlsBlocks } from './client-tls';
import { Severity } from './finding';
import { CLIENT_TLS_WEBHOOK } from './references';
import { MODEL, Rule } from './rule';
import { asText, at } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Rejection } from '../schema';

export const rule: Rule = {
  code: 'MTLS215',
  name: 'mutual-without-certificates',
  severity: Severity.ERROR,
  reads: [Kinds.DESTINATION_RULE, MODEL],
  summary: 'A DestinationRule asks for MUTUAL and names no client certificate and key.',
  why: 'istiod\'s webhook refuses the object ("client certificate required for mutual tls", "private key required for mutual tls"), so that nothing '
    + 'of it takes effect and the deployment stops.',
  fix: 'Name clientCertificate and privateKey, or credentialName; for the certificates of the mesh use ISTIO_MUTUAL.',
  references: [CLIENT_TLS_WEBHOOK],
  examples: {
    invalid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: partner, namespace: shop}
      spec:
        host: partner.example.com
        trafficPolicy:
          tls: {mode: MUTUAL, caCertificates: /etc/certs/ca.pem}
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
            caCertificates: /etc/certs/ca.pem
            clientCertificate: /etc/certs/client.pem
            privateKey: /etc/certs/client.key
    `,
    valid: `
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: partner, namespace: istio-system}
      spec:
        host: partner.example.com
        trafficPolicy:
          tls: {mode: MUTUAL, credentialName: partner-client}
    `,
  },
  each(object, context) {
    for (const { path, tls, mode, scope } of tlsBlocks(object)) {
      const given = (field: string) => (asText(at(tls, field)) ?? '') !== '';
      const missing = ['clientCertificate', 'privateKey'].filter(field => !given(field));
      if (mode === 'MUTUAL' && !given('credentialName') && missing.length > 0) {
        context.report({
          at: object,
          field: path,
          ...callsAt(context, 'MTLS215', object, path),
          what: `mode is MUTUAL for ${scope}, and ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing, as is credentialName`,
        });
      }
    }
  },
};

/** Whether a rejection is the fault that this rule speaks about. */
export function isMissingCertificate(rejection: Rejection): boolean {
  return rejection.source === 'webhook' && /^(client certificate|private key) required for mutual tls$/.test(rejection.message);
}
