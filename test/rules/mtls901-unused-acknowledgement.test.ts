import { rule } from '../../src/rules/mtls901-unused-acknowledgement';
import { testRule } from '../../src/testing/test-rule';

const policy = (spec: string, acknowledge: string) => `
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata:
    name: default
    namespace: shop
    annotations:
      cdk8s-istio-mtls/acknowledge: ${JSON.stringify(acknowledge)}
  spec: ${spec}
`;

testRule(rule, {
  valid: [
    { name: 'the acknowledgement silences a finding', yaml: policy('{}', 'MTLS109: on purpose') },
    { name: 'two acknowledgements silence two findings', yaml: policy('{mtls: {}, a: b}', 'MTLS111: known; left\nMTLS111: and once more') },
  ],
  invalid: [
    {
      name: 'there is nothing to silence',
      yaml: policy('{mtls: {mode: STRICT}}', 'MTLS109: on purpose; MTLS111: an old field'),
      findings: [
        {
          object: 'PeerAuthentication shop/default',
          field: 'metadata.annotations["cdk8s-istio-mtls/acknowledge"]',
          what: 'the acknowledgement of MTLS109 ("on purpose") silences nothing',
        },
        { object: 'PeerAuthentication shop/default', what: 'the acknowledgement of MTLS111 ("an old field") silences nothing' },
      ],
    },
    {
      name: 'the reason is missing, so that the finding stands',
      yaml: policy('{}', 'MTLS109'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        what: 'the acknowledgement silences nothing: MTLS109 has no reason',
        fix: 'Write the code of a rule, a colon and the reason, as in "MTLS109: the mode follows the mesh on purpose".',
      }],
    },
    {
      name: 'the code is none of a rule',
      yaml: policy('{}', 'mode-missing: on purpose'),
      findings: [{ object: 'PeerAuthentication shop/default', what: 'the acknowledgement silences nothing: "mode-missing" is not a code of a rule' }],
    },
    {
      name: 'the text is empty',
      yaml: policy('{}', ' '),
      findings: [{ object: 'PeerAuthentication shop/default', what: 'the acknowledgement silences nothing: it is empty' }],
    },
  ],
});
