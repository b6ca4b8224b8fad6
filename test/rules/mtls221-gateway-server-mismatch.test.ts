import { caller, destinationRule, namespace, object, pod, service, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls221-gateway-server-mismatch';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'a plain server takes plaintext',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'egress:80'),
        pod('shop', 'egress', { labels: 'istio: egress', annotations: 'inject.istio.io/templates: gateway' }), service('shop', 'egress'),
        object('networking.istio.io/v1', 'Gateway', 'shop', 'egress', '{selector: {istio: egress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'nobody is shown to call the port on which nothing listens',
      yaml: world(
        namespace('shop'), pod('shop', 'web'),
        pod('shop', 'egress', { labels: 'istio: egress', annotations: 'inject.istio.io/templates: gateway' }), service('shop', 'egress'),
      ),
      findings: [
        {
          severity: Severity.INFO,
          object: 'Pod shop/egress',
          field: 'metadata.name',
          what: 'clients send plaintext to egress.shop.svc.cluster.local:80, and no Gateway object makes the gateway listen on workload port 8080',
          calls: ['shop/web -> egress.shop.svc.cluster.local:80'],
        },
      ],
    },
    {
      name: 'the rule for the gateway disables TLS',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'egress:80'),
        pod('shop', 'egress', { labels: 'istio: egress', annotations: 'inject.istio.io/templates: gateway' }), service('shop', 'egress'),
        object('networking.istio.io/v1', 'Gateway', 'shop', 'egress', '{selector: {istio: egress}, servers: [{port: {number: 80, name: https, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL}, hosts: ["*"]}]}'),
        destinationRule('shop', 'egress', '{host: egress, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule shop/egress',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'clients send plaintext to egress.shop.svc.cluster.local:80, and the gateway listens on workload port 8080 with ISTIO_MUTUAL, which does not take what the client sends',
          calls: ['shop/web -> egress.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
