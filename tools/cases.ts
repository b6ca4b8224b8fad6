/**
 * Judges known misconfigurations, their cures and healthy worlds: `npm run cases -- FILE.jsonl[.gz] [--show ID]`.
 *
 * Prints the cases on which we differ with the reason, and as the last lines `N faulty, N found, N at the fault; N healthy,
 * N silent` and `N outcomes, N differ`. With `--show ID` it prints the findings of that case too. Exit code 0 when we agree
 * on all, 1 when we differ on some (a line that cannot be read counts), 2 when called wrongly.
 */

import { findingText } from '../src/report/text';
import { JudgedCase, Side, judge, toCase } from '../test/cases/judge';
import { readLines } from '../test/conformance/lines';

const USAGE = 'usage: npm run cases -- FILE.jsonl[.gz] [--show ID]';

interface Arguments {
  readonly file: string;
  readonly show?: string;
}

function parseArguments(args: readonly string[]): Arguments | undefined {
  let file: string | undefined;
  let show: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const match = /^--show(?:=(.*))?$/s.exec(args[i]);
    if (match !== null) {
      show = match[1] ?? args[++i];
      if (show === undefined) return undefined;
    } else if (file === undefined && !args[i].startsWith('-')) {
      file = args[i];
    } else {
      return undefined;
    }
  }
  return file === undefined ? undefined : { file, show };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function printSide(name: string, { findings, outcomes }: Side): void {
  console.log(`  ${name}: ${findings.length === 0 ? 'silent' : ''}`);
  findings.forEach(finding => console.log(findingText(finding).replace(/^/gm, '    ')));
  outcomes.forEach(({ call, istio, ours }) => console.log(`    ${call}: Istio ${istio}, ours ${ours}`));
}

class Totals {
  private faulty = 0;
  private found = 0;
  private atFault = 0;
  private healthy = 0;
  private silent = 0;
  private outcomes = 0;
  private differ = 0;

  add({ wrong, right, misses }: JudgedCase): void {
    const has = (kind: string): boolean => misses.some(miss => miss.kind === kind);
    if (wrong) {
      this.faulty++;
      if (!has('missed')) this.found++;
      if (!has('missed') && !has('elsewhere')) this.atFault++;
    }
    this.healthy++;
    if (!has('accused')) this.silent++;
    this.outcomes += (wrong?.outcomes.length ?? 0) + right.outcomes.length;
    this.differ += misses.filter(miss => miss.kind === 'outcome').length;
  }

  get lines(): string[] {
    const { faulty, found, atFault, healthy, silent, outcomes, differ } = this;
    return [`${outcomes} outcomes, ${differ} differ`, `${faulty} faulty, ${found} found, ${atFault} at the fault; ${healthy} healthy, ${silent} silent`];
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
    console.error(`cases: cannot read ${parsed.file}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const totals = new Totals();
  let differs = false;
  let isShown = false;
  lines.forEach((line, index) => {
    const one = toCase(parse(line));
    if (one === undefined) {
      differs = true;
      console.log(`line ${index + 1}: not a case: id and right are needed`);
      return;
    }
    const judged = judge(one);
    totals.add(judged);
    differs ||= judged.misses.length > 0;
    judged.misses.forEach(({ kind, side, detail }) => console.log(`${one.id} ${side} ${kind}: ${detail}`));
    if (one.id === parsed.show) {
      isShown = true;
      console.log(`${one.id}:`);
      if (judged.wrong) printSide('wrong', judged.wrong);
      printSide('right', judged.right);
    }
  });
  totals.lines.forEach(line => console.log(line));
  if (parsed.show !== undefined && !isShown) {
    console.error(`cases: there is no case ${JSON.stringify(parsed.show)} in ${parsed.file}`);
    return 2;
  }
  return differs ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
