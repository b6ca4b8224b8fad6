import { App, Chart } from 'cdk8s';
import { ClientTls, IstioMesh, MeshStrictMtls, MtlsReport, MtlsValidation, ServiceClientTls, ServiceRef } from 'cdk8s-istio-mtls';

const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: { template: { metadata: { labels: { app: name } }, spec: { containers: [{ name }] } } },
});
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } };
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};

const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
// What other teams have deployed, as plain data.
new IstioMesh(chart, 'facts', { context: [namespace, deployment('web'), deployment('cart'), service] });
new MeshStrictMtls(chart, 'strict');
new ServiceClientTls(chart, 'plain', { service: ServiceRef.named('web', 'shop'), tls: ClientTls.disable() });

for (const finding of MtlsValidation.check(app)) {
  console.log(`${finding.code} at ${finding.at.place}: ${finding.what}`);
}
console.log(MtlsReport.of(app).connection('shop/cart', 'web', 80).because[0]);
app.synth(); // fails, with the same finding
