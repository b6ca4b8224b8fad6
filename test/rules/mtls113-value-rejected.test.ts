import { rule } from '../../src/rules/mtls113-value-rejected';
import { testRule } from '../../src/testing/test-rule';

const destinationRule = (spec: string) => `
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: web, namespace: shop}
  spec: ${spec}
`;

testRule(rule, {
  valid: [
    { name: 'a rule is complete', yaml: destinationRule('{host: web, trafficPolicy: {tls: {mode: SIMPLE}}}') },
    { name: 'MUTUAL lacks its certificates (MTLS215 speaks)', yaml: destinationRule('{host: web, trafficPolicy: {tls: {mode: MUTUAL}}}') },
    {
      name: 'a namespace policy has ports (MTLS101 speaks)',
      yaml: `
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {portLevelMtls: {"80": {mode: DISABLE}}}
      `,
    },
    { name: 'a field is unknown (MTLS111 speaks)', yaml: destinationRule('{host: web, tls: {mode: anything}}') },
  ],
  invalid: [
    {
      name: 'the mode is in lower case: one finding, although the webhook would refuse it too',
      yaml: destinationRule('{host: web, trafficPolicy: {tls: {mode: simple}}}'),
      findings: [{
        object: 'DestinationRule shop/web',
        field: 'spec.trafficPolicy.tls.mode',
        fix: 'Allowed: DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL.',
      }],
    },
    {
      name: 'credentialName stands beside files, which only the webhook refuses',
      yaml: destinationRule('{host: web, trafficPolicy: {tls: {mode: SIMPLE, credentialName: a, caCertificates: /b}}}'),
      findings: [{
        object: 'DestinationRule shop/web',
        what: /^istiod's webhook refuses .*: cannot specify client certificates or CA certificate or CA CRL If credentialName is set$/,
      }],
    },
    {
      name: 'two fields are wrong: one finding for each',
      yaml: `
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: web, namespace: shop}
        spec: {selector: {matchLabels: {app: 3}}, mtls: {mode: ON}, portLevelMtls: {"8080": {mode: STRICT}}}
      `,
      findings: [
        { object: 'PeerAuthentication shop/web', field: 'spec.mtls.mode', fix: 'Allowed: UNSET, DISABLE, PERMISSIVE, STRICT.' },
        { object: 'PeerAuthentication shop/web', field: 'spec.selector.matchLabels.app' },
      ],
    },
    {
      name: 'a ServiceEntry has no hosts',
      yaml: `
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: api, namespace: shop}
        spec: {ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
      `,
      findings: [{ object: 'ServiceEntry shop/api', field: 'spec.hosts' }],
    },
  ],
});
