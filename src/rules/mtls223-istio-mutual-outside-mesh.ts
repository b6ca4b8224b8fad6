import { reportFaults, ruleOfItsOwn, targetOf } from './calls/report';
import { certificateFields } from './client-tls';
import { caller, destinationRule, namespace, object, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER } from './references';
import { MODEL, Rule } from './rule';
import { asObject, at, JsonObject, pathText } from '../mesh/json';

const partner = (tls: string) => world(
  namespace('shop'), caller('shop', 'web', 'api.example.com'), object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'partner',
    '{hosts: [api.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tcp, protocol: TCP}]}'),
  destinationRule('shop', 'partner', `{host: api.example.com, trafficPolicy: {tls: ${tls}}}`),
);

export const rule: Rule = {
  code: 'MTLS223',
  name: 'istio-mutual-outside-mesh',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule sends Istio mTLS to a host outside the mesh.',
  why: 'A server outside the mesh trusts no certificate of the mesh and speaks no Istio mTLS: the handshake fails (HTTP 503, flag UF).',
  fix: 'Use SIMPLE or MUTUAL with the certificates of the other side, or remove the tls block. A host that belongs to the mesh needs '
    + 'location: MESH_INTERNAL.',
  references: [CLIENT_TLS_CLUSTER],
  examples: {
    invalid: partner('{mode: ISTIO_MUTUAL}'),
    fixed: partner('{mode: SIMPLE, sni: api.example.com}'),
    valid: partner('{mode: DISABLE}'),
  },
  check(context) {
    reportFaults(context, 'MTLS223', ({ at: destination, field }, example) => ({
      what: `${pathText(field)} ISTIO_MUTUAL sends Istio mTLS to ${targetOf(example)}, which is outside the mesh`,
      fix: `${ruleOfItsOwn(destination, example, 'DISABLE, SIMPLE or MUTUAL') ?? `Set ${pathText(field)} to ${ownTls(asObject(at(destination.body, ...field.slice(0, -1))), example.host)}`}. If ${example.host} belongs to the mesh, set spec.location of its ServiceEntry to MESH_INTERNAL.`,
    }));
  },
};

/** The mode that fits what stands beside it. */
function ownTls(tls: JsonObject | undefined, host: string): string {
  return tls !== undefined && certificateFields(tls).includes('clientCertificate')
    ? 'MUTUAL, which presents the certificate that stands beside it'
    : `SIMPLE (or MUTUAL with the certificates that ${host} asks for)`;
}
