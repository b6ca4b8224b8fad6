import { mkdirSync, rmSync } from 'fs';
import { join } from 'path';
import { fromGo } from './go';
import { fromJava } from './java';
import { fromPython } from './python';
import { checkRefused, checkShop, Ran } from '../../tools/consumers/steps';
import { transpile } from '../compile-cli';
import { temporaryFolder } from '../temporary-folder';

/*
 * The apps of `npm run consumers`, on a machine without their toolchains: parsed by grammars of the languages, written in
 * TypeScript by the rules of jsii's names, type-checked, and run.
 */

/** How a program is written in TypeScript. */
export const TRANSLATORS: { readonly [language: string]: (text: string) => string } = { python: fromPython, java: fromJava, go: fromGo };

/** Runs a program that is written in TypeScript, as an app in a folder of its own. */
export function runProgram(text: string): { readonly folder: string; readonly ran: Ran } {
  const folder = temporaryFolder('program');
  mkdirSync(join(folder, 'dist'));
  const { CDK8S_OUTDIR } = process.env;
  process.env.CDK8S_OUTDIR = join(folder, 'dist');
  let out = '';
  let err = '';
  // As `console.log` and `fmt.Printf` put values into a text.
  const log = (first: unknown, ...rest: unknown[]): void => { out += `${rest.reduce<string>((line, value) => line.replace('%s', String(value)), String(first))}\n`; };
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    new Function('require', 'exports', 'console', transpile(text))(require, {}, { log });
  } catch (error) {
    err = (error as Error).message;
  } finally {
    if (CDK8S_OUTDIR === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
  }
  return { folder, ran: { status: err === '' ? 0 : 1, out, err } };
}

/** Compares what a program did with what it has to do in every language. */
export function checkProgram(translated: string): void {
  const { folder, ran } = runProgram(translated);
  try {
    if (translated.includes('MtlsValidation.check')) checkRefused('', ran);
    else checkShop(folder, ran);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
