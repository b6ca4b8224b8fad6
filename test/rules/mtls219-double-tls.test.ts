import { caller, destinationRule, namespace, object, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls219-double-tls';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'nobody is shown to speak TLS to the host',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'http://api.bank.example:443'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank', '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: https, protocol: HTTPS}]}'),
        destinationRule('shop', 'bank', '{host: api.bank.example, trafficPolicy: {tls: {mode: SIMPLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'TLS is spoken to port 80',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'http://api.bank.example'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank', '{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}'),
        destinationRule('shop', 'bank', '{host: api.bank.example, trafficPolicy: {tls: {mode: SIMPLE}}}'),
      ),
      findings: [
        {
          severity: Severity.WARNING,
          object: 'ServiceEntry shop/bank',
          field: 'spec.ports[0].targetPort',
          what: 'spec.trafficPolicy.tls.mode SIMPLE speaks TLS to port 80 of api.bank.example, where servers speak plain HTTP',
        },
      ],
    },
  ],
});
