import { Chart, Testing } from 'cdk8s';
import { MeshStrictMtls } from 'cdk8s-istio-mtls';
import { findingsIn } from 'cdk8s-istio-mtls/testing';

const app = Testing.app();
new MeshStrictMtls(new Chart(app, 'mesh'), 'strict');
console.log(`${findingsIn(app).length} findings`);
