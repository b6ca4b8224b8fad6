import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { loadAll } from 'js-yaml';
import { readManifests, readManifestText } from '../../src/collect/manifests';

/** Milliseconds of two ways to read the same manifests, the fastest of some runs each, and their ratio. */
export interface ReadingCost {
  /** What cannot be saved: reading the bytes, and `loadAll` of js-yaml. */
  readonly parser: number;
  /** All of ours: values as kubectl reads them, objects and their origins. */
  readonly ours: number;
  readonly ratio: number;
}

export interface ReadingResult {
  /** How large the input is. */
  readonly bytes: number;
  /** All documents in one text that is in memory. */
  readonly stream: ReadingCost;
  /** One file for each document, in 100 folders. */
  readonly files: ReadingCost;
}

/** Reads that many manifests, half PeerAuthentications and half DestinationRules, in both ways. */
export function measureReading(documents = 10_000, runs = 9): ReadingResult {
  const texts = Array.from({ length: documents }, (_, i) => i % 2 ? peerAuthentication(i) : destinationRule(i));
  const stream = texts.join('---\n');
  const folder = mkdtempSync(join(tmpdir(), 'bench-reading-'));
  try {
    texts.forEach((text, i) => {
      mkdirSync(join(folder, `team-${i % 100}`), { recursive: true });
      writeFileSync(join(folder, `team-${i % 100}`, `${i}.yaml`), text);
    });
    return {
      bytes: stream.length,
      stream: compare(runs, documents, () => loadAll(stream).length, () => readManifestText(stream, 'stream.yaml').objects.length),
      files: compare(runs, documents, () => parseFolder(folder), () => readManifests([folder]).objects.length),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseFolder(folder: string): number {
  let documents = 0;
  for (const team of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, team))) {
      documents += loadAll(readFileSync(join(folder, team, file), 'utf8')).length;
    }
  }
  return documents;
}

/** The two in turn, so that both meet the machine in the same moods. */
function compare(runs: number, expected: number, parser: () => number, ours: () => number): ReadingCost {
  const times = [parser, ours].map(() => [] as number[]);
  for (let i = 0; i < runs + 2; i++) {
    [parser, ours].forEach((body, way) => {
      const start = process.hrtime.bigint();
      const count = body();
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      if (count !== expected) {
        throw new Error(`expected ${expected} documents, got ${count}`);
      }
      if (i >= 2) { // The first runs warm both up.
        times[way].push(milliseconds);
      }
    });
  }
  const [fastestParser, fastestOurs] = times.map(all => Math.min(...all));
  return { parser: fastestParser, ours: fastestOurs, ratio: fastestOurs / fastestParser };
}

function peerAuthentication(i: number): string {
  return `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: policy-${i}
  namespace: ns-${i % 100}
  labels:
    app.kubernetes.io/part-of: bench
spec:
  selector:
    matchLabels:
      app: workload-${i}
      version: v1
  mtls:
    mode: STRICT
  portLevelMtls:
    8080:
      mode: PERMISSIVE
`;
}

function destinationRule(i: number): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: rule-${i}
  namespace: ns-${i % 100}
spec:
  host: service-${i}.ns-${i % 100}.svc.cluster.local
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
  subsets:
    - name: v1
      labels:
        version: v1
`;
}
