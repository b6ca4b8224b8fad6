// An app that uses nothing of the library: what is wrong with it is found by the plugin alone.
const { ApiObject, App, Chart } = require('cdk8s');

const POLICIES = {
  // Istio ignores a selector in the root namespace: an error.
  wrong: { namespace: 'istio-system', spec: { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'STRICT' } } },
  // A policy without a mode changes nothing: a warning.
  weak: { namespace: 'shop', spec: {} },
  right: { namespace: 'shop', spec: { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'STRICT' } } },
};

const { namespace, spec } = POLICIES[process.env.POLICY];
const app = new App();
const chart = new Chart(app, 'mesh', { namespace });
new ApiObject(chart, 'policy', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'web' }, spec });
app.synth();
