import { App } from 'cdk8s';
import { RolloutStage } from 'cdk8s-istio-mtls';
import { migration } from '../migration';

/* web-frontend joins the mesh while plaintext is still taken, so the order of restarts does not matter. Nothing blocks the next stage. */

const app = new App();
migration(app, { stage: RolloutStage.ONBOARD, isWebFrontendInMesh: true });
app.synth();
