import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { run } from './run';
import { expectGoldenText } from '../golden';

const LAB = 'test/mesh/lab';
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'report-')));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['json', 'mermaid', 'dot'])('%s is as agreed, on standard output', format => {
  const { code, out, err } = run(['report', '--format', format, '--today', '2026-01-01', LAB]);
  expect([code, err]).toEqual([0, '']);
  expectGoldenText(join(__dirname, 'golden', `report.${format}`), out);
  expect(run(['report', '--format', format, '--out', '-', LAB]).out).toBe(out);
});

it.each([['a.html', '<!doctype html>'], ['a.HTM', '<!doctype html>'], ['a.json', '{\n  "version": 1,'], ['a.mmd', 'flowchart LR'], ['a.mermaid', 'flowchart LR'], ['a.dot', 'digraph mesh {'], ['a.gv', 'digraph mesh {']])(
  'writes %s as its name says', (name, start) => {
    const file = join(folder, name);
    expect(run(['report', '--out', file, LAB])).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8').startsWith(start)).toBe(true);
  });

it('lets --format outweigh the name', () => {
  const file = join(folder, 'picture.txt');
  expect(run(['report', '--out', file, '--format', 'dot', LAB]).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('digraph mesh {');
});

it('reads standard input, and the facts of the mesh', () => {
  const { out } = run(['report', '--format', 'json', '--auto-mtls', 'false', '-'], readFileSync(`${LAB}/app.yaml`, 'utf8'));
  expect((JSON.parse(out) as { mesh: object }).mesh).toMatchObject({ autoMtls: { value: false, decidedBy: 'given' } });
});

it.each<[string, string[], string]>([
  ['no format', [LAB], 'error: name the format of the report with --format, or a file with --out\n'],
  ['an ending that names none', ['--out', 'report.pdf', LAB],
    'error: the ending of "report.pdf" names no format; allowed are .html, .htm, .json, .mmd, .mermaid, .dot, .gv, or name one with --format\n'],
  ['a folder that is not there', ['--out', '/nowhere/report.html', LAB], 'error: "/nowhere/report.html" cannot be written: its folder does not exist; create it before\n'],
  ['a folder', ['--out', '.', '--format', 'html', LAB], 'error: "." cannot be written: it is a folder; name a file\n'],
])('is wrong usage with %s', (_, args, err) => {
  expect(run(['report', ...args])).toEqual({ code: 2, out: '', err });
});

it('draws what it could read of input that is broken, and says so', () => {
  const [input, file] = [join(folder, 'broken.yaml'), join(folder, 'broken.json')];
  writeFileSync(input, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n{]\n');
  const { code, err } = run(['report', '--out', file, input]);
  expect(code).toBe(2);
  expect(err).toMatch(/^error: .*broken\.yaml:5:2: /);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('1 part of the input, because it could not be read');
});

it('says how far it is, to whoever watches', () => {
  const shown: string[] = [];
  const now = jest.spyOn(performance, 'now');
  let time = 0;
  now.mockImplementation(() => time += 2000);
  run(['report', '--format', 'dot', LAB], '', { progress: text => shown.push(text) });
  now.mockRestore();
  expect(shown).toEqual(expect.arrayContaining(['judging 11 objects', 'following the calls of 3 workloads', 'drawing 3 calls', '']));
});

it('has help with examples', () => {
  const { code, out } = run(['report', '--help']);
  expect(code).toBe(0);
  expect(out).toContain('cdk8s-istio-mtls report --out report.html manifests/');
});

it('does what the guide and the README say', () => {
  const pages = ['docs/guide/report.md', 'README.md'].map(file => readFileSync(file, 'utf8')).join('\n');
  const commands = [...new Set([...pages.matchAll(/^(.*\| )?npx cdk8s-istio-mtls (report .*)$/gm)].map(([, , command]) => command))];
  expect(commands).toHaveLength(3);
  const here = process.cwd();
  const place = join(folder, 'guide');
  cpSync(LAB, join(place, 'manifests'), { recursive: true });
  process.chdir(place);
  try {
    for (const command of commands) expect([command, run(command.split(' '), 'kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n')]).toEqual([command, { code: 0, out: '', err: '' }]);
  } finally {
    process.chdir(here);
  }
  expect(readdirSync(place).sort()).toEqual(['manifests', 'mesh.dot', 'report.html']);
});
