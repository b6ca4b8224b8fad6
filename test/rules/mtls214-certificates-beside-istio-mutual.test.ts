import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls214-certificates-beside-istio-mutual';
import { testRule } from '../../src/testing/test-rule';

const tls = (block: string) => `
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: web, namespace: shop}
  spec: {host: web, trafficPolicy: {tls: ${block}}}
`;

testRule(rule, {
  valid: [
    { name: 'sni, names and insecureSkipVerify count with ISTIO_MUTUAL', yaml: tls('{mode: ISTIO_MUTUAL, sni: a, subjectAltNames: [b], insecureSkipVerify: true}') },
    { name: 'the certificate fields are empty', yaml: tls('{mode: ISTIO_MUTUAL, clientCertificate: "", privateKey: ""}') },
    {
      name: 'calls fail by the mode, which MTLS201 says',
      yaml: world(namespace('shop'), caller('shop', 'api', 'web'), pod('shop', 'web'), service('shop', 'web'), strict('shop'),
        destinationRule('shop', 'web', '{host: web, trafficPolicy: {tls: {mode: DISABLE, caCertificates: /ca}}}')),
    },
    { name: 'SIMPLE uses its CA', yaml: tls('{mode: SIMPLE, caCertificates: /ca.pem}') },
  ],
  invalid: [
    {
      name: 'ISTIO_MUTUAL names files',
      yaml: tls('{mode: ISTIO_MUTUAL, clientCertificate: /c, privateKey: /k, caCertificates: /ca}'),
      findings: [{
        object: 'DestinationRule shop/web',
        field: 'spec.trafficPolicy.tls.caCertificates',
        what: 'mode is ISTIO_MUTUAL for host "web", so that caCertificates, clientCertificate, privateKey are ignored',
      }],
    },
    {
      name: 'DISABLE names a secret',
      yaml: tls('{mode: DISABLE, credentialName: web-client}'),
      findings: [{ object: 'DestinationRule shop/web', what: 'mode is DISABLE for host "web", so that credentialName is ignored' }],
    },
  ],
});
