/**
 * Runs cdk8s-cli itself with the validation plugin of this library: `npm run test:cdk8s-cli`.
 *
 * cdk8s-cli is installed in test/cdk8s-cli, which needs the registry the first time. The library is put beside it as npm
 * would: packed and unpacked. Exit code 0 when every synth ends as it should.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'test/cdk8s-cli');
const LIBRARY = join(FOLDER, 'node_modules/cdk8s-istio-mtls');
const CLI = join(FOLDER, 'node_modules/cdk8s-cli/bin/cdk8s');

interface Synth {
  readonly name: string;
  readonly policy: 'wrong' | 'weak' | 'right';
  /** Instead of the properties in cdk8s.yaml. */
  readonly properties?: string;
  readonly code: number;
  readonly shows: readonly RegExp[];
}

const SYNTHS: readonly Synth[] = [
  {
    name: 'an error fails the synth, with the construct, the manifest, the field and the fix',
    policy: 'wrong',
    code: 2,
    shows: [
      /MTLS102 selector-in-root-namespace \(error\) \(1 occurrences\)/, /Construct Path: mesh\/policy/, /Manifest Path: .*mesh\.k8s\.yaml/,
      /PeerAuthentication istio-system\/web, spec\.selector \(line \d+\)/, /Status.*failure/, /Errors.*1/, /How to fix: Move the policy/,
    ],
  },
  { name: 'a warning is shown', policy: 'weak', code: 0, shows: [/MTLS109 mode-missing \(warning\)/, /Status.*success/, /Warnings.*1/] },
  { name: 'a warning fails when the plugin is strict', policy: 'weak', properties: '{ strict: true }', code: 2, shows: [/MTLS109/, /Status.*failure/] },
  { name: 'an ignored rule is silent', policy: 'wrong', properties: '{ ignore: [MTLS102] }', code: 0, shows: [/Errors.*0/] },
  { name: 'the cured app is silent', policy: 'right', code: 0, shows: [/Status.*success/, /Errors.*0/, /Warnings.*0/] },
  { name: 'a mistyped property is an error', policy: 'right', properties: '{ strikt: true }', code: 1, shows: [/unknown setting "strikt"; did you mean strict\?/] },
];

function run(command: string, args: readonly string[], folder: string, env: NodeJS.ProcessEnv = {}): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : error.message}` };
}

/** Runs what must succeed. */
function must(command: string, args: readonly string[], folder: string): string {
  const { status, output } = run(command, args, folder);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}:\n${output}`);
  return output;
}

function install(): void {
  if (!existsSync(CLI)) must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], FOLDER);
  const temporary = mkdtempSync(join(tmpdir(), 'cdk8s-cli-'));
  try {
    must('npm', ['pack', '--silent', '--pack-destination', temporary], ROOT);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    rmSync(LIBRARY, { recursive: true, force: true });
    mkdirSync(LIBRARY, { recursive: true });
    must('tar', ['xzf', join(temporary, `cdk8s-istio-mtls-${version}.tgz`), '--strip-components=1', '-C', LIBRARY], ROOT);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** A folder with a cdk8s.yaml of its own: cdk8s-cli reads the one of the folder in which it runs. */
function folderWith(properties: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-cli-'));
  const plugin = `{ package: '${LIBRARY}', version: 0.0.0, class: MtlsValidationPlugin, properties: ${properties} }`;
  writeFileSync(join(folder, 'cdk8s.yaml'), `language: typescript\napp: node ${join(FOLDER, 'app.js')}\noutput: dist\nvalidations: [${plugin}]\n`);
  return folder;
}

function problems({ policy, properties, code, shows }: Synth): string[] {
  const folder = properties === undefined ? FOLDER : folderWith(properties);
  const { status, output } = run(process.execPath, [CLI, 'synth', '--check-upgrade=false'], folder, { POLICY: policy, CDK8S_CHECK_UPGRADE: 'false' });
  if (folder !== FOLDER) rmSync(folder, { recursive: true });
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '');
  const missing = shows.filter(one => !one.test(plain)).map(one => `does not show ${String(one)}`);
  const found = [...status === code ? [] : [`ends with ${String(status)} instead of ${code}`], ...missing];
  return found.length === 0 ? [] : [...found, plain];
}

function main(): number {
  install();
  let failed = 0;
  for (const synth of SYNTHS) {
    const found = problems(synth);
    failed += found.length > 0 ? 1 : 0;
    console.log(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${synth.name}`);
    found.forEach(line => console.log(`       ${line}`));
  }
  console.log(`${SYNTHS.length} synths, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} finally {
  // jsii-docgen would take the first package of this name for the library, wherever it is below this folder.
  rmSync(LIBRARY, { recursive: true, force: true });
}
