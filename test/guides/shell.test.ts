import { PAGES, blocksOf } from './blocks';
import { Shell, runShell } from './shell';
let shell: Shell;
beforeAll(() => { shell = new Shell(); });
afterAll(() => shell.remove());
const all = PAGES.flatMap(page => blocksOf(page)).filter(b => b.language === 'sh');
it.each(all.map(b => [b.page + ':' + b.line, b] as const))('%s', (_, b) => runShell(shell, b));
