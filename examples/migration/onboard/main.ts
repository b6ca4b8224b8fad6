import { App } from 'cdk8s';
import { RolloutStage } from 'cdk8s-istio-mtls';
import { migration } from '../migration';

/* The start: everybody may send plaintext, and the mesh says so. What blocks the next stage is printed. */

const app = new App();
migration(app, { stage: RolloutStage.ONBOARD, isWebFrontendInMesh: false });
app.synth();
