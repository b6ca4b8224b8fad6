import { caller, namespace, pod, policy, service, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls311-server-first-protocol-undeclared';
import { testRule } from '../../src/testing/test-rule';

const shop = (port: string, ...more: string[]) => world(namespace('shop'), pod('shop', 'mail'), service('shop', 'mail', port), ...more);
const WEB = caller('shop', 'web', 'mail:587');
const OLD = world(namespace('old', ''), caller('old', 'crm', 'mail.shop:587'));

testRule(rule, {
  valid: [
    { name: 'the name says TCP', yaml: shop('{name: tcp-submission, port: 587}', WEB) },
    { name: 'Istio knows the port', yaml: shop('{name: mail, port: 25}', caller('shop', 'web', 'mail:25')) },
    { name: 'clients speak first', yaml: shop('{name: postgres, port: 587, targetPort: 5432}'.replace('587', '5432'), caller('shop', 'web', 'mail:5432')) },
    { name: 'the mesh has a time-out for it', settings: { protocolDetectionTimeout: '5s' }, yaml: shop('{name: submission, port: 587}', WEB) },
    { name: 'neither client nor server has a sidecar', yaml: world(namespace('old', ''), pod('old', 'mail'), service('old', 'mail', '{name: submission, port: 587}'), caller('old', 'crm', 'mail:587')) },
    {
      name: 'ztunnel waits for nothing', settings: { ambient: true }, yaml: shop('{name: submission, port: 587}', WEB).replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
    },
  ],
  invalid: [
    {
      name: 'a client with a sidecar calls it',
      yaml: shop('{name: submission, port: 587}', WEB),
      findings: [{
        object: 'Service shop/mail',
        field: 'spec.ports[0]',
        what: 'the server behind service port 587 speaks first, and the name submission does not say that it is TCP: sidecars wait for bytes of the client to find out',
        calls: ['shop/web -> mail.shop.svc.cluster.local:587'],
      }],
    },
    {
      name: 'a client without a sidecar calls it, and the port is DISABLE, so that the server\'s sidecar waits for nothing else',
      yaml: shop('{name: submission, port: 587}', OLD, policy('shop', 'default', '{mtls: {mode: DISABLE}}')),
      findings: [{ object: 'Service shop/mail', calls: ['old/crm -> mail.shop.svc.cluster.local:587'] }],
    },
    {
      name: 'the server is outside the mesh, and the client\'s sidecar waits',
      yaml: world(namespace('shop'), WEB.replace('mail:587', 'mail.old:587'), namespace('old', ''), pod('old', 'mail'), service('old', 'mail', '{name: submission, port: 587}')),
      findings: [{ object: 'Service old/mail', calls: ['shop/web -> mail.old.svc.cluster.local:587'] }],
    },
    { name: 'nobody is shown to call it', yaml: shop('{name: submission, port: 587}'), findings: [{ object: 'Service shop/mail', severity: Severity.INFO }] },
    {
      name: 'the port of a ServiceEntry has no protocol, whatever its name',
      yaml: world(namespace('shop'), caller('shop', 'web', 'smtp.example.com:587'), `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: mail, namespace: shop}
spec: {hosts: [smtp.example.com], resolution: DNS, ports: [{name: tcp-smtp, number: 587}]}`),
      findings: [{ object: 'ServiceEntry shop/mail', fix: 'Set protocol: TCP for the port.' }],
    },
    { name: 'the port has no name', yaml: shop('{port: 587}', WEB), findings: [{ object: 'Service shop/mail', fix: 'Name the port tcp, or add appProtocol: tcp to it.' }] },
  ],
});
