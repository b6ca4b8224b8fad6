import { destinationRule } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls220-server-identity-not-verified';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the server\'s authority is named',
      yaml: destinationRule('shop', 'nginx', '{host: nginx.app.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /etc/ca.pem}}}'),
    },
    {
      name: 'the server is asked for by a public name',
      yaml: destinationRule('shop', 'nginx', '{host: nginx.app.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE, sni: www.example.com}}}'),
    },
    {
      name: 'MUTUAL has no certificate of the client either, which MTLS215 says',
      yaml: destinationRule('shop', 'nginx', '{host: nginx.app.svc.cluster.local, trafficPolicy: {tls: {mode: MUTUAL}}}'),
    },
    {
      name: 'without TLS there is nothing to verify',
      yaml: destinationRule('shop', 'bank', '{host: api.bank.example, trafficPolicy: {tls: {mode: DISABLE, insecureSkipVerify: true}}}'),
    },
  ],
  invalid: [
    {
      name: 'no public authority signs for a name inside the cluster',
      yaml: destinationRule('shop', 'nginx', '{host: nginx.app.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE}}}'),
      findings: [
        {
          object: 'DestinationRule shop/nginx',
          field: 'spec.trafficPolicy.tls.caCertificates',
          what: 'spec.trafficPolicy.tls.mode SIMPLE verifies nginx.app.svc.cluster.local by the operating system\'s authorities, which sign for no name inside a cluster',
        },
      ],
    },
    {
      name: 'a port and a subset do not verify',
      yaml: destinationRule('shop', 'bank', '{host: api.bank.example, trafficPolicy: {portLevelSettings: [{port: {number: 443}, tls: {mode: MUTUAL, credentialName: c, insecureSkipVerify: true}}]}, subsets: [{name: v1, trafficPolicy: {tls: {mode: SIMPLE, insecureSkipVerify: true}}}]}'),
      findings: [
        {
          object: 'DestinationRule shop/bank',
          field: 'spec.subsets[0].trafficPolicy.tls.insecureSkipVerify',
          what: 'insecureSkipVerify is true for subset "v1" of host "api.bank.example": clients encrypt with SIMPLE and do not check who answers',
        },
        {
          object: 'DestinationRule shop/bank',
          field: 'spec.trafficPolicy.portLevelSettings[0].tls.insecureSkipVerify',
          what: 'insecureSkipVerify is true for host "api.bank.example" on service port 443: clients encrypt with MUTUAL and do not check who answers',
        },
      ],
    },
  ],
});
