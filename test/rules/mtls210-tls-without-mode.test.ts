import { rule } from '../../src/rules/mtls210-tls-without-mode';
import { testRule } from '../../src/testing/test-rule';

const destinationRule = (spec: string) => `
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: web, namespace: shop}
  spec: ${spec}
`;

testRule(rule, {
  valid: [
    { name: 'plaintext is meant and said', yaml: destinationRule('{host: web, trafficPolicy: {tls: {mode: DISABLE}}}') },
    { name: 'there is no tls block: auto mTLS decides', yaml: destinationRule('{host: web, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}}') },
    { name: 'the mode is refused (MTLS113 speaks)', yaml: destinationRule('{host: web, trafficPolicy: {tls: {mode: 3}}}') },
  ],
  invalid: [
    {
      name: 'tls is empty',
      yaml: destinationRule('{host: web, trafficPolicy: {tls: {}}}'),
      findings: [{
        object: 'DestinationRule shop/web',
        field: 'spec.trafficPolicy.tls',
        what: 'tls is empty: clients of host "web" send plaintext',
        fix: 'Set spec.trafficPolicy.tls.mode (ISTIO_MUTUAL for a workload of the mesh), or remove spec.trafficPolicy and let auto mTLS decide.',
      }],
    },
    {
      name: 'a port and a port of a subset have only fields',
      yaml: destinationRule(`{host: web, trafficPolicy: {portLevelSettings: [{port: {number: 443}, tls: {sni: a}}]},
        subsets: [{name: v1, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {sni: b, subjectAltNames: [c]}}]}}]}`),
      findings: [
        {
          object: 'DestinationRule shop/web',
          field: 'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls',
          what: 'tls sets sni, subjectAltNames, and no mode: clients of subset "v1" of host "web" on service port 80 send plaintext',
        },
        {
          object: 'DestinationRule shop/web',
          field: 'spec.trafficPolicy.portLevelSettings[0].tls',
          what: 'tls sets sni, and no mode: clients of host "web" on service port 443 send plaintext',
        },
      ],
    },
  ],
});
