import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls228-server-identity-rejected';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the service account of the server is among the names',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://cluster.local/ns/a/sa/b", "spiffe://cluster.local/ns/shop/sa/default"]}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'HTTP with certificates of the mesh, of a rule that names no identity',
      settings: { meshIssuedCertificates: ['/c'] },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: MUTUAL, clientCertificate: /c/cert-chain.pem, privateKey: /c/key.pem, caCertificates: /c/root-cert.pem}}}'),
      ),
      findings: [{
        object: 'DestinationRule shop/customers',
        field: 'spec.trafficPolicy.tls.subjectAltNames',
        fix: 'Add spiffe://cluster.local/ns/shop/sa/default to spec.trafficPolicy.tls.subjectAltNames, or set spec.trafficPolicy.tls.mode to ISTIO_MUTUAL.',
      }],
    },
    {
      name: 'the names are of another trust domain',
      settings: { trustDomain: 'prod' },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://cluster.local/ns/shop/sa/default"]}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.tls.subjectAltNames',
          what: 'spec.trafficPolicy.tls.subjectAltNames does not accept the server of customers.shop.svc.cluster.local:80: the server is spiffe://prod/ns/shop/sa/default, which the rule does not accept',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
