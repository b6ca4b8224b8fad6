import { faultsOf } from './calls/faults';
import { certificateFields, tlsBlocks } from './client-tls';
import { destinationRule } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_WEBHOOK, DESTINATION_RULE_PAGE } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { asText, asWritten, at, FieldPath, JsonObject, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';

const bank = (tls: string) => destinationRule('shop', 'bank', `{host: api.bank.example, trafficPolicy: {tls: ${tls}}}`);

export const rule: Rule = {
  code: 'MTLS220',
  name: 'server-identity-not-verified',
  severity: Severity.WARNING,
  reads: [Kinds.DESTINATION_RULE, MODEL],
  summary: 'A DestinationRule originates TLS and does not verify the server (insecureSkipVerify), or verifies it by authorities that cannot have signed for it.',
  why: 'The connection is encrypted and goes to whoever answers: anyone on the way can read it. Clients then send their requests, and with MUTUAL their identity, to a server that nobody has checked.',
  fix: 'Remove insecureSkipVerify, and name the authority in caCertificates (without it, the operating system\'s authorities count) and the server in subjectAltNames.',
  references: [CLIENT_TLS_WEBHOOK, DESTINATION_RULE_PAGE],
  examples: {
    invalid: bank('{mode: SIMPLE, insecureSkipVerify: true}'),
    fixed: bank('{mode: SIMPLE, caCertificates: /etc/certs/ca.pem}'),
    valid: bank('{mode: SIMPLE}'),
  },
  each(object, context) {
    for (const { path, tls, mode, scope } of tlsBlocks(object)) {
      if (mode !== 'SIMPLE' && mode !== 'MUTUAL' && mode !== 'ISTIO_MUTUAL') continue;
      if (at(tls, 'insecureSkipVerify') !== true) {
        if (mode !== 'ISTIO_MUTUAL') checkAuthority(object, path, tls, context);
        continue;
      }
      context.report({
        at: object,
        field: [...path, 'insecureSkipVerify'],
        what: `insecureSkipVerify is true for ${scope}: clients encrypt with ${mode} and do not check who answers`,
        fix: `Remove ${pathText([...path, 'insecureSkipVerify'])}, and name the server's authority in ${pathText([...path, 'caCertificates'])} where it is a private one.`,
      });
    }
  },
};

/** Without an authority, those of the operating system count, and none of these issues certificates for names inside a cluster. */
function checkAuthority(object: MeshObject, path: FieldPath, tls: JsonObject, context: RuleContext): void {
  const text = (field: string) => asText(at(tls, field)) ?? '';
  const host = asText(at(object.spec, 'host')) ?? '';
  const name = text('sni') || host;
  const isInside = !name.includes('.') || name.endsWith(`.svc.${context.settings.clusterDomain}`) || name.endsWith('.svc');
  if (!isInside || name === '*' || certificateFields(tls).some(field => field === 'caCertificates' || field === 'credentialName')) return;
  // Without certificates of the client MUTUAL is refused, and MTLS215 says so.
  if (at(tls, 'mode') === 'MUTUAL' && !certificateFields(tls).includes('clientCertificate')) return;
  // Towards a workload of the mesh the mode itself is the fault.
  if (faultsOf(context, 'MTLS204').some(fault => fault.at === object)) return;
  context.report({
    at: object,
    field: [...path, 'caCertificates'],
    what: `${pathText([...path, 'mode'])} ${asWritten(at(tls, 'mode'))} verifies ${host} by the operating system's authorities, which sign for no name inside a cluster`,
    fix: `Name the authority of the server in ${pathText([...path, 'caCertificates'])}.`,
  });
}
