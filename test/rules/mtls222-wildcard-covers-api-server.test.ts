import { caller, destinationRule, namespace, object, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls222-wildcard-covers-api-server';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the API server is exempted in its own namespace, where clients without other rules find it first',
      yaml: world(
        destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
        destinationRule('default', 'api-server', '{host: kubernetes.default.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'auto mTLS is off, so that the wildcard is needed, and the exemption too',
      settings: { autoMtls: false },
      yaml: destinationRule('istio-system', 'default', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
      findings: [
        {
          object: 'DestinationRule istio-system/default',
          field: 'spec.host',
          what: '*.local covers kubernetes.default.svc.cluster.local, the API server, and sends it Istio mTLS, which it does not speak',
          condition: 'a pod with a proxy that finds this rule calls the API server',
        },
      ],
    },
    {
      name: 'the exemption stands in another namespace than the wildcard',
      yaml: world(
        namespace('ops'), caller('ops', 'controller', 'https://kubernetes.default.svc'),
        object('v1', 'Service', 'default', 'kubernetes', '{ports: [{name: https, port: 443, targetPort: 6443}]}'),
        destinationRule('ops', 'all', '{host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
        destinationRule('istio-system', 'api-server', '{host: kubernetes.default.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}'),
      ),
      findings: [
        {
          object: 'DestinationRule ops/all',
          field: 'spec.trafficPolicy.tls.mode',
          what: 'spec.trafficPolicy.tls.mode ISTIO_MUTUAL sends Istio mTLS to kubernetes.default.svc.cluster.local:443, the API server, which has no proxy',
          calls: ['ops/controller -> kubernetes.default.svc.cluster.local:443'],
        },
      ],
    },
  ],
});
