import { App } from 'cdk8s';
import { MtlsMode, NamespaceMtls } from 'cdk8s-istio-mtls';
import { lab } from '../lab';

/* The first way out: web-frontend joins the mesh, and sends mTLS. */

const app = new App();
const { shop } = lab(app, { isWebFrontendInMesh: true });
new NamespaceMtls(shop, 'strict', { mode: MtlsMode.STRICT });
app.synth();
