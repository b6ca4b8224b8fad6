import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { pageScript } from './page-script';
import { ROOT } from './rule-files';

/** Puts what the report's page is made of into a folder, with the libraries for layout and drawing and their licences. */
export function copyPage(folder: string): void {
  // Nothing of an earlier build stays.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['page.html', 'page.css']) copyFileSync(join(ROOT, 'src/report/picture/page', name), join(folder, name));
  writeFileSync(join(folder, 'page.js'), pageScript());
  // The bundle for browsers is the one that needs no second package.
  const dagre = dirname(require.resolve('@dagrejs/dagre'));
  const read = (name: string): string => readFileSync(join(dagre, name), 'utf8');
  const bundle = read('dagre.min.js').replace(/\n\/\/# sourceMappingURL=[^\n]*/g, '').trimEnd();
  writeFileSync(join(folder, 'dagre.js'), `${read('dagre.min.js.LEGAL.txt').trim()}\n${bundle}\nmodule.exports = dagre;\n`);
}
