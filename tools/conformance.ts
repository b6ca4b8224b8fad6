/**
 * Compares the model's connections with Istio's verdicts: `npm run conformance -- FILE.jsonl.gz [--show N]`.
 *
 * Prints the calls on which we differ with our reasons, and as the last line `N meshes, N connections, N differ`. Exit
 * code 0 when we agree on all, 1 when we differ on some (a line that cannot be read counts), 2 when called wrongly.
 */

import { parseArguments } from './compare-arguments';
import { compare, describe, toCase } from '../test/conformance/connections';
import { readLines } from '../test/conformance/lines';

const USAGE = 'usage: npm run conformance -- FILE.jsonl[.gz] [--show N]';

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
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
    console.error(`conformance: cannot read ${parsed.file}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  let connections = 0;
  let differ = 0;
  let shown = 0;
  lines.forEach((line, index) => {
    const one = toCase(parse(line));
    if (one === undefined) {
      differ++;
      console.log(`line ${index + 1}: not a case: mesh, objects and verdicts are needed`);
      return;
    }
    const result = compare(one);
    connections += result.connections;
    differ += result.differences.length;
    if (result.differences.length > 0 && shown < parsed.show) console.log(`${one.id}${one.row === undefined ? '' : `: ${one.row}`}`);
    for (const difference of result.differences) {
      if (shown++ < parsed.show) console.log(describe(difference));
    }
  });
  if (shown > parsed.show) console.log(`… and ${shown - parsed.show} more (--show N)`);
  console.log(`${lines.length} meshes, ${connections} connections, ${differ} differ`);
  return differ > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
