import { destinationRule, namespace, object, pod, service, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls239-passthrough-wrapped-again';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the server speaks TLS itself',
      yaml: world(
        pod('edge', 'gateway', { labels: 'sidecar.istio.io/inject: "true"', annotations: 'inject.istio.io/templates: gateway' }),
        object('networking.istio.io/v1', 'Gateway', 'edge', 'public', '{selector: {app: gateway}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [d.example.com], tls: {mode: PASSTHROUGH}}]}'),
        object('networking.istio.io/v1', 'VirtualService', 'edge', 'd', '{hosts: [d.example.com], gateways: [public], tls: [{match: [{sniHosts: [d.example.com]}], route: [{destination: {host: d.ops.svc.cluster.local, port: {number: 443}}}]}]}'),
        namespace('ops'), pod('ops', 'd'), service('ops', 'd', '{name: https, port: 443}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'a rule of the mesh wraps it',
      settings: { autoMtls: false },
      yaml: world(
        pod('edge', 'gateway', { labels: 'sidecar.istio.io/inject: "true"', annotations: 'inject.istio.io/templates: gateway' }),
        object('networking.istio.io/v1', 'Gateway', 'edge', 'public', '{selector: {app: gateway}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [d.example.com], tls: {mode: PASSTHROUGH}}]}'),
        object('networking.istio.io/v1', 'VirtualService', 'edge', 'd', '{hosts: [d.example.com], gateways: [public], tls: [{match: [{sniHosts: [d.example.com]}], route: [{destination: {host: d.ops.svc.cluster.local, port: {number: 80}}}]}]}'),
        namespace('ops'), pod('ops', 'd'), service('ops', 'd'),
        destinationRule('istio-system', 'mesh', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      ),
      findings: [
        {
          object: 'VirtualService edge/d',
          field: 'spec.tls[0].route[0].destination.host',
          what: 'spec.tls[0].route[0].destination.host of VirtualService edge/d leads TLS that nobody has ended to d.ops.svc.cluster.local:80, an HTTP port, and edge/gateway wraps it in Istio mTLS once more',
          calls: ['edge/gateway -> d.ops.svc.cluster.local:80 (works)'],
        },
      ],
    },
  ],
});
