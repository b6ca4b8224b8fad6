import { existsSync, mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { App, Chart, Testing, Yaml } from 'cdk8s';
import { Block, blocksOf, read } from './blocks';
import { things } from './cluster';
import { IstioMesh, MtlsRollout, RolloutStage } from '../../src/constructs';
import { expectConnection, MeshUnderTest } from '../../src/testing';
import { FOLDER } from '../../tools/consumers/steps';
import { examples, Outcome, synthesize } from '../../tools/examples';
import { ROOT } from '../../tools/rule-files';
import { run } from '../cli/run';

/* Manifests, and texts that programs of this repository write. */

const outcomes = new Map<string, Outcome>();

/** What a program wrote and printed. It is run once, however many blocks show something of it. */
function outcomeOf(main: string): Outcome {
  const known = outcomes.get(main);
  if (known !== undefined) return known;
  const log = jest.spyOn(console, 'log').mockImplementation();
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  const outcome = synthesize({ name: main, main }, join(folder, 'dist'));
  rmSync(folder, { recursive: true });
  const printed = log.mock.calls.map(([line]) => `${line}\n`).join('');
  log.mockRestore();
  outcomes.set(main, { ...outcome, warnings: `${outcome.warnings}${printed}` });
  return outcomes.get(main)!;
}

/** Runs what makes a file of this repository that a page shows, and compares. */
export function checkWritten(file: string): void {
  const [, folder, name] = /^(.+)\/([^/]+)$/.exec(file)!;
  const made = (): string => {
    if (folder === 'test/consumers/expected') {
      const { yaml, warnings, error } = outcomeOf(join(FOLDER, `typescript/${/^[a-z]+/.exec(name)![0]}.ts`));
      return name.endsWith('-findings.txt') ? warnings : name.endsWith('-error.txt') ? `${error}\n` : yaml;
    }
    const example = examples().find(one => `examples/${one.name}` === folder)!;
    const { yaml, warnings, error } = outcomeOf(example.main);
    return name === 'expected-error.txt' ? `${error}\n` : name === 'expected-warnings.txt' ? warnings : yaml;
  };
  if (name === 'shop.k8s.yaml') expect(made().endsWith(read(file))).toBe(true); // The second of two files.
  else expect(made()).toBe(read(file));
}

/** A program that a page shows is run: here, by jest as a test, or by a program beside it that imports it. */
export function checkIsRun(file: string): void {
  const folder = dirname(file);
  const shown = ['expected.k8s.yaml', 'expected-error.txt', 'expected-warnings.txt'].filter(name => existsSync(join(ROOT, folder, name)));
  if (folder === FOLDER.slice(ROOT.length + 1) + '/typescript') {
    checkWritten(`test/consumers/expected/${basename(file, '.ts')}.k8s.yaml`);
  } else if (basename(file) === 'main.ts') {
    expect(shown).not.toEqual([]);
    shown.forEach(name => checkWritten(`${folder}/${name}`));
  } else if (file.endsWith('.test.ts')) {
    const { jest: { testMatch } } = JSON.parse(read('package.json')) as { jest: { testMatch: string[] } };
    expect(testMatch).toContain(`<rootDir>/${file.split('/')[0]}/**/*.test.ts`);
  } else {
    const name = basename(file, '.ts');
    const others = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(one => /(main|\.test)\.ts$/.test(one));
    expect(others.filter(one => new RegExp(`from '\\.\\.?/${name}'`).test(read(join(folder, one))))).not.toEqual([]);
  }
}

/** The stage MESH of the migration in a mesh without auto mTLS, whose objects the page orders. */
export function checkRollout(file: string): void {
  const chart = new Chart(new App(), 'mesh');
  new IstioMesh(chart, 'facts', { autoMtls: false });
  new MtlsRollout(chart, 'rollout', { stage: RolloutStage.MESH });
  expect(Yaml.stringify(...Testing.synth(chart))).toBe(read(file));
}

/** Objects of Istio and Kubernetes that a page judges: the page shows what a command says of them, and names every finding that they have. */
export function checkJudged({ page, origin, text }: Block): void {
  const file = origin!.argument;
  const shown = blocksOf(page).filter(block => ['run', 'connections'].includes(block.origin?.kind ?? '') && block.origin!.argument.split(' ').includes(file));
  expect(shown.length).toBeGreaterThan(0);
  if (shown.every(block => block.origin!.argument.includes(`--settings ${file}`))) return;
  const { code, out, err } = run(['check', '--format', 'json', '-'], text);
  expect([0, 1]).toContain(code);
  expect(err).toBe('');
  const { findings, unread } = JSON.parse(out) as { findings: { code: string }[]; unread: unknown[] };
  expect(unread).toEqual([]);
  expect(findings.map(finding => finding.code).filter(one => !read(page).includes(one))).toEqual([]);
  expect(things(text).length).toBeGreaterThan(0);
}

/** The text of a test that fails. */
export function checkFailureText({ text }: Block): void {
  const mesh = MeshUnderTest.ofYaml(`
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {istio-injection: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: old}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: batch, namespace: old}
    spec: {template: {metadata: {labels: {app: batch}}, spec: {containers: [{name: batch}]}}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: customers-v2, namespace: shop}
    spec: {template: {metadata: {labels: {app: customers, version: v2}}, spec: {containers: [{name: customers}]}}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: customers, namespace: shop}
    spec: {selector: {app: customers}, ports: [{name: http, port: 80, targetPort: 8080}]}
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: v2, namespace: shop}
    spec: {selector: {matchLabels: {version: v2}}, mtls: {mode: STRICT}}
  `);
  expect(() => expectConnection(mesh, 'old/batch', 'customers.shop', 80).toBe('plaintext')).toThrow(new Error(text.trimEnd()));
}
