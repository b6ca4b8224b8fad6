import { App, Chart } from 'cdk8s';
import { MeshStrictMtls, WorkloadMtlsException, WorkloadPort, WorkloadSelector } from 'cdk8s-istio-mtls';

const app = new App();
const chart = new Chart(app, 'mesh', { namespace: 'shop' });

new MeshStrictMtls(chart, 'strict');
new WorkloadMtlsException(chart, 'metrics', {
  workload: WorkloadSelector.labels({ app: 'web' }),
  ports: [WorkloadPort.number(9090)],
  reason: 'Prometheus scrapes from outside the mesh',
});
app.synth();
