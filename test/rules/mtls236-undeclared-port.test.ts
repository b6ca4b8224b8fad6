import { caller, namespace, object, pod, service, strict, world } from '../../src/rules/examples';
import { rule } from '../../src/rules/mtls236-undeclared-port';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the host is no pod\'s, and the Service has a cluster IP',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'customers:9999'), pod('shop', 'customers'), service('shop', 'customers'), strict('shop'),
      ),
    },
  ],
  invalid: [
    {
      name: 'the StatefulSet names a Service that is not there',
      yaml: world(
        namespace('redis'), caller('redis', 'sentinel', 'redis-0.nodes.redis.svc:6379'),
        object('apps/v1', 'StatefulSet', 'redis', 'redis', '{serviceName: nodes, template: {metadata: {labels: {app: redis}}, spec: {containers: [{name: redis}]}}}'),
        strict('redis'),
      ),
      findings: [
        {
          object: 'StatefulSet redis/redis',
          field: 'spec.serviceName',
          what: 'pods of redis/redis are called on port 6379 (the variable UPSTREAM names redis-0.nodes.redis.svc), which no Service lists: the client\'s proxy sends plaintext, which workload port 6379 of redis/redis refuses: it is STRICT',
          calls: ['redis/sentinel -> nodes.redis.svc.cluster.local:6379'],
        },
      ],
    },
  ],
});
