import { App } from 'cdk8s';
import { RolloutStage } from 'cdk8s-istio-mtls';
import { migration } from '../migration';

/* A stage too early: customers would refuse web-frontend, which has no sidecar. The app does not synthesize. */

const app = new App();
migration(app, { stage: RolloutStage.NAMESPACES, isWebFrontendInMesh: false });
app.synth();
