import { OutboundTrafficMode } from '../../src/mesh/settings';
import { caller, namespace, object, pod, service, strict, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls226-host-hidden-from-client';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [
    {
      name: 'the Sidecar imports the host by name',
      yaml: world(
        namespace('front'), caller('front', 'ui', 'api.back'), namespace('back'), pod('back', 'api'), service('back', 'api'),
        strict('back'),
        object('networking.istio.io/v1', 'Sidecar', 'front', 'default', '{egress: [{hosts: [back/api.back.svc.cluster.local]}]}'),
      ),
    },
  ],
  invalid: [
    {
      name: 'nobody is shown to call what the Sidecar leaves out',
      yaml: world(
        namespace('front'), pod('front', 'ui'), namespace('back'), pod('back', 'api'), service('back', 'api'), strict('back'),
        object('networking.istio.io/v1', 'Sidecar', 'front', 'default', '{egress: [{hosts: ["./*"]}]}'),
      ),
      findings: [
        {
          severity: Severity.INFO,
          object: 'Sidecar front/default',
          field: 'spec.egress',
          what: 'the proxy of front/ui does not know api.back.svc.cluster.local: plaintext reaches workload port 8080 of back/api, which refuses it',
          calls: ['front/ui -> api.back.svc.cluster.local:80'],
        },
      ],
    },
    {
      name: 'the Service is not exported to the client\'s namespace',
      yaml: world(
        namespace('front'), caller('front', 'ui', 'api.back'), namespace('back'), pod('back', 'api'),
        service('back', 'api').replace('namespace: back}', 'namespace: back, annotations: {networking.istio.io/exportTo: .}}'),
        strict('back'),
      ),
      findings: [
        {
          object: 'Service back/api',
          field: 'metadata.annotations["networking.istio.io/exportTo"]',
          what: 'the proxy of front/ui does not know api.back.svc.cluster.local: plaintext reaches workload port 8080 of back/api, which refuses it',
          calls: ['front/ui -> api.back.svc.cluster.local:80'],
        },
      ],
    },
    {
      name: 'unknown hosts are not let through at all',
      settings: { outboundTrafficMode: OutboundTrafficMode.REGISTRY_ONLY },
      yaml: world(
        namespace('front'), caller('front', 'ui', 'api.back'), namespace('back'), pod('back', 'api'), service('back', 'api'),
        object('networking.istio.io/v1', 'Sidecar', 'front', 'default', '{egress: [{hosts: ["./*"]}]}'),
      ),
      findings: [
        {
          object: 'Sidecar front/default',
          field: 'spec.egress',
          what: 'the proxy of front/ui does not know api.back.svc.cluster.local: the call does not leave it',
          calls: ['front/ui -> api.back.svc.cluster.local:80'],
        },
      ],
    },
  ],
});
