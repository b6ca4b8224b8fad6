import { caller, destinationRule, namespace, object, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls223-istio-mutual-outside-mesh';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the entry belongs to the mesh',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'vm.internal'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'vm', '{hosts: [vm.internal], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], workloadSelector: {labels: {app: vm}}}'),
        object('networking.istio.io/v1', 'WorkloadEntry', 'shop', 'vm', '{address: 10.0.0.1, labels: {app: vm}, serviceAccount: vm}'),
        destinationRule('shop', 'vm', '{host: vm.internal, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'a wildcard covers hosts outside',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'api.bank.example'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank', '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}'),
        destinationRule('shop', 'all', '{host: "*", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/all',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'spec.trafficPolicy.tls.mode ISTIO_MUTUAL sends Istio mTLS to api.bank.example:443, which is outside the mesh',
          fix: 'Give api.bank.example a DestinationRule of its own in namespace shop with tls.mode DISABLE, SIMPLE or MUTUAL (* covers other hosts too). '
            + 'If api.bank.example belongs to the mesh, set spec.location of its ServiceEntry to MESH_INTERNAL.',
          calls: ['shop/web -> api.bank.example:443'],
        },
      ],
    },
    {
      name: 'certificates stand beside it',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'api.bank.example'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank', '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tcp, protocol: TCP}]}'),
        destinationRule('shop', 'bank', '{host: api.bank.example, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, clientCertificate: /c, privateKey: /k}}}'),
      ),
      findings: [{
        object: 'DestinationRule shop/bank',
        fix: 'Set spec.trafficPolicy.tls.mode to MUTUAL, which presents the certificate that stands beside it. '
          + 'If api.bank.example belongs to the mesh, set spec.location of its ServiceEntry to MESH_INTERNAL.',
      }],
    },
  ],
});
