import { cpSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { ROOT } from './rule-files';

/** Puts what the report's page is made of into a folder, with the layout library and its licence. */
export function copyPage(folder: string): void {
  cpSync(join(ROOT, 'src/report/picture/page'), folder, { recursive: true, filter: path => !path.endsWith('.json') });
  // The bundle for browsers is the one that needs no second package.
  const dagre = dirname(require.resolve('@dagrejs/dagre'));
  const read = (name: string): string => readFileSync(join(dagre, name), 'utf8');
  const bundle = read('dagre.min.js').replace(/\n\/\/# sourceMappingURL=[^\n]*/g, '').trimEnd();
  writeFileSync(join(folder, 'dagre.js'), `${read('dagre.min.js.LEGAL.txt').trim()}\n${bundle}\nmodule.exports = dagre;\n`);
}
