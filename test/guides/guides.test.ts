import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { PAGES, read } from './blocks';
import { BLOCKS, RUNNERS, runBlock, runnersOf, Tools } from './runners';
import { ROOT } from '../../tools/rule-files';

const tools = new Tools();
afterAll(() => tools.remove());

describe('every block of the pages', () => {
  // The first of its kind compiles what all others need.
  it.each(BLOCKS.map(block => [block.page, block.line, block.language, block] as const))('%s, line %d: %s', (_, __, ___, block) => runBlock(block, tools), 60_000);
});

it('has no runner without a block', () => {
  const used = BLOCKS.flatMap(runnersOf);
  expect(RUNNERS.filter(runner => !used.includes(runner)).map(({ name }) => name)).toEqual([]);
});

it.each(PAGES)('%s leads to files that are there', page => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(match => match[1]);
  expect(links.filter(link => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
});
