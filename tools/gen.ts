import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { withBlocks } from './gen-blocks';
import { ROOT, ruleFiles, ruleIndex } from './rule-files';
import { rulePage, rulesPage } from './rule-pages';
import type { Rule } from '../src/rules/rule';

/*
 * Writes what is derived from other files, or with --check says which of it is
 * stale. Exit code 1: something is stale; 2: wrong usage.
 */

/** Every generated file with its text, in the order in which one depends on the other. */
function* generated(): Generator<[file: string, text: string]> {
  yield ['src/rules/index.ts', ruleIndex(ruleFiles())];
  // The index must be on disk before the rules can be loaded from it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { RULES } = require('../src/rules') as { RULES: readonly Rule[] };
  for (const rule of RULES) {
    yield [`docs/rules/${rule.code.toLowerCase()}.md`, rulePage(rule)];
  }
  yield ['docs/rules/README.md', rulesPage(RULES)];
  const guides = readdirSync(join(ROOT, 'docs/guide')).filter(file => file.endsWith('.md')).sort().map(file => `docs/guide/${file}`);
  for (const file of ['README.md', ...guides]) {
    yield [file, withBlocks(file, readFileSync(join(ROOT, file), 'utf8'))];
  }
}

function main(args: readonly string[]): number {
  const check = args.includes('--check');
  if (args.some(arg => arg !== '--check')) {
    process.stderr.write('usage: npm run gen [-- --check]\n');
    return 2;
  }
  const stale: string[] = [];
  const files = new Set<string>();
  for (const [file, text] of generated()) {
    files.add(file);
    const path = join(ROOT, file);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      stale.push(file);
      if (!check) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    }
  }
  for (const page of readdirSync(join(ROOT, 'docs/rules'))) {
    const file = `docs/rules/${page}`;
    if (!files.has(file)) {
      stale.push(`${file} (no such rule)`);
      if (!check) {
        rmSync(join(ROOT, file));
      }
    }
  }
  stale.forEach(file => process.stdout.write(`${check ? 'stale' : 'wrote'} ${file}\n`));
  if (check && stale.length > 0) {
    process.stdout.write('run `npm run gen` and commit the result\n');
    return 1;
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
