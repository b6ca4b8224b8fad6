/* eslint-disable no-bitwise -- a random number generator is made of them */

import { identityOf, MeshObject, Origin } from '../../src/mesh/object';

/** What a generated mesh has that makes it hard: nothing, or one of the inputs that naive indexes cannot stand. */
export type Shape = 'friendly' | 'random order' | 'one shared label pair' | '200 wildcard depths' | 'one namespace';

/** How many objects of each kind a mesh has; there is a Service for every ten workloads. */
export interface MeshSize {
  readonly workloads: number;
  readonly policies: number;
  readonly rules: number;
}

/** The workload ports behind the two ports of every service. */
const TARGETS = [8080, 9090];
const DEPTHS = 200;
const WORKLOADS_PER_NAMESPACE = 200;

type Fields = { readonly [key: string]: unknown };

/** Objects of a mesh, the same ones each time, in the order of a cluster's export. Nothing of the model has looked at them. */
export function generateMesh(size: MeshSize, shape: Shape): MeshObject[] {
  const random = randomNumbers(7);
  const services = size.workloads / 10;
  const namespaces = shape === 'one namespace' ? 1 : Math.max(1, Math.round(size.workloads / WORKLOADS_PER_NAMESPACE));
  // The workloads of a service stand in one namespace.
  const place = (service: number) => `ns-${Math.floor(service * namespaces / services)}`;
  const isDeep = shape === '200 wildcard depths';
  const host = (service: number) => isDeep
    ? `s${service}.${'a.'.repeat(service % DEPTHS)}mesh-${service % 50}.example`
    : `service-${service}.${place(service)}.svc.cluster.local`;
  const manifests: string[] = [];
  const add = (apiVersion: string, kind: string, metadata: Fields, spec?: unknown): void => {
    manifests.push(JSON.stringify({ apiVersion, kind, metadata, spec }));
  };

  for (let i = 0; i < namespaces; i++) add('v1', 'Namespace', { name: `ns-${i}`, labels: { 'istio-injection': 'enabled' } });
  for (let i = 0; i < size.workloads; i++) {
    const service = Math.floor(i / 10);
    const labels = { app: `app-${service}`, id: `id-${i}`, version: `v${random(3)}`, tier: `tier-${random(5)}`, shared: 'yes' };
    const ports = TARGETS.map((containerPort, index) => ({ name: `port-${index}`, containerPort }));
    add('apps/v1', 'Deployment', { name: `workload-${i}`, namespace: place(service) },
      { template: { metadata: { labels }, spec: { containers: [{ name: 'app', ports }] } } });
  }
  for (let i = 0; i < services; i++) {
    if (isDeep) {
      add('networking.istio.io/v1', 'ServiceEntry', { name: `service-${i}`, namespace: place(i) }, {
        hosts: [host(i)],
        location: 'MESH_INTERNAL',
        resolution: 'STATIC',
        workloadSelector: { labels: { app: `app-${i}` } },
        ports: TARGETS.map((targetPort, index) => ({ name: index ? 'tcp' : 'http', protocol: index ? 'TCP' : 'HTTP', number: 80 + index, targetPort })),
      });
    } else {
      add('v1', 'Service', { name: `service-${i}`, namespace: place(i) }, {
        selector: { app: `app-${i}` },
        ports: TARGETS.map((targetPort, index) => ({ name: index ? 'tcp' : 'http', port: 80 + index, targetPort })),
      });
    }
  }
  for (let i = 0; i < size.policies; i++) {
    const workload = random(size.workloads);
    const isGeneral = shape !== 'one shared label pair' && random(2) === 0;
    const matchLabels = shape === 'one shared label pair' ? { shared: 'yes', id: `id-${workload}` } : { id: `id-${workload}` };
    add('security.istio.io/v1', 'PeerAuthentication',
      { name: `policy-${i}`, namespace: random(100) === 0 ? 'istio-system' : place(Math.floor(workload / 10)) },
      isGeneral
        ? { mtls: { mode: MODES[random(3)] } }
        : { selector: { matchLabels }, mtls: { mode: MODES[random(3)] }, portLevelMtls: { 8080: { mode: MODES[random(3)] } } });
  }
  for (let i = 0; i < size.rules; i++) {
    const service = random(services);
    const isWildcard = isDeep || random(5) === 0;
    const target = host(service);
    // A wildcard stands in the namespace whose services it covers; of the other rules, half stand in any.
    const namespace = isDeep ? 'istio-system' : isWildcard || random(2) === 0 ? place(service) : `ns-${random(namespaces)}`;
    add('networking.istio.io/v1', 'DestinationRule',
      { name: `rule-${i}`, namespace },
      { host: isWildcard ? `*${target.slice(target.indexOf('.'))}` : target, trafficPolicy: { tls: { mode: random(2) === 0 ? 'ISTIO_MUTUAL' : 'DISABLE' } } });
  }
  return (shape === 'random order' ? shuffled(manifests, random) : manifests).map(text => {
    const body = JSON.parse(text) as { readonly metadata: Fields };
    return new MeshObject(identityOf(body), ORIGIN, body.metadata, body);
  });
}

const ORIGIN: Origin = { place: 'bench', isConstruct: false, judged: true };
const MODES = ['STRICT', 'PERMISSIVE', 'UNSET'];

/** Whole numbers below a limit that look random (Park and Miller's generator), the same ones for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return limit => {
    state = state * 48_271 % 2_147_483_647;
    return Math.floor(state / 2_147_483_647 * limit);
  };
}

/** Folders and clusters list objects by kind, by namespace and by name; a stream may have them in any order. */
function shuffled<T>(list: T[], random: (limit: number) => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
