import { caller, namespace, pod, service, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls230-headless-target-port';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the Service has a cluster IP, and proxies translate',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:80'), pod('shop', 'db'),
        service('shop', 'db', '{name: tcp, port: 80, targetPort: 5432}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'nobody is shown to call the port',
      yaml: world(
        namespace('shop'), pod('shop', 'web'), pod('shop', 'db'),
        service('shop', 'db', '{name: tcp, port: 80, targetPort: 5432}', 'clusterIP: None'),
      ),
      findings: [
        {
          severity: Severity.INFO,
          object: 'Service shop/db',
          field: 'spec.ports[0].targetPort',
          what: 'clients of db.shop.svc.cluster.local:80 connect to port 80 of the pod, and the application listens on 5432',
          calls: ['shop/web -> db.shop.svc.cluster.local:80'],
        },
      ],
    },
    {
      name: 'a named target port is another number',
      yaml: world(
        namespace('shop'), caller('shop', 'web', 'db:80'),
        pod('shop', 'db', { spec: '{containers: [{name: db, ports: [{name: sql, containerPort: 5432}]}]}' }),
        service('shop', 'db', '{name: tcp, port: 80, targetPort: sql}', 'clusterIP: None'),
      ),
      findings: [
        {
          object: 'Service shop/db',
          field: 'spec.ports[0].targetPort',
          what: 'clients of db.shop.svc.cluster.local:80 connect to port 80 of the pod, and the application listens on 5432',
          calls: ['shop/web -> db.shop.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
