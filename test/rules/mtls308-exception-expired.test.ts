import { rule } from '../../src/rules/mtls308-exception-expired';
import { testRule } from '../../src/testing/test-rule';

const exception = (expires: string) => `
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: legacy, namespace: shop, annotations: {cdk8s-istio-mtls/expires: "${expires}"}}
  spec: {selector: {matchLabels: {app: legacy}}, mtls: {mode: PERMISSIVE}}
`;

testRule(rule, {
  valid: [
    { name: 'the exception ends today', today: '2026-11-24', yaml: exception('2026-11-24') },
    { name: 'nobody says what day it is', today: null, yaml: exception('2001-01-01') },
    {
      name: 'there is no end',
      yaml: `
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: legacy, namespace: shop}
        spec: {host: legacy, trafficPolicy: {tls: {mode: DISABLE}}}
      `,
    },
  ],
  invalid: [
    {
      name: 'the exception ended yesterday',
      today: '2026-11-24',
      yaml: exception('2026-11-23'),
      findings: [{
        object: 'PeerAuthentication shop/legacy',
        field: 'metadata.annotations["cdk8s-istio-mtls/expires"]',
        what: 'the exception ended on 2026-11-23, and today is 2026-11-24',
      }],
    },
    {
      name: 'the end is no date, which shows on any day',
      today: null,
      yaml: exception('next month'),
      findings: [{ object: 'PeerAuthentication shop/legacy', what: '"next month" is not a date as YYYY-MM-DD: the exception would never end' }],
    },
  ],
});
