import { App } from 'cdk8s';
import { RolloutStage } from 'cdk8s-istio-mtls';
import { migration } from '../migration';

/* web-frontend has joined the mesh, and the namespace becomes STRICT. */

const app = new App();
migration(app, { stage: RolloutStage.NAMESPACES, isWebFrontendInMesh: true });
app.synth();
