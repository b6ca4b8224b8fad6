import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
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
  /** The time inside the validation over the rest of the same synth; the median. */
  readonly inside: number;
}

/** An app of plain PeerAuthentications: every one of them is read by rules, so this is the dearest kind of object. */
function buildApp(objects: number, charts: number, outdir: string): App {
  const app = new App({ outdir });
  const all = Array.from({ length: charts }, (_, i) => new Chart(app, `chart${i}`));
  for (let i = 0; i < objects; i++) {
    new ApiObject(all[i % charts], `policy${i}`, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: `policy-${i}`, namespace: `ns-${i % 100}`, labels: { 'app.kubernetes.io/part-of': 'bench' } },
      spec: {
        selector: { matchLabels: { app: `workload-${i}`, version: 'v1' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
      },
    });
  }
  return app;
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
export function measureSynth(library: Library, objects: number, charts: number, runs: number): SynthResult {
  const bare: number[] = [];
  const validated: number[] = [];
  const shares: number[] = [];
  for (let i = 0; i < runs; i++) {
    const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
    const runBare = () => {
      const app = buildApp(objects, charts, outdir);
      bare.push(time(() => app.synth()));
    };
    const runValidated = () => {
      const app = buildApp(objects, charts, outdir);
      library.MtlsValidation.install(app);
      const inside = timeValidations(app);
      const total = time(() => app.synth());
      validated.push(total);
      shares.push(inside() / (total - inside()));
    };
    (i % 2 ? [runBare, runValidated] : [runValidated, runBare]).forEach(run => run());
    rmSync(outdir, { recursive: true });
  }
  return { bare: Math.min(...bare), validated: Math.min(...validated), inside: median(shares) };
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
