import { ApiObject, App, Chart } from 'cdk8s';
import { MeshDataPlane, MeshNamespace } from 'cdk8s-istio-mtls';
import { Deployment, EnvValue, LabelSelector, Service } from 'cdk8s-plus-27';

/** What the stages of the lab change. */
export interface LabOptions {
  /** Whether web-frontend has a sidecar, as customers has. */
  readonly isWebFrontendInMesh: boolean;
}

/** What the stages of the lab add to. */
export interface Lab {
  readonly shop: Chart;
  readonly customers: Deployment;
}

/** A small shop behind an ingress gateway: customers is in the mesh, and web-frontend calls it. */
export function lab(app: App, { isWebFrontendInMesh }: LabOptions): Lab {
  const istio = new Chart(app, 'istio', { namespace: 'istio-system' });
  // Without a label of its own: a namespace that says `istio-injection: disabled` would keep the gateway from being injected.
  new ApiObject(istio, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
  const ingress = new Deployment(istio, 'ingress', {
    metadata: { name: 'istio-ingressgateway', labels: { istio: 'ingressgateway' } },
    podMetadata: {
      labels: { 'istio': 'ingressgateway', 'sidecar.istio.io/inject': 'true' },
      annotations: { 'inject.istio.io/templates': 'gateway' },
    },
    select: false,
    containers: [{ name: 'istio-proxy', image: 'auto', portNumber: 8080 }],
  });
  ingress.select(LabelSelector.of({ labels: { istio: 'ingressgateway' } }));

  const shop = new Chart(app, 'shop', { namespace: 'default' });
  new MeshNamespace(shop, 'namespace', { name: 'default', dataPlane: MeshDataPlane.SIDECAR });
  new ApiObject(shop, 'gateway', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gateway' },
    spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
  });

  const web = new Deployment(shop, 'web-frontend', {
    metadata: { name: 'web-frontend', labels: { app: 'web-frontend' } },
    podMetadata: { labels: { app: 'web-frontend', version: 'v1', ...isWebFrontendInMesh ? {} : { 'sidecar.istio.io/inject': 'false' } } },
    replicas: 1,
    select: false,
    containers: [{
      name: 'web',
      image: 'gcr.io/tetratelabs/web-frontend:1.0.0',
      portNumber: 8080,
      envVariables: { CUSTOMER_SERVICE_URL: EnvValue.fromValue('http://customers.default.svc.cluster.local') },
    }],
  });
  web.select(LabelSelector.of({ labels: { app: 'web-frontend', version: 'v1' } }));

  const customers = new Deployment(shop, 'customers-v1', {
    metadata: { name: 'customers-v1', labels: { app: 'customers', version: 'v1' } },
    podMetadata: { labels: { app: 'customers', version: 'v1' } },
    replicas: 1,
    select: false,
    containers: [{ name: 'svc', image: 'gcr.io/tetratelabs/customers:1.0.0', portNumber: 3000 }],
  });
  customers.select(LabelSelector.of({ labels: { app: 'customers', version: 'v1' } }));

  for (const [name, workloadPort] of [['web-frontend', 8080], ['customers', 3000]] as const) {
    const service = new Service(shop, `${name}-service`, {
      metadata: { name, labels: { app: name } },
      ports: [{ name: 'http', port: 80, targetPort: workloadPort }],
    });
    service.selectLabel('app', name);
  }
  route(shop, 'web-frontend', ['*']);
  route(shop, 'customers', ['customers.default.svc.cluster.local']);
  return { shop, customers };
}

/** Routes calls that arrive at the gateway for some hosts to a Service. */
function route(shop: Chart, service: string, hosts: string[]): void {
  const host = `${service}.default.svc.cluster.local`;
  new ApiObject(shop, `${service}-route`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service },
    spec: { hosts, gateways: ['gateway'], http: [{ route: [{ destination: { host, port: { number: 80 } } }] }] },
  });
}
