import { deployment, Fields, headless, mesh, namespace, service } from './build';

const prometheus = (image: string, labels: Fields = {}): Fields => deployment('mon/prometheus', labels, { spec: { containers: [{ name: 'prometheus', image }] } });

const PROMETHEUS = prometheus('registry.example.com:5000/prometheus/prometheus:v3.5.0');

const server = (key: string, labels: Fields = {}): Fields => deployment(key, labels, {
  spec: { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }, { name: 'metrics', containerPort: 9102 }] }] },
});

const front = (key: string, labels: Fields): Fields => service(key, { ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'metrics', port: 9100, targetPort: 'metrics' }] }, { labels });

const monitor = (kind: string, spec: Fields, at = 'mon'): Fields => ({
  apiVersion: 'monitoring.coreos.com/v1', kind, metadata: { name: 'one', namespace: at }, spec,
});

const WORLD: readonly Fields[] = [
  namespace('mon', {}), namespace('a'), namespace('b'), server('a/web'), server('b/web'), front('a/web', { tier: 'front', app: 'web' }), front('b/web', { app: 'web' }),
];

/** What is scraped, as `workload:workload port`. */
function scraped(objects: readonly unknown[]): string[] {
  return mesh([...WORLD, ...objects]).model.known.monitors.scrapes.map(({ workload, workloadPort }) => `${workload.key}:${workloadPort}`);
}

describe('a ServiceMonitor has the endpoints of Services scraped', () => {
  const ALL = { any: true };

  it.each<[string, Fields, string[]]>([
    ['by labels, in the namespaces that it names', { selector: { matchLabels: { app: 'web' } }, namespaceSelector: { matchNames: ['b'] }, endpoints: [{ port: 'metrics' }] }, ['b/web:9102']],
    ['in its own namespace, where it names none', { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'metrics' }] }, []],
    ['everywhere', { selector: { matchLabels: { app: 'web' } }, namespaceSelector: ALL, endpoints: [{ port: 'http' }] }, ['a/web:8080', 'b/web:8080']],
    ['by expressions', { selector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }] }, namespaceSelector: ALL, endpoints: [{ port: 'metrics' }] }, ['a/web:9102']],
    ['by what they lack', { selector: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, namespaceSelector: ALL, endpoints: [{ port: 'metrics' }] }, ['b/web:9102']],
    ['whatever labels they have', { selector: {}, namespaceSelector: { matchNames: ['a'] }, endpoints: [{ port: 'metrics' }] }, ['a/web:9102']],
    ['on a port of the pods, by number', { selector: {}, namespaceSelector: { matchNames: ['a'] }, endpoints: [{ targetPort: 9999 }] }, ['a/web:9999']],
    ['on a port of the pods, by name', { selector: {}, namespaceSelector: { matchNames: ['a'] }, endpoints: [{ targetPort: 'metrics' }] }, ['a/web:9102']],
    ['on no port that they lack', { selector: {}, namespaceSelector: ALL, endpoints: [{ port: 'other' }, { targetPort: 'other' }, {}] }, []],
    ['none without a selector', { namespaceSelector: ALL, endpoints: [{ port: 'metrics' }] }, []],
    ['none by an operator that does not exist', { selector: { matchExpressions: [{ key: 'tier', operator: 'Is' }] }, namespaceSelector: ALL, endpoints: [{ port: 'metrics' }] }, []],
  ])('%s', (_, spec, expected) => {
    expect(scraped([monitor('ServiceMonitor', spec)])).toEqual(expected);
  });
});

it('a PodMonitor has pods scraped, by the name or the number of a container port', () => {
  const spec = { selector: { matchLabels: { app: 'web' } }, namespaceSelector: { any: true }, podMetricsEndpoints: [{ port: 'metrics' }, { portNumber: 8080 }, { port: 'other' }] };
  expect(scraped([monitor('PodMonitor', spec)])).toEqual(['a/web:9102', 'a/web:8080', 'b/web:9102', 'b/web:8080']);
});

describe('a scrape is a known call of the Prometheus of the input', () => {
  const MONITOR = monitor('ServiceMonitor', { selector: { matchLabels: { app: 'web' } }, namespaceSelector: { matchNames: ['a'] }, endpoints: [{ port: 'metrics' }] });

  function known(objects: readonly unknown[]): string[] {
    const { model } = mesh([...WORLD, MONITOR, ...objects]);
    return model.known.callsOf(model.inventory.workload('mon/prometheus')!).map(({ host, port }) => `${host.replace('.svc.cluster.local', '')}:${port}`);
  }

  it('without a proxy', () => {
    expect(known([PROMETHEUS])).toEqual(['web.a:9100']);
  });

  it('not with a sidecar, which passes scrapes on to the pods as they are', () => {
    expect(known([prometheus('prom/prometheus', { 'sidecar.istio.io/inject': 'true' })])).toEqual([]);
  });

  it('not of what merely has the name', () => {
    expect(known([prometheus('example.com/prometheus-config-reloader@sha256:abc')])).toEqual([]);
  });
});

it('KEDA asks what the triggers of ScaledObjects name, not the workload that is scaled', () => {
  const objects = [
    namespace('a'), namespace('keda', {}), headless('a/queue'), server('a/web'),
    deployment('keda/keda-operator', {}, { spec: { containers: [{ name: 'keda', image: 'ghcr.io/kedacore/keda:2.17.2' }] } }),
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'web', namespace: 'a' }, spec: { scaleTargetRef: { name: 'web' }, triggers: [{ type: 'x', metadata: { host: 'http://queue.a:8080' } }] } },
  ];
  const { model } = mesh(objects);
  const calls = (key: string) => model.known.callsOf(model.inventory.workload(key)!).map(({ because }) => because.object?.title);
  expect(calls('keda/keda-operator').every(title => title === 'ScaledObject a/web')).toBe(true);
  expect([calls('keda/keda-operator').length > 0, calls('a/web')]).toEqual([true, []]);
});
