import { readFileSync } from 'fs';
import { join } from 'path';
import { buildSync } from 'esbuild';
import { ROOT } from './rule-files';

/**
 * The script of the report's page in one piece: what stands in
 * `src/report/picture/page`, and what it uses of D3. The licences of the
 * libraries stand above it, and so in every page.
 */
export function pageScript(): string {
  const { metafile, outputFiles: [{ text }] } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/report/picture/page/main.js'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    // Not what a tsconfig of this repository says: only what stands here decides.
    tsconfigRaw: {},
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  return `${licences(Object.keys(inputs))}\n${text}`;
}

/** The licences of the packages that the files come from; one text for all that have the same one. */
function licences(files: readonly string[]): string {
  const packages = new Set(files.flatMap(file => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const byText = new Map<string, string[]>();
  for (const folder of [...packages].sort()) {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { name: string; version: string };
    const text = readFileSync(join(ROOT, folder, 'LICENSE'), 'utf8').trim();
    byText.set(text, [...byText.get(text) ?? [], `${name} ${version}`]);
  }
  return [...byText].map(([text, names]) => `/*! ${names.join(', ')}\n\n${text}\n*/`).join('\n');
}
