import { rule } from '../../src/rules/mtls503-duplicate-object';
import { testRule } from '../../src/testing/test-rule';

const configMap = (metadata: string) => `
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {${metadata}}
`;

testRule(rule, {
  valid: [
    { name: 'the namespaces differ', yaml: configMap('name: a, namespace: x') + configMap('name: a, namespace: y') },
    { name: 'the names are generated', yaml: configMap('generateName: a-, namespace: x') + configMap('generateName: a-, namespace: x') },
    {
      name: 'the kinds have one name in two API groups',
      yaml: `
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: public, namespace: shop}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: public, namespace: shop}
      `,
    },
  ],
  invalid: [
    {
      name: 'one object is declared three times, in two versions',
      yaml: `
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: web, namespace: shop}
        spec: {host: web}
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: web, namespace: shop}
        spec: {host: web}
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: web, namespace: shop}
        spec: {host: web}
      `,
      findings: [
        { object: 'DestinationRule shop/web', see: ['DestinationRule shop/web'], what: 'DestinationRule shop/web is declared twice, the first time at case/00' },
        { object: 'DestinationRule shop/web', what: 'DestinationRule shop/web is declared twice, the first time at case/00' },
      ],
    },
  ],
});
