import { faultsOf } from './calls/faults';
import { certificateFields, tlsBlocks } from './client-tls';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, DESTINATION_RULE_PAGE } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { FieldPath, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';

export const rule: Rule = {
  code: 'MTLS214',
  name: 'certificates-beside-istio-mutual',
  severity: Severity.ERROR,
  reads: [Kinds.DESTINATION_RULE, MODEL],
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
      if (ignored.length > 0 && !breaksCalls(context, object, path)) {
        context.report({
          at: object,
          field: [...path, ignored[0]],
          what: `mode is ${mode} for ${scope}, so that ${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} ignored`,
        });
      }
    }
  },
};

/** The rules about calls that fail by a mode of ISTIO_MUTUAL or DISABLE. */
const FAILING: readonly string[] = ['MTLS201', 'MTLS202', 'MTLS203', 'MTLS223'];

/** Whether calls fail by a tls block: then it is the mode that is wrong, and the rule about the calls says so. */
function breaksCalls(context: RuleContext, object: MeshObject, path: FieldPath): boolean {
  const start = `${pathText(path)}.`;
  return FAILING.some(code => faultsOf(context, code).some(({ at, field }) => at === object && pathText(field).startsWith(start)));
}
