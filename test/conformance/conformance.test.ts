import { join } from 'node:path';
import { Comparison, compare, describe as describeDifference, MeshCase, toCase } from './connections';
import { readLines } from './lines';

/** The data, with the number of meshes and calls in it: a case that is lost must not go unnoticed. */
const FILES: readonly [string, number, number][] = [
  ['tables.jsonl.gz', 1048, 1100],
  ['sidecar.jsonl.gz', 1495, 17722],
  ['ambient.jsonl.gz', 300, 3405],
];

describe('every call gets Istio\'s own verdict', () => {
  it.each(FILES)('%s: %i meshes, %i calls', (file, meshes, calls) => {
    const cases = readLines(join(__dirname, file)).map(line => toCase(JSON.parse(line))).filter((one): one is MeshCase => one !== undefined);
    const results = cases.map((one): [MeshCase, Comparison] => [one, compare(one)]);
    const connections = results.reduce((sum, [, one]) => sum + one.connections, 0);
    const differ = results.reduce((sum, [, { differences }]) => sum + differences.length, 0);
    // For whoever reads the log: what was compared, not only that nothing was wrong with it.
    process.stdout.write(`${file}: ${cases.length} meshes, ${connections} connections, ${differ} differ\n`);
    const differing = results.flatMap(([{ id, row }, { differences }]) => differences.map(one => `${id} ${row ?? ''}\n${describeDifference(one)}`));
    expect(differing).toEqual([]);
    expect(cases).toHaveLength(meshes);
    expect(connections).toBe(calls);
  });
});
