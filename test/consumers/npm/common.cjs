const { Testing, Chart } = require('cdk8s');
const { MeshStrictMtls } = require('cdk8s-istio-mtls');
const { findingsIn } = require('cdk8s-istio-mtls/testing');

const app = Testing.app();
new MeshStrictMtls(new Chart(app, 'mesh'), 'strict');
console.log(`${findingsIn(app).length} findings`);
