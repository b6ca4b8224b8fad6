import { App, Chart } from 'cdk8s';
import {
  ClientTls, ExternalServiceTls, IstioMesh, MeshDataPlane, MeshNamespace, MeshStrictMtls, ServiceClientTls, ServicePort, ServiceRef, TlsVersion,
  WorkloadMtlsException, WorkloadPort, WorkloadSelector,
} from 'cdk8s-istio-mtls';

const app = new App();

const mesh = new Chart(app, 'mesh');
new IstioMesh(mesh, 'facts', { minProtocolVersion: TlsVersion.TLS_V1_3 });
new MeshStrictMtls(mesh, 'strict');

const shop = new Chart(app, 'shop', { namespace: 'shop' });
new MeshNamespace(shop, 'namespace', { name: 'shop', dataPlane: MeshDataPlane.SIDECAR });
new WorkloadMtlsException(shop, 'metrics', {
  workload: WorkloadSelector.labels({ app: 'web' }),
  ports: [WorkloadPort.number(9090)],
  reason: 'Prometheus scrapes from outside the mesh',
  owner: 'team-observability',
});
new ExternalServiceTls(shop, 'payments', {
  host: 'payments.example.com',
  tls: ClientTls.simple({ sni: 'payments.example.com', subjectAltNames: ['payments.example.com'] }),
});
const legacy = new ServiceClientTls(shop, 'legacy', {
  service: ServiceRef.named('legacy', 'old'),
  tls: ClientTls.disable(),
});
legacy.addPortTls(ServicePort.number(8443), ClientTls.simple({ caCertificates: '/etc/certs/legacy.pem' }));

app.synth();
