import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, ApiObjectProps, App, Chart } from 'cdk8s';
import { median } from './statistics';

/** What the bench uses of the library, taken from wherever it was built. */
export interface Library {
  readonly MtlsValidation: { install(app: App): unknown };
  readonly NamespaceMtls: new (scope: Chart, id: string, props: { namespace: string; mode: string; metadata: { name: string } }) => unknown;
}

export interface SynthResult {
  /** Milliseconds of the fastest `app.synth()` without the library. */
  readonly bare: number;
  /** Milliseconds of the fastest `app.synth()` of the same objects with the validation. */
  readonly validated: number;
  /** The median of the validated synths over that of the others. */
  readonly medianRatio: number;
  /** The time inside the validation over the rest of the same synth; the median. */
  readonly inside: number;
}

/** What an app is made of. */
export type Mixture = 'policies' | 'mixed';

function buildApp(mixture: Mixture, objects: number, charts: number, outdir: string): App {
  const app = new App({ outdir });
  const all = Array.from({ length: charts }, (_, i) => new Chart(app, `chart${i}`));
  let index = 0;
  for (const props of mixture === 'policies' ? policies() : mixed(objects)) {
    if (index === objects) break;
    new ApiObject(all[index % charts], `object${index}`, props);
    index++;
  }
  return app;
}

const LABELS = { 'app.kubernetes.io/part-of': 'bench' };

/** PeerAuthentications alone: every one of them is read by many rules, so this is the dearest kind of object. */
function* policies(): Generator<ApiObjectProps> {
  for (let i = 0; ; i++) {
    yield {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: `policy-${i}`, namespace: `ns-${i % 100}`, labels: LABELS },
      spec: {
        selector: { matchLabels: { app: `workload-${i}`, version: 'v1' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
      },
    };
  }
}

/** A STRICT mesh as people have it: workloads that call each other, their Services and neighbours, exceptions for metrics, rules for subsets. */
function* mixed(objects: number): Generator<ApiObjectProps> {
  const namespaces = Math.ceil(objects / 100);
  for (let i = 0; i < namespaces; i++) {
    yield { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `ns-${i}`, labels: { 'istio-injection': 'enabled' } } };
  }
  yield { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode: 'STRICT' } } };
  for (let i = 0; ; i++) {
    const name = `svc-${i}`;
    const namespace = `ns-${i % namespaces}`;
    const metadata = { name, namespace, labels: LABELS };
    yield { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: deploymentSpec(name, `http://svc-${i + namespaces}.${namespace}:80`) };
    yield {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }, { name: 'http-metrics', port: 9090, targetPort: 9090 }] },
    };
    yield { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
    yield { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'config.yaml': `upstream: svc-${i + namespaces}\nlevel: info\n`, 'KEY': 'value' } };
    if (i % 4 === 0) {
      yield {
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata,
        spec: { selector: { matchLabels: { app: name } }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } },
      };
    }
    if (i % 3 === 0) {
      yield {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata,
        spec: {
          host: `${name}.${namespace}.svc.cluster.local`,
          trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
          subsets: [{ name: 'v1', labels: { version: 'v1' } }],
        },
      };
    }
  }
}

function deploymentSpec(name: string, upstream: string): object {
  return {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, version: 'v1' } },
      spec: {
        serviceAccountName: name,
        containers: [{
          name: 'app',
          image: `registry.example.com/${name}:1.2.3`,
          ports: [{ name: 'http', containerPort: 8080 }, { name: 'metrics', containerPort: 9090 }],
          env: [{ name: 'UPSTREAM', value: upstream }, { name: 'LOG_LEVEL', value: 'info' }, { name: 'DB_HOST', value: 'db.example.com' }],
          readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        }],
      },
    },
  };
}

function time(body: () => void): number {
  const start = process.hrtime.bigint();
  body();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * Bare and validated synths in turn, in one process, each on an app of its own.
 *
 * The fastest runs are compared: whatever else the machine does only ever adds.
 */
export function measureSynth(library: Library, mixture: Mixture, objects: number, charts: number, runs: number): SynthResult {
  const bare: number[] = [];
  const validated: number[] = [];
  const shares: number[] = [];
  for (let i = 0; i < runs; i++) {
    const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
    const runBare = () => {
      const app = buildApp(mixture, objects, charts, outdir);
      bare.push(time(() => app.synth()));
    };
    const runValidated = () => {
      const app = buildApp(mixture, objects, charts, outdir);
      library.MtlsValidation.install(app);
      const inside = timeValidations(app);
      const total = time(() => app.synth());
      validated.push(total);
      shares.push(inside() / (total - inside()));
    };
    (i % 2 ? [runBare, runValidated] : [runValidated, runBare]).forEach(run => run());
    rmSync(outdir, { recursive: true });
  }
  return { bare: Math.min(...bare), validated: Math.min(...validated), medianRatio: median(validated) / median(bare), inside: median(shares) };
}

/** Adds up the time of all validations of the app, as cdk8s calls them. */
function timeValidations(app: App): () => number {
  let sum = 0;
  for (const child of app.node.children.filter(one => one.node.id === 'mtls-validation')) {
    const validate = child.node.validate.bind(child.node);
    Object.defineProperty(child.node, 'validate', {
      value: () => {
        let result: string[] = [];
        sum += time(() => { result = validate(); });
        return result;
      },
    });
  }
  return () => sum;
}
