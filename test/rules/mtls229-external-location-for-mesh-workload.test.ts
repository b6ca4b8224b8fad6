import { caller, namespace, object, pod, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls229-external-location-for-mesh-workload';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the workloads accept plaintext',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers.internal'), pod('shop', 'customers'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'customers', '{hosts: [customers.internal], resolution: STATIC, workloadSelector: {labels: {app: customers}}, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the location is written, and wrong',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers.internal'), pod('shop', 'customers'), strict('shop'),
        object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'customers', '{hosts: [customers.internal], location: MESH_EXTERNAL, resolution: STATIC, workloadSelector: {labels: {app: customers}}, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]}'),
      ),
      findings: [
        {
          object: 'ServiceEntry shop/customers',
          field: 'spec.location',
          what: 'customers.internal:80 counts as outside the mesh, so that clients send plaintext to it, which workload port 8080 of shop/customers refuses: it is STRICT',
          calls: ['shop/web -> customers.internal:80', 'shop/customers -> customers.internal:80'],
        },
      ],
    },
  ],
});
