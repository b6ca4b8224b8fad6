import { rule } from '../../src/rules/mtls215-mutual-without-certificates';
import { testRule } from '../../src/testing/test-rule';

const tls = (block: string) => `
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: web, namespace: shop}
  spec: {host: web, trafficPolicy: {tls: ${block}}}
`;

testRule(rule, {
  valid: [
    { name: 'both files are named', yaml: tls('{mode: MUTUAL, clientCertificate: /c, privateKey: /k}') },
    { name: 'a secret is named', yaml: tls('{mode: MUTUAL, credentialName: web-client}') },
    { name: 'SIMPLE needs none', yaml: tls('{mode: SIMPLE}') },
  ],
  invalid: [
    {
      name: 'nothing is named',
      yaml: tls('{mode: MUTUAL}'),
      findings: [{
        object: 'DestinationRule shop/web',
        field: 'spec.trafficPolicy.tls',
        what: 'mode is MUTUAL for host "web", and clientCertificate and privateKey are missing, as is credentialName',
      }],
    },
    {
      name: 'the key is missing',
      yaml: tls('{mode: MUTUAL, clientCertificate: /c, privateKey: ""}'),
      findings: [{ object: 'DestinationRule shop/web', what: 'mode is MUTUAL for host "web", and privateKey is missing, as is credentialName' }],
    },
  ],
});
