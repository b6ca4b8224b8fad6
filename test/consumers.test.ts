import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { runTool } from './run-tool';
import { problemsOf } from '../tools/consumers/api';
import { npmPack, unwanted } from '../tools/consumers/pack';
import { checkRefused, checkShop, ConsumerError, FOLDER } from '../tools/consumers/steps';
import { synthesize } from '../tools/examples';

/*
 * What needs no toolchain of `npm run consumers`: the app in TypeScript, to whose
 * output the tool holds the other languages, and what the package would hold.
 */
const folder = mkdtempSync(join(tmpdir(), 'consumers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const app = (name: string) => ({ name, main: join(FOLDER, `typescript/${name}.ts`) });
const expected = (name: string) => readFileSync(join(FOLDER, 'expected', name), 'utf8');

describe('the app of all languages, in TypeScript', () => {
  it('writes what the others are held to', () => {
    const { warnings, error } = synthesize(app('shop'), join(folder, 'dist'));
    expect({ warnings, error }).toEqual({ warnings: '', error: undefined });
    expect(() => checkShop(folder, { status: 0, out: '', err: '' })).not.toThrow();
  });

  it('is refused with what the others are held to', () => {
    const log = jest.spyOn(console, 'log').mockImplementation();
    const { error } = synthesize(app('refused'), join(folder, 'refused'));
    const out = log.mock.calls.map(([line]) => `${line}\n`).join('');
    log.mockRestore();
    expect(error).toBe(expected('refused-error.txt').trimEnd());
    expect(() => checkRefused('', { status: 1, out, err: error! })).not.toThrow();
  });
});

describe('the tool takes no app for right', () => {
  const ok = { status: 0, out: '', err: '' };
  const refused = { status: 1, out: expected('refused-findings.txt'), err: expected('refused-error.txt') };

  it('that writes nothing, prints something or fails', () => {
    expect(() => checkShop(join(folder, 'nowhere'), ok)).toThrow(new ConsumerError('the shop should write mesh.k8s.yaml, shop.k8s.yaml; it wrote nothing'));
    expect(() => checkShop(folder, { ...ok, err: 'a warning' })).toThrow(/without a word.*ended with 0 and printed:\na warning/);
    expect(() => checkShop(folder, { ...ok, status: 1 })).toThrow(/ended with 1/);
  });

  it('that is not refused, or with something else', () => {
    expect(() => checkRefused('', { ...refused, status: 0 })).toThrow(/should fail; it ended with 0/);
    expect(() => checkRefused('', { ...refused, out: '' })).toThrow(/should print the findings/);
    expect(() => checkRefused('', { ...refused, err: refused.err.replace('MTLS201', 'MTLS202') })).toThrow(/should fail with the error/);
    expect(() => checkRefused('Error: ', refused)).toThrow(/should fail with the error\nError: Validation failed/);
  });
});

describe('npm run consumers', () => {
  it('refuses a name that it does not know', () => {
    expect(runTool('consumers/index', 'go', 'cobol')).toMatchObject({
      status: 2, err: 'usage: npm run consumers [-- NAME ...]; unknown: cobol; the names are api, npm, python, java, go, dotnet',
    });
  });

  it('fails where a toolchain is missing, and names it', () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    const { status, lines, err } = runTool('consumers/index', 'java', 'go');
    process.env.PATH = PATH;
    expect({ status, lines }).toEqual({ status: 1, lines: [''] });
    expect(err).toContain('FAILED java: this machine lacks a JDK, 11 or later (javac) and Maven (mvn); install it, or name the other consumers');
    expect(err).toContain('FAILED go: this machine lacks Go 1.25 or later (go); install it, or name the other consumers');
    expect(err).toContain('2 of 2 failed: java, go');
  });
});

it('finds what other languages cannot express', () => {
  expect(problemsOf({
    name: 'Odd',
    initializer: { parameters: [{ name: 'port', type: { union: {} } }] },
    methods: [{ name: 'of', parameters: [{ name: 'map', type: { collection: { kind: 'map', elementtype: { primitive: 'any' } } } }], returns: { type: { primitive: 'any' } } }],
    properties: [
      { name: 'list', type: { collection: { kind: 'array', elementtype: { primitive: 'any' } } } },
      { name: 'caCRL', type: { primitive: 'string' } },
    ],
  })).toEqual([
    ...['list', 'constructor.port', 'of'].map(name =>
      `Odd.${name} has no type in Java and Go: instead of a union or any, take a class with static factories, a struct or a map`),
    'Odd: caCRL becomes ca_c_r_l in Python; write abbreviations as words, as in clientTls',
  ]);
});

describe('the package', () => {
  it('holds nothing that its users do not need', () => {
    const pack = npmPack();
    expect(unwanted(pack)).toEqual([]);
    expect(pack.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['package.json', 'README.md', 'API.md', 'LICENSE', 'testing.js', 'testing.d.ts']));
  });

  it('would not hold tests, sources, documents or maps unnoticed', () => {
    const paths = ['src/index.ts', 'lib/index.ts', 'lib/index.js.map', 'test/a.test.ts', 'docs/guide/ci.md', 'tsconfig.json', 'ci/mtls.sh'];
    expect(unwanted({ filename: '', size: 0, unpackedSize: 0, files: paths.map(path => ({ path })) })).toEqual(paths);
  });
});

it('every language has both programs', () => {
  const programs = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter(path => /(shop\.|refused\.|main\.go)/i.test(path) && !path.startsWith('expected')).sort();
  expect(programs).toEqual([
    'go/refused/main.go', 'go/shop/main.go', 'java/src/main/java/Refused.java', 'java/src/main/java/Shop.java',
    'python/refused.py', 'python/shop.py', 'typescript/refused.ts', 'typescript/shop.ts',
  ]);
});
