import { readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { copyPage } from './copy-page';
import { ROOT } from './rule-files';

/*
 * Makes what jsii has written to lib/ quick to load.
 *
 * Source maps go: they stand in every file, are half of the package and a tenth
 * of the time that it takes to load, and the code they explain is near enough to
 * its source. The indexes load a file when somebody first asks for what it
 * exports: an app that uses three constructs does not load the other twenty.
 *
 * And puts beside it what the report's page is made of, with the layout library:
 * whoever uses the package installs nothing else (ADR 0010).
 */

const LIB = join(ROOT, 'lib');

function files(folder: string): string[] {
  return readdirSync(folder).map(name => join(folder, name)).flatMap(path => statSync(path).isDirectory() ? files(path) : [path]);
}

function withoutSourceMap(code: string): string {
  return code.replace(/\n\/\/# sourceMappingURL=data:[^\n]*/g, '\n');
}

/** The names that a file of lib/ exports. */
function namesIn(path: string): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return Object.keys(require(path) as object);
}

/** An index whose exports are looked up when they are asked for. */
function lazyIndex(folder: string): string {
  const code = readFileSync(join(folder, 'index.js'), 'utf8');
  const exported = [
    ...[...code.matchAll(/^__exportStar\(require\("([^"]+)"\), exports\);$/gm)].flatMap(([, from]) => namesIn(join(folder, from)).map(name => ({ from, name }))),
    ...[...code.matchAll(/^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\w+; \} \}\);$/gm)]
      .map(([, name, variable]) => ({ name, from: new RegExp(`^var ${variable} = require\\("([^"]+)"\\);$`, 'm').exec(code)![1] })),
  ];
  const names = exported.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size !== names.length || names.sort().join() !== namesIn(join(folder, 'index.js')).sort().join()) {
    throw new Error(`${folder}/index.js: the exports read from the code are not those of the module`);
  }
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    'const lazy = (name, from) => Object.defineProperty(exports, name, { enumerable: true, get: () => from()[name] });',
    ...exported.map(({ name, from }) => `lazy("${name}", () => require("${from}"));`),
    // Never runs: by it, Node.js tells which names an ES module may import (cjs-module-lexer).
    `0 && (module.exports = { ${names.join(', ')} });`,
    '',
  ].join('\n');
}

const INDEXES = ['.', 'constructs', 'validate'].map(name => join(LIB, name));
// All are read before the first is written: each asks the others for their names.
const indexes = INDEXES.map(folder => [join(folder, 'index.js'), lazyIndex(folder)] as const);
files(LIB).filter(path => path.endsWith('.js')).forEach(path => writeFileSync(path, withoutSourceMap(readFileSync(path, 'utf8'))));
indexes.forEach(([path, code]) => writeFileSync(path, code));

copyPage(join(LIB, 'report/picture/page'));
