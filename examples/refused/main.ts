import { ApiObject, App, Chart } from 'cdk8s';
import { MtlsValidation } from 'cdk8s-istio-mtls';

const app = new App();
const chart = new Chart(app, 'mesh');
MtlsValidation.install(app);

// A policy of somebody else, written by hand, for the gateway alone. Istio would ignore it without a word.
new ApiObject(chart, 'gateway', {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'gateway', namespace: 'istio-system' },
  spec: { selector: { matchLabels: { istio: 'ingressgateway' } }, mtls: { mode: 'STRICT' } },
});
app.synth();
