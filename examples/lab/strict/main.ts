import { App } from 'cdk8s';
import { MtlsMode, NamespaceMtls } from 'cdk8s-istio-mtls';
import { lab } from '../lab';

/*
 * The namespace becomes STRICT, and customers would refuse web-frontend, which
 * has no sidecar: the app does not synthesize. The error names both ways out.
 */

const app = new App();
const { shop } = lab(app, { isWebFrontendInMesh: false });
new NamespaceMtls(shop, 'strict', { mode: MtlsMode.STRICT });
app.synth();
