import { caller, destinationRule, namespace, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls204-own-tls-to-mesh-server';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the server has no proxy, and may well serve TLS',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'https://legacy.old'), namespace('old', 'team: a'), pod('old', 'legacy'),
        service('old', 'legacy', '{name: https, port: 443}'),
        destinationRule('shop', 'legacy', '{host: legacy.old.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'certificates of the mesh, and a client that does not trust its authority',
      settings: { meshIssuedCertificates: ['/c'] },
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: MUTUAL, clientCertificate: /c/cert-chain.pem, privateKey: /c/key.pem}}}'),
      ),
      findings: [{ object: 'DestinationRule shop/customers', what: /which the client itself ends: the client trusts the authorities of its system, and not the mesh's/ }],
    },
    {
      name: 'a wildcard for hosts outside also covers a Service of the mesh',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'),
        destinationRule('shop', 'tls', '{host: "*", trafficPolicy: {tls: {mode: MUTUAL, clientCertificate: /etc/c.pem, privateKey: /etc/k.pem}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/tls',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'spec.trafficPolicy.tls.mode MUTUAL originates TLS towards customers.shop.svc.cluster.local:80, which workload port 8080 of shop/customers refuses: it is PERMISSIVE and its proxy parses HTTP there',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
