import { spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from '../rule-files';

/** Where the programs and what they have to write stand. */
export const FOLDER = join(ROOT, 'test/consumers');

/** A consumer that does not do what it should, with what to look at. */
export class ConsumerError extends Error {}

/** What a process printed, and how it ended. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end, however that is. A program that is not there is an error. */
export function run(command: string, args: readonly string[], { cwd, env }: RunOptions): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw new ConsumerError(`${command} cannot be run: ${error.message}`);
  return { status: status ?? -1, out: stdout, err: stderr };
}

/** Runs what has to succeed, and returns what it printed to stdout. */
export function must(command: string, args: readonly string[], options: RunOptions): string {
  const { status, out, err } = run(command, args, options);
  if (status !== 0) {
    throw new ConsumerError(`${[command, ...args].join(' ')}\nended with ${status} in ${options.cwd}:\n${`${out}${err}`.trim()}`);
  }
  return out;
}

/** Generates the bindings of a language, and without `codeOnly` builds its package; returns the folder. */
export function pacmak(target: string, outdir: string, { of = ROOT, codeOnly = false }: { of?: string; codeOnly?: boolean } = {}): string {
  // `translate` shows the code of the README in the language of the package.
  must(process.execPath, [join(ROOT, 'node_modules/jsii-pacmak/bin/jsii-pacmak'), '--target', target, '--outdir', outdir, '--no-npmignore',
    '--rosetta-unknown-snippets', 'translate', ...codeOnly ? ['--code-only'] : [], of], { cwd: ROOT });
  return join(outdir, target);
}

/** The versions of the packages that the tests of this library run with: the least that users need. */
export function devVersion(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  return devDependencies[name];
}

/** Compares what `shop` wrote to dist/, byte for byte, with what it has to write in every language. */
export function checkShop(cwd: string, { status, out, err }: Ran): void {
  if (status !== 0 || `${out}${err}` !== '') {
    throw new ConsumerError(`the shop should be synthesized without a word; it ended with ${status} and printed:\n${out}${err}`);
  }
  const [actual, expected] = [join(cwd, 'dist'), join(FOLDER, 'expected')].map(folder => {
    const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.yaml')).sort() : [];
    return names.map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  });
  const names = (files: typeof actual): string => files.map(({ name }) => name).join(', ');
  if (names(actual) !== names(expected)) {
    throw new ConsumerError(`the shop should write ${names(expected)}; it wrote ${names(actual) || 'nothing'}`);
  }
  actual.forEach(({ name, text }, i) => {
    if (text !== expected[i].text) throw new ConsumerError(`${name} should be\n${expected[i].text}\nand is\n${text}`);
  });
}

/**
 * Compares how `refused` failed with how it has to fail: the findings as data on stdout, and on stderr the text of the error
 * after what the language says first.
 */
export function checkRefused(prefix: string, { status, out, err }: Ran): void {
  const [findings, error] = ['refused-findings.txt', 'refused-error.txt'].map(name => readFileSync(join(FOLDER, 'expected', name), 'utf8'));
  if (status === 0) throw new ConsumerError(`the refused app should fail; it ended with 0 and printed:\n${out}${err}`);
  if (out !== findings) throw new ConsumerError(`the refused app should print the findings\n${findings}\nand printed\n${out}${err}`);
  if (!err.includes(`${prefix}${error.trimEnd()}`)) throw new ConsumerError(`the refused app should fail with the error\n${prefix}${error}\nand failed with\n${err}`);
}
