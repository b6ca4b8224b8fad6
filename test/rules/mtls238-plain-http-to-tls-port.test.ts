import { destinationRule, namespace, object, pod, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls238-plain-http-to-tls-port';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the TLS is passed through',
      yaml: world(
        pod('edge', 'gateway', { labels: 'sidecar.istio.io/inject: "true"', annotations: 'inject.istio.io/templates: gateway' }),
        object('networking.istio.io/v1', 'Gateway', 'edge', 'public', '{selector: {app: gateway}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [d.example.com], tls: {mode: PASSTHROUGH}}]}'),
        object('networking.istio.io/v1', 'VirtualService', 'edge', 'd', '{hosts: [d.example.com], gateways: [public], tls: [{match: [{sniHosts: [d.example.com]}], route: [{destination: {host: d.ops.svc.cluster.local, port: {number: 443}}}]}]}'),
        namespace('ops', 'team: ops'), pod('ops', 'd'), service('ops', 'd', '{name: https, port: 443}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'a rule for the host sets no tls',
      yaml: world(
        pod('edge', 'gateway', { labels: 'sidecar.istio.io/inject: "true"', annotations: 'inject.istio.io/templates: gateway' }),
        object('networking.istio.io/v1', 'Gateway', 'edge', 'public', '{selector: {app: gateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [d.example.com], tls: {mode: SIMPLE, credentialName: d}}]}'),
        object('networking.istio.io/v1', 'VirtualService', 'edge', 'd', '{hosts: [d.example.com], gateways: [public], http: [{route: [{destination: {host: d.ops.svc.cluster.local, port: {number: 443}}}]}]}'),
        namespace('ops', 'team: ops'), pod('ops', 'd'), service('ops', 'd', '{name: https, port: 443}'),
        destinationRule('edge', 'd', '{host: d.ops.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule edge/d',
          field: 'spec.trafficPolicy.tls',
          what: 'edge/gateway sends plain HTTP to d.ops.svc.cluster.local:443, which is declared to speak TLS',
          calls: ['edge/gateway -> d.ops.svc.cluster.local:443 (plaintext)'],
        },
      ],
    },
  ],
});
