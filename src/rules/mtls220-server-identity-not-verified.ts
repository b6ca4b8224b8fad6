import { tlsBlocks } from './client-tls';
import { destinationRule } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_WEBHOOK, DESTINATION_RULE_PAGE } from './references';
import { Rule } from './rule';
import { at, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

const bank = (tls: string) => destinationRule('shop', 'bank', `{host: api.bank.example, trafficPolicy: {tls: ${tls}}}`);

export const rule: Rule = {
  code: 'MTLS220',
  name: 'server-identity-not-verified',
  severity: Severity.WARNING,
  reads: [Kinds.DESTINATION_RULE],
  summary: 'A DestinationRule originates TLS and does not verify the server (insecureSkipVerify).',
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
      if (at(tls, 'insecureSkipVerify') !== true || (mode !== 'SIMPLE' && mode !== 'MUTUAL' && mode !== 'ISTIO_MUTUAL')) continue;
      context.report({
        at: object,
        field: [...path, 'insecureSkipVerify'],
        what: `insecureSkipVerify is true for ${scope}: clients encrypt with ${mode} and do not check who answers`,
        fix: `Remove ${pathText([...path, 'insecureSkipVerify'])}, and name the server's authority in ${pathText([...path, 'caCertificates'])} where it is a private one.`,
      });
    }
  },
};
