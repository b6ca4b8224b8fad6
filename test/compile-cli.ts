import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { copyPage } from '../tools/copy-page';

const ROOT = join(__dirname, '..');

/** TypeScript as JavaScript for Node.js, without a look at its types. */
export function transpile(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/**
 * Compiles the command line into a folder, for tests that run it as a program of its own, and returns the program. That takes a
 * second; what `npm run build` makes need not be there.
 */
export function compileCli(folder: string): string {
  const files = (of: string): string[] =>
    readdirSync(of).map(name => join(of, name)).flatMap(path => statSync(path).isDirectory() ? files(path) : [path]);
  for (const path of files(join(ROOT, 'src'))) {
    const target = join(folder, 'lib', path.slice(join(ROOT, 'src').length)).replace(/\.ts$/, '.js');
    mkdirSync(dirname(target), { recursive: true });
    if (path.endsWith('.ts')) writeFileSync(target, transpile(readFileSync(path, 'utf8')));
  }
  copyPage(join(folder, 'lib/report/picture/page'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'lib/cli/bin.js');
}
