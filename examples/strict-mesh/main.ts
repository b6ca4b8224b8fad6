import { App, Chart } from 'cdk8s';
import {
  ApiServerTlsExemption, MeshDataPlane, MeshNamespace, MeshStrictMtls, WorkloadMtlsException, WorkloadPort, WorkloadSelector,
} from 'cdk8s-istio-mtls';
import { Deployment, Service } from 'cdk8s-plus-27';

/*
 * The whole mesh takes mutual TLS only. One port of one workload is scraped by a
 * Prometheus that is not in the mesh, until it joins.
 */

const app = new App();

const mesh = new Chart(app, 'mesh');
new MeshStrictMtls(mesh, 'strict');
new ApiServerTlsExemption(mesh, 'api-server');

const shop = new Chart(app, 'shop', { namespace: 'shop' });
new MeshNamespace(shop, 'namespace', { name: 'shop', dataPlane: MeshDataPlane.SIDECAR });

const web = new Deployment(shop, 'web', {
  metadata: { name: 'web' },
  containers: [{ name: 'web', image: 'registry.example.com/web:1.4.0', ports: [{ name: 'http', number: 8080 }, { name: 'metrics', number: 9090 }] }],
});
new Service(shop, 'service', { metadata: { name: 'web' }, selector: web, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });

new WorkloadMtlsException(shop, 'web-metrics', {
  workload: WorkloadSelector.of(web),
  ports: [WorkloadPort.named('metrics')],
  reason: 'Prometheus is not in the mesh yet',
  owner: 'team-observability',
  expires: '2027-03-31',
});

app.synth();
