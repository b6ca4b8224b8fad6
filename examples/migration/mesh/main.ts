import { App } from 'cdk8s';
import { RolloutStage } from 'cdk8s-istio-mtls';
import { migration } from '../migration';

/* The end: the whole mesh is STRICT, and the namespace needs no policy of its own. */

const app = new App();
migration(app, { stage: RolloutStage.MESH, isWebFrontendInMesh: true });
app.synth();
