import { ApiObject, App, Chart } from 'cdk8s';
import { MtlsMode, MtlsValidation } from 'cdk8s-istio-mtls';

const app = new App();
MtlsValidation.install(app, {
  strict: true, // warnings fail the synth too
  today: new Date().toISOString().slice(0, 10), // exceptions past their end are errors
  floor: MtlsMode.PERMISSIVE, // a workload in the mesh that accepts no mTLS is an error
  requireMeshPolicy: false, // a mesh without a policy of its own is none
});

const chart = new Chart(app, 'legacy', { namespace: 'legacy' });
new ApiObject(chart, 'policy', {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'default' },
  spec: {},
});
MtlsValidation.of(chart).acknowledge('MTLS109', { reason: 'the namespace follows the mesh on purpose' });

for (const finding of MtlsValidation.check(app)) { // findings as data, for tests
  if (finding.acknowledged === undefined) {
    throw new Error(`${finding.code} at ${finding.at.place}: ${finding.what}`);
  }
}
app.synth();
