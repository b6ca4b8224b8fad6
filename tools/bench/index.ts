import { execFileSync } from 'child_process';
import { cpus } from 'os';
import { join } from 'path';
import { MODEL_PARTS, ModelRow } from './model';
import { measureReading, ReadingCost } from './reading';
import { median } from './statistics';
import { Library, measureSynth } from './synth';
import { ROOT } from '../rule-files';

/*
 * Measures what the library costs its users: time to load it beside cdk8s, time
 * that its validation adds to a synth, time to read manifests and to answer for a
 * mesh. Most limits are ratios taken within one process; exit code 1 says that one
 * was passed.
 */

const IMPORT_LIMIT_MS = 10;
const RATIO_LIMIT = 1.05;
const READING_LIMIT = 1.5;

/** Milliseconds that `require(lib)` takes after `require('cdk8s')`, each time in a process of its own. */
function importCost(): { readonly cdk8s: number; readonly library: number } {
  const program = `
    const now = () => Number(process.hrtime.bigint()) / 1e6;
    const a = now(); require('cdk8s'); const b = now(); require(${JSON.stringify(ROOT)}); const c = now();
    console.log(JSON.stringify([b - a, c - b]));
  `;
  const runs = Array.from({ length: 15 }, () =>
    JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' })) as [number, number]);
  return { cdk8s: median(runs.map(run => run[0])), library: median(runs.map(run => run[1])) };
}

function modelRows(): readonly ModelRow[] {
  const program = ['-r', 'ts-node/register/transpile-only', join(__dirname, 'model-process.ts')];
  const env = { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tools', 'tsconfig.json') };
  return Object.entries(MODEL_PARTS).flatMap(([part, { flags }]) =>
    JSON.parse(execFileSync(process.execPath, [...flags, ...program, part], { cwd: ROOT, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as ModelRow[]);
}

function main(): number {
  const out = (line: string) => process.stdout.write(`${line}\n`);
  out(`node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`);
  const failures: string[] = [];

  const load = importCost();
  out(`\nimport, median of 15 processes: cdk8s ${load.cdk8s.toFixed(1)} ms, this library on top ${load.library.toFixed(1)} ms (limit ${IMPORT_LIMIT_MS})`);
  if (load.library > IMPORT_LIMIT_MS) {
    failures.push('import');
  }

  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const library = require(join(ROOT, 'lib')) as Library;
  out('\napp.synth() with all rules, the fastest of some runs each; "inside" is the time in the validation over the rest of the same synth, median');
  out(' app      objects  charts  bare ms  validated ms  ratio  of medians  inside');
  for (const mixture of ['policies', 'mixed'] as const) {
    measureSynth(library, mixture, 500, 5, 5); // warms up both ways
    for (const [objects, charts, runs] of [[1_000, 1, 40], [1_000, 100, 30], [10_000, 1, 20], [10_000, 100, 20]]) {
      const { bare, validated, medianRatio, inside } = measureSynth(library, mixture, objects, charts, runs);
      out([
        ` ${mixture}`.padEnd(9), String(objects).padStart(7), String(charts).padStart(7), bare.toFixed(0).padStart(8), validated.toFixed(0).padStart(13),
        (validated / bare).toFixed(3).padStart(6), medianRatio.toFixed(3).padStart(11), `${(inside * 100).toFixed(1)}%`.padStart(7),
      ].join(' '));
      if (validated / bare > RATIO_LIMIT) {
        failures.push(`synth of ${objects} objects (${mixture}) in ${charts} charts`);
      }
    }
  }
  out('\nreading 10,000 documents, the fastest of some runs each');
  const reading = measureReading();
  const cost = (name: string, { parser, ours, ratio }: ReadingCost) => {
    out(`${name}: parser alone ${parser.toFixed(0)} ms, objects ${ours.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (limit ${READING_LIMIT})`);
    if (ratio > READING_LIMIT) {
      failures.push(`reading ${name}`);
    }
  };
  cost(`one stream of ${(reading.bytes / 1e6).toFixed(1)} MB`, reading.stream);
  cost('a file each', reading.files);

  out('\nthe mesh model, the fastest of some runs each');
  for (const { name, value, unit, limit, note } of modelRows()) {
    out(`${name}: ${value.toFixed(unit === 'x' ? 2 : 0)} ${unit}${limit === undefined ? '' : ` (limit ${limit})`}${note === undefined ? '' : `; ${note}`}`);
    if (limit !== undefined && value > limit) {
      failures.push(name);
    }
  }
  if (failures.length > 0) {
    out(`\nover the limit: ${failures.join(', ')}`);
    return 1;
  }
  return 0;
}

process.exitCode = main();
