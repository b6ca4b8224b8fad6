import { cpSync, mkdirSync, renameSync, writeFileSync } from 'fs';
import { join } from 'path';
import { npmPack, unwanted } from './pack';
import { checkRefused, checkShop, ConsumerError, devVersion, FOLDER, must, Ran, run } from './steps';
import { ROOT } from '../rule-files';

/** How TypeScript looks packages up: the module and the options beside it. */
const RESOLUTIONS: { readonly [moduleResolution: string]: readonly string[] } = {
  node10: ['--module', 'commonjs', '--ignoreDeprecations', '6.0'],
  node16: ['--module', 'node16'],
  nodenext: ['--module', 'nodenext'],
  bundler: ['--module', 'esnext'],
};

/** Packs the library and uses the tarball in an empty project: from JavaScript, from TypeScript and by its command. */
export function npm(folder: string, step: (text: string) => void): void {
  step('packing');
  const pack = npmPack(folder);
  const rest = unwanted(pack);
  if (rest.length > 0) throw new ConsumerError(`users have no use for these files of the package; name them in .npmignore: ${rest.join(', ')}`);
  step(`packed ${pack.files.length} files: ${kilobytes(pack.size)} kB, ${kilobytes(pack.unpackedSize)} kB unpacked`);

  step('installing the tarball in an empty project');
  const tarball = join(folder, pack.filename);
  const cwd = join(folder, 'project');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }\n');
  must('npm', ['install', tarball, ...['cdk8s', 'constructs'].map(name => `${name}@${devVersion(name)}`)], { cwd });
  must('npm', ['ls', '--all'], { cwd });

  step('requiring and importing it');
  cpSync(join(FOLDER, 'npm'), cwd, { recursive: true });
  for (const file of ['common.cjs', 'module.mjs']) prints(run(process.execPath, [file], { cwd }), '0 findings\n');

  step(`compiling for ${Object.keys(RESOLUTIONS).join(', ')}`);
  cpSync(join(FOLDER, 'typescript'), cwd, { recursive: true });
  const tsc = (...args: string[]): string => must(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--strict', '--target', 'es2022',
    '--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types'), ...args], { cwd });
  for (const [moduleResolution, options] of Object.entries(RESOLUTIONS)) {
    const out = join(cwd, moduleResolution);
    tsc('--moduleResolution', moduleResolution, ...options, '--outDir', out, 'typed.ts', 'shop.ts', 'refused.ts');
    // What bundlers get are ES modules; Node.js takes them as such by the ending of their names.
    if (moduleResolution === 'bundler') renameSync(join(out, 'typed.js'), join(out, 'typed.mjs'));
    prints(run(process.execPath, [join(out, moduleResolution === 'bundler' ? 'typed.mjs' : 'typed.js')], { cwd }), '0 findings\n');
  }
  cpSync(join(cwd, 'typed.ts'), join(cwd, 'typed.mts'));
  for (const resolution of ['node16', 'nodenext']) {
    tsc('--moduleResolution', resolution, '--module', resolution, '--outDir', join(cwd, `${resolution}-module`), 'typed.mts');
    prints(run(process.execPath, [join(cwd, `${resolution}-module/typed.mjs`)], { cwd }), '0 findings\n');
  }

  step('running the apps');
  checkShop(cwd, run(process.execPath, ['node16/shop.js'], { cwd }));
  checkRefused('Error: ', run(process.execPath, ['node16/refused.js'], { cwd }));

  step('running the command by npx, installed and from the tarball');
  finds(run('npx', ['--no', 'cdk8s-istio-mtls', 'check', 'manifest.yaml'], { cwd }));
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  finds(run('npx', ['--yes', '--package', tarball, 'cdk8s-istio-mtls', 'check', join(cwd, 'manifest.yaml')], { cwd: empty }));
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}

function prints({ status, out, err }: Ran, expected: string): void {
  if (status !== 0 || out !== expected || err !== '') throw new ConsumerError(`it should print ${expected.trim()}; it ended with ${status} and printed:\n${out}${err}`);
}

function finds({ status, out, err }: Ran): void {
  if (status !== 1 || !out.includes('MTLS102')) throw new ConsumerError(`check should end with 1 and find MTLS102; it ended with ${status} and printed:\n${out}${err}`);
}
