/**
 * Holds the findings against Istio's verdicts on calls: `npm run blame -- FILE.jsonl[.gz] [--show N]`.
 *
 * Prints the failing calls that no finding names, the findings that accuse a mesh in which every call works, and as the last
 * line `N meshes; N failing calls, N without a finding; N meshes without, N accused`. Exit code 0 when nothing is missing and
 * nobody accused, 1 otherwise (a line that cannot be read counts), 2 when called wrongly.
 */

import { parseArguments } from './compare-arguments';
import { blame } from '../test/conformance/blame';
import { toCase } from '../test/conformance/connections';
import { readLines } from '../test/conformance/lines';

const USAGE = 'usage: npm run blame -- FILE.jsonl[.gz] [--show N]';

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
    console.error(`blame: cannot read ${parsed.file}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  let shown = 0;
  const show = (text: string): void => {
    if (shown++ < parsed.show) console.log(text);
  };
  let [failing, missing, healthy, accused, unreadable] = [0, 0, 0, 0, 0];
  lines.forEach((line, index) => {
    const one = toCase(parse(line));
    if (one === undefined) {
      unreadable++;
      console.log(`line ${index + 1}: not a case: mesh, objects and verdicts are needed`);
      return;
    }
    const result = blame(one);
    failing += result.failing;
    missing += result.unblamed.length;
    for (const { connection: { client, host, port, subset, server }, decidedBy, kind } of result.unblamed) {
      show(`${one.id} ${kind}: ${client.key} -> ${host}:${port}${subset && ` subset ${subset}`} at ${server?.key ?? 'outside'}, decided by ${decidedBy}`);
    }
    if (result.accusations !== undefined) {
      healthy++;
      if (result.accusations.length > 0) accused++;
      result.accusations.forEach(({ code, at, what }) => show(`${one.id} accused: ${code} at ${at.object}: ${what}`));
    }
  });
  if (shown > parsed.show) console.log(`… and ${shown - parsed.show} more (--show N)`);
  console.log(`${lines.length} meshes; ${failing} failing calls, ${missing} without a finding; ${healthy} meshes without, ${accused} accused`);
  return missing + accused + unreadable > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
