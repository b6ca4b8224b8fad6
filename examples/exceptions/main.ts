import { ApiObject, App, Chart } from 'cdk8s';
import {
  MeshDataPlane, MeshNamespace, MeshStrictMtls, MtlsValidation, PlaintextServiceExemption, ServiceRef, WebhookMtlsException,
  WorkloadMtlsException, WorkloadPort, WorkloadSelector,
} from 'cdk8s-istio-mtls';
import { Deployment, Service } from 'cdk8s-plus-27';

/*
 * The mesh is STRICT. Three things in it cannot be: a port that is scraped from
 * outside, a webhook that the API server calls, and a server without a proxy.
 */

const app = new App();
MtlsValidation.install(app, { today: '2026-12-01' }); // an exception past its end is an error

const mesh = new Chart(app, 'mesh');
new MeshStrictMtls(mesh, 'strict');

const shop = new Chart(app, 'shop', { namespace: 'shop' });
new MeshNamespace(shop, 'namespace', { name: 'shop', dataPlane: MeshDataPlane.SIDECAR });

// 1. A port that takes plaintext too. The others stay STRICT.
const web = new Deployment(shop, 'web', {
  metadata: { name: 'web' },
  containers: [{ name: 'web', image: 'registry.example.com/web:1.4.0', ports: [{ name: 'http', number: 8080 }, { name: 'metrics', number: 9090 }] }],
});
new WorkloadMtlsException(shop, 'web-metrics', {
  workload: WorkloadSelector.of(web),
  ports: [WorkloadPort.named('metrics')],
  reason: 'Prometheus scrapes from outside the mesh',
  owner: 'team-observability',
  expires: '2027-03-31',
});

// 2. A port for the API server, which is never in the mesh. Workload and port follow from the webhook's configuration.
const admission = new Deployment(shop, 'admission', {
  metadata: { name: 'admission' },
  containers: [{ name: 'admission', image: 'registry.example.com/admission:2.0.1', ports: [{ name: 'webhook', number: 9443 }] }],
});
const service = new Service(shop, 'admission-service', {
  metadata: { name: 'admission' }, selector: admission, ports: [{ name: 'https', port: 443, targetPort: 9443 }],
});
const webhook = new ApiObject(shop, 'webhook', {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'orders.shop.example.com' },
  webhooks: [{
    name: 'orders.shop.example.com',
    clientConfig: { service: { name: service.name, namespace: 'shop' } },
    rules: [{ apiGroups: ['shop.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['orders'] }],
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
  }],
});
new WebhookMtlsException(shop, 'admission-webhook', { webhook, workload: WorkloadSelector.of(admission) });

// 3. The other side: plaintext towards a server that has no proxy.
new PlaintextServiceExemption(shop, 'mainframe', {
  service: ServiceRef.named('mainframe', 'legacy'),
  reason: 'The mainframe has no proxy',
});

app.synth();
