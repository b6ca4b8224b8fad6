/**
 * Builds the packages of all languages, and uses each as its users would: `npm run consumers [-- api npm python java go dotnet]`.
 *
 * `api` finds what in the public API has no good form in the other languages. Every language synthesizes one app (`shop`), whose
 * YAML has to be the same byte for byte, and one that must fail (`refused`), with the same finding. Everything is built in a
 * temporary folder, which stays only where something fails. Registries are asked for what the languages' package managers do not
 * have yet. Exit code 0 where all is well, 1 where something fails or a toolchain is missing, 2 for wrong usage.
 */

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { api } from './api';
import { dotnet } from './dotnet';
import { go } from './go';
import { java } from './java';
import { npm } from './npm';
import { python } from './python';
import { ConsumerError, run } from './steps';

interface Consumer {
  readonly check: (folder: string, step: (text: string) => void) => void;
  /** What has to be on the machine: a command that proves it, and how to name it. */
  readonly needs: readonly { readonly command: readonly string[]; readonly name: string }[];
}

const CONSUMERS: { readonly [name: string]: Consumer } = {
  api: { check: api, needs: [] },
  npm: { check: npm, needs: [{ command: ['npm', '--version'], name: 'npm' }] },
  python: { check: python, needs: [{ command: ['python3', '-c', 'import ensurepip, pip, venv'], name: 'Python 3.9 or later with pip and venv (python3)' }] },
  java: {
    check: java,
    needs: [{ command: ['javac', '-version'], name: 'a JDK, 11 or later (javac)' }, { command: ['mvn', '--version'], name: 'Maven (mvn)' }],
  },
  go: { check: go, needs: [{ command: ['go', 'version'], name: 'Go 1.25 or later (go)' }] },
  dotnet: { check: dotnet, needs: [] },
};

function isThere(command: readonly string[]): boolean {
  try {
    return run(command[0], command.slice(1), { cwd: tmpdir() }).status === 0;
  } catch (error) {
    if (error instanceof ConsumerError) return false;
    throw error;
  }
}

/** Whether the consumer does what it should. */
function works(name: string, folder: string): boolean {
  const { check, needs } = CONSUMERS[name];
  const missing = needs.filter(({ command }) => !isThere(command)).map(need => need.name);
  if (missing.length > 0) {
    console.error(`FAILED ${name}: this machine lacks ${missing.join(' and ')}; install it, or name the other consumers`);
    return false;
  }
  const begin = Date.now();
  mkdirSync(join(folder, name));
  try {
    check(join(folder, name), text => console.log(`       ${name}: ${text}`));
    console.log(`ok     ${name}, ${Math.round((Date.now() - begin) / 1000)} s`);
    return true;
  } catch (error) {
    if (!(error instanceof ConsumerError)) throw error;
    console.error(`FAILED ${name}: ${error.message}`);
    return false;
  }
}

function main(args: readonly string[]): number {
  const unknown = args.filter(name => !Object.keys(CONSUMERS).includes(name));
  if (unknown.length > 0) {
    console.error(`usage: npm run consumers [-- NAME ...]; unknown: ${unknown.join(', ')}; the names are ${Object.keys(CONSUMERS).join(', ')}`);
    return 2;
  }
  const names = Object.keys(CONSUMERS).filter(name => args.length === 0 || args.includes(name));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'consumers-')));
  const failed = names.filter(name => !works(name, folder));
  const isKept = failed.some(name => existsSync(join(folder, name)));
  if (!isKept) rmSync(folder, { recursive: true });
  if (failed.length === 0) return 0;
  console.error(`${failed.length} of ${names.length} failed: ${failed.join(', ')}${isKept ? `; what was built is in ${folder}` : ''}`);
  return 1;
}

process.exitCode = main(process.argv.slice(2));
