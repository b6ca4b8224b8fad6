import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { run } from './cli/run';
import { copyPage } from '../tools/copy-page';
import { pageScript } from '../tools/page-script';

const ROOT = join(__dirname, '..');

/*
 * How the package resolves for those who install it. The compiled library is not
 * needed for that: what stands in lib/ is put there in a word.
 */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'package-')));
const PACKAGE = join(folder, 'node_modules/cdk8s-istio-mtls');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(PACKAGE, path)), { recursive: true });
    writeFileSync(join(PACKAGE, path), text);
  };
  for (const file of ['package.json', 'testing.js', 'testing.d.ts']) write(file, readFileSync(join(ROOT, file), 'utf8'));
  write('.jsii', '{}');
  write('lib/index.js', 'exports.IstioMesh = 1;');
  write('lib/index.d.ts', 'export declare const IstioMesh: number;');
  write('lib/testing/index.js', 'exports.expectConnection = 2;');
  write('lib/testing/index.d.ts', 'export declare const expectConnection: number;');
  write('lib/cli/bin.js', 'console.log("bin");');
});

describe('types resolve', () => {
  it.each([
    ['node10', ts.ModuleResolutionKind.Node10, ts.ModuleKind.CommonJS],
    ['node16', ts.ModuleResolutionKind.Node16, ts.ModuleKind.Node16],
    ['nodenext', ts.ModuleResolutionKind.NodeNext, ts.ModuleKind.NodeNext],
    ['bundler', ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext],
  ])('under %s', (_, moduleResolution, module) => {
    for (const mode of [ts.ModuleKind.CommonJS, ts.ModuleKind.ESNext] as const) {
      const resolve = (name: string): string | undefined =>
        ts.resolveModuleName(name, join(folder, 'user.ts'), { moduleResolution, module }, ts.sys, undefined, undefined, mode).resolvedModule?.resolvedFileName;
      expect(resolve('cdk8s-istio-mtls')).toBe(join(PACKAGE, 'lib/index.d.ts'));
      expect(resolve('cdk8s-istio-mtls/testing')).toBe(join(PACKAGE, 'testing.d.ts'));
    }
  });
});

describe('node resolves', () => {
  const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).trim();

  it('what CommonJS requires', () => {
    expect(node('-p', 'require("cdk8s-istio-mtls").IstioMesh + require("cdk8s-istio-mtls/testing").expectConnection')).toBe('3');
  });

  it('what ES modules import by name', () => {
    expect(node('--input-type=module', '-e', 'import { expectConnection } from "cdk8s-istio-mtls/testing"; import { IstioMesh } from "cdk8s-istio-mtls"; '
      + 'console.log(expectConnection + IstioMesh)')).toBe('3');
  });

  it('what jsii and other tools look for', () => {
    for (const name of ['package.json', '.jsii', 'lib/cli/bin.js', 'lib/cli/bin']) {
      expect(existsSync(node('-p', `require.resolve("cdk8s-istio-mtls/${name}")`))).toBe(true);
    }
  });
});

it('every file that the package offers exists, or is compiled from one', () => {
  const { exports, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>; bin: Record<string, string>;
  };
  const files = [...Object.values(exports).flatMap(one => typeof one === 'string' ? [one] : Object.values(one)), ...Object.values(bin)];
  const missing = files.filter(file => !file.includes('*') && file !== './.jsii')
    .filter(file => !existsSync(join(ROOT, file)) && !existsSync(join(ROOT, file.replace(/^(\.\/)?lib\//, 'src/').replace(/(\.d\.ts|\.js)$/, '.ts'))));
  expect(missing).toEqual([]);
});

it('the build puts the page of the report together, with libraries for layout and drawing that need no other package, and their licences', () => {
  const page = join(folder, 'page');
  copyPage(page);
  expect(readdirSync(page).sort()).toEqual(['dagre.js', 'page.css', 'page.html', 'page.js']);
  const script = readFileSync(join(page, 'page.js'), 'utf8');
  // Every package that d3-selection, d3-zoom and d3-path bring into the script is named above it, with its licence.
  const [, ...licences] = script.slice(0, script.lastIndexOf('*/')).split('/*!');
  const named = licences.flatMap(text => text.split('\n')[0].trim().split(', '));
  const versionOf = (name: string): string => (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  const expected = ['color', 'dispatch', 'drag', 'ease', 'interpolate', 'path', 'selection', 'timer', 'transition', 'zoom'].map(name => `d3-${name}`);
  expect(named.sort()).toEqual(expected.map(name => `${name} ${versionOf(name)}`));
  expect(licences.filter(text => /^Copyright \d/m.test(text) && /THE SOFTWARE IS PROVIDED|THIS SOFTWARE IS PROVIDED/.test(text))).toHaveLength(licences.length);
  // One piece that loads nothing, and the same whenever it is made.
  expect(script).not.toMatch(/\bimport\b|\brequire\(|sourceMappingURL/);
  expect(pageScript()).toBe(script);
  // What a report is made of from source is what the package carries.
  expect(run(['report', '--format', 'html', 'test/mesh/lab']).out).toContain(script);
  expect(readFileSync(join(page, 'dagre.js'), 'utf8')).toMatch(/^\/\*\n@license\n\nCopyright \(c\) 2012-2014 Chris Pettitt\n/);
  // In a process of its own, far from node_modules of this repository.
  const layout = 'const { graphlib, layout } = require("./dagre.js"); const graph = new graphlib.Graph(); graph.setGraph({}); graph.setDefaultEdgeLabel(() => ({})); '
    + 'graph.setNode("a", { width: 10, height: 10 }); graph.setNode("b", { width: 10, height: 10 }); graph.setEdge("a", "b"); layout(graph); console.log(graph.node("b").y > graph.node("a").y)';
  expect(execFileSync(process.execPath, ['-e', layout], { cwd: page, encoding: 'utf8' })).toBe('true\n');
});
