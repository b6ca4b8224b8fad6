import { destinationRule, namespace, pod, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls217-rule-never-applies';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the namespace of the rule has no workloads in the input',
      yaml: world(
        destinationRule('shop', 'bank', '{host: api.bank.example, workloadSelector: {matchLabels: {app: wbe}}, trafficPolicy: {tls: {mode: SIMPLE, credentialName: c}}}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'nobody is shown to suffer',
      yaml: world(
        namespace('shop'), pod('shop', 'web'),
        destinationRule('shop', 'bank', '{host: "*.example", workloadSelector: {matchLabels: {app: wbe}}, trafficPolicy: {tls: {mode: SIMPLE, credentialName: c}}}'),
      ),
      findings: [
        {
          severity: Severity.WARNING,
          object: 'DestinationRule shop/bank',
          field: 'spec.workloadSelector.matchLabels',
          what: 'spec.workloadSelector.matchLabels {"app":"wbe"} selects no workload of namespace shop',
          condition: 'namespace shop has no workloads beside those of the input',
        },
      ],
    },
  ],
});
