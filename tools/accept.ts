/**
 * Compares our acceptance of objects with Istio's: `npm run accept -- FILE.jsonl.gz [--show N]`.
 *
 * Prints the objects on which we differ, and as the last line `N objects, N differ`. Exit code 0 when we agree on all,
 * 1 when we differ on some (a line that cannot be read counts), 2 when called wrongly.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseArguments } from './compare-arguments';
import { Difference, compare, toCase } from '../test/conformance/accept';

const USAGE = 'usage: npm run accept -- FILE.jsonl[.gz] [--show N]';

/** The lines of a file, which may be compressed whatever its name is. */
function readLines(file: string): string[] {
  const bytes = readFileSync(file);
  const compressed = bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (compressed ? gunzipSync(bytes) : bytes).toString('utf8').split(/\r?\n/);
}

function judge(line: string, number: number): Difference | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: `line ${number}`, istio: 'unknown', ours: 'this line is not JSON' };
  }
  const expected = toCase(value);
  if (expected === undefined) return { id: `line ${number}`, istio: 'unknown', ours: 'this line is not a case: object and accepted are needed' };
  return compare(expected);
}

function main(args: readonly string[]): number {
  const parsed = parseArguments(args);
  if (parsed === undefined) {
    console.error(USAGE);
    return 2;
  }
  let lines: string[];
  try {
    lines = readLines(parsed.file);
  } catch (error) {
    console.error(`accept: cannot read ${parsed.file}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  let count = 0;
  const differences: Difference[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    count++;
    const difference = judge(line, index + 1);
    if (difference !== undefined) differences.push(difference);
  });
  for (const { id, istio, ours } of differences.slice(0, parsed.show)) {
    console.log(`${id}\n  Istio: ${istio}\n  ours:  ${ours}`);
  }
  if (differences.length > parsed.show) console.log(`… and ${differences.length - parsed.show} more (--show N)`);
  console.log(`${count} objects, ${differences.length} differ`);
  return differences.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
