import { App, Chart } from 'cdk8s';
import {
  ClientTls, IstioMesh, MeshDataPlane, MeshNamespace, MeshMtls, MtlsMode, NamespaceMtls, ServiceClientTls, ServiceRef,
} from 'cdk8s-istio-mtls';

/*
 * One mesh, three kinds of namespaces: with sidecars, in ambient mode, and outside
 * the mesh. The mesh accepts plaintext; the namespaces that can, demand mTLS.
 */

const app = new App();
new IstioMesh(app, 'facts', { ambient: true });

const mesh = new Chart(app, 'mesh');
new MeshMtls(mesh, 'permissive', { mode: MtlsMode.PERMISSIVE });

const shop = new Chart(app, 'shop', { namespace: 'shop' });
new MeshNamespace(shop, 'namespace', { name: 'shop', dataPlane: MeshDataPlane.SIDECAR });
new NamespaceMtls(shop, 'strict', { mode: MtlsMode.STRICT });

const stock = new Chart(app, 'stock', { namespace: 'stock' });
new MeshNamespace(stock, 'namespace', { name: 'stock', dataPlane: MeshDataPlane.AMBIENT });
new NamespaceMtls(stock, 'strict', { mode: MtlsMode.STRICT });

const legacy = new Chart(app, 'legacy', { namespace: 'legacy' });
new MeshNamespace(legacy, 'namespace', { name: 'legacy', dataPlane: MeshDataPlane.NONE });
new ServiceClientTls(legacy, 'billing', { service: ServiceRef.named('billing', 'legacy'), tls: ClientTls.disable() });

app.synth();
