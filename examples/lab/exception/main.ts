import { App } from 'cdk8s';
import { MtlsMode, NamespaceMtls, WorkloadMtlsException, WorkloadPort, WorkloadSelector } from 'cdk8s-istio-mtls';
import { lab } from '../lab';

/* The other way out: the port that web-frontend calls goes on taking plaintext, and says why. */

const app = new App();
const { shop, customers } = lab(app, { isWebFrontendInMesh: false });
new NamespaceMtls(shop, 'strict', { mode: MtlsMode.STRICT });
new WorkloadMtlsException(shop, 'customers', {
  workload: WorkloadSelector.of(customers),
  ports: [WorkloadPort.number(3000)],
  reason: 'web-frontend has no sidecar yet',
});
app.synth();
