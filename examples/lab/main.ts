import { App } from 'cdk8s';
import { lab } from './lab';

/*
 * A small shop: customers is in the mesh, web-frontend is not and calls it. As
 * long as the mesh accepts plaintext, which is Istio's default, everything works.
 */

const app = new App();
lab(app, { isWebFrontendInMesh: false });
app.synth();
