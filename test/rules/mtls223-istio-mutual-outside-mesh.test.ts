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
          calls: ['shop/web -> api.bank.example:443'],
        },
      ],
    },
  ],
});
