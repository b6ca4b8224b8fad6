import { App, Chart } from 'cdk8s';
import {
  ClientTls, IstioMesh, MeshStrictMtls, MtlsMode, NamespaceMtls, PlaintextServiceExemption, ServiceClientTls, ServiceRef,
} from 'cdk8s-istio-mtls';

/*
 * A mesh whose clients do not choose mTLS by themselves (enableAutoMtls: false):
 * what a server demands, a DestinationRule has to make its clients send. The
 * constructs write the rules beside the policies.
 */

const app = new App();
new IstioMesh(app, 'facts', { autoMtls: false });

const mesh = new Chart(app, 'mesh');
new MeshStrictMtls(mesh, 'strict');

const payments = new Chart(app, 'payments', { namespace: 'payments' });
new NamespaceMtls(payments, 'strict', { mode: MtlsMode.STRICT });
new ServiceClientTls(payments, 'ledger', {
  service: ServiceRef.named('ledger', 'payments'),
  tls: ClientTls.istioMutual({ subjectAltNames: ['spiffe://cluster.local/ns/payments/sa/ledger'] }),
});
new PlaintextServiceExemption(payments, 'mainframe', {
  service: ServiceRef.named('mainframe', 'payments'),
  reason: 'The mainframe has no sidecar',
});

app.synth();
