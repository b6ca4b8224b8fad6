import { App, Chart } from 'cdk8s';
import { IstioMesh, MeshDataPlane, MeshNamespace, MeshStrictMtls, WorkloadMtlsException, WorkloadPort, WorkloadSelector } from 'cdk8s-istio-mtls';
import { Deployment, EnvValue, Service } from 'cdk8s-plus-27';

/** A STRICT mesh with a shop in it, as `main.ts` synthesizes it and as the tests ask about it. */
export function addShop(app: App): App {
  const mesh = new Chart(app, 'mesh');
  new IstioMesh(mesh, 'facts', { openWorld: false });
  new MeshStrictMtls(mesh, 'strict');

  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  new MeshNamespace(shop, 'namespace', { name: 'shop', dataPlane: MeshDataPlane.SIDECAR });
  const customers = new Deployment(shop, 'customers', {
    metadata: { name: 'customers' },
    containers: [{ image: 'registry.example.com/customers:1.0.0', ports: [{ name: 'http', number: 8080 }, { name: 'metrics', number: 9090 }] }],
  });
  new Service(shop, 'service', { metadata: { name: 'customers' }, selector: customers, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  new Deployment(shop, 'web', {
    metadata: { name: 'web' },
    containers: [{ image: 'registry.example.com/web:1.0.0', portNumber: 8080, envVariables: { CUSTOMERS: EnvValue.fromValue('http://customers') } }],
  });
  new WorkloadMtlsException(shop, 'customers-metrics', {
    workload: WorkloadSelector.of(customers),
    ports: [WorkloadPort.named('metrics')],
    reason: 'Prometheus is not in the mesh yet',
    owner: 'team-observability',
  });
  return app;
}
