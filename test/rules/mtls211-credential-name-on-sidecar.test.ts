import { caller, destinationRule, namespace, object, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls211-credential-name-on-sidecar';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'a gateway reads credentialName',
      yaml: world(
        namespace('edge'), pod('edge', 'egress', { annotations: 'inject.istio.io/templates: gateway' }),
        object('networking.istio.io/v1', 'ServiceEntry', 'edge', 'bank', '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: https, protocol: HTTPS}]}'),
        destinationRule('edge', 'bank', '{host: api.bank.example, trafficPolicy: {tls: {mode: SIMPLE, credentialName: bank-ca}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the server is in the mesh and STRICT',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
        destinationRule('shop', 'customers', '{host: customers, trafficPolicy: {tls: {mode: MUTUAL, credentialName: c}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/customers',
          field: 'spec.trafficPolicy.tls.credentialName',
          what: 'spec.trafficPolicy.tls.credentialName is not read by sidecars without a workloadSelector: clients send plaintext to customers.shop.svc.cluster.local:80, which workload port 8080 of shop/customers refuses',
          calls: ['shop/web -> customers.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
