import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { GENERATED } from '../../tools/gen-blocks';
import { ROOT } from '../../tools/rule-files';

/** The pages for users and for those who work on the library. */
export const PAGES = [
  'README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs/guide')).filter(file => file.endsWith('.md')).sort().map(file => `docs/guide/${file}`),
];

/** What a block is made of that `npm run gen` writes: the words behind `gen:`. */
export interface Origin {
  readonly kind: string;
  readonly argument: string;
}

/** A block of code of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Absent for a block that is written by hand. */
  readonly origin?: Origin;
  /** The page up to the block. */
  readonly before: string;
}

export function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** Every block of a page. A fence that opens or closes none is an error: what stands behind it would be held by nothing. */
export function blocksOf(page: string, text = read(page)): Block[] {
  const generated = [...text.matchAll(GENERATED)].map(({ 0: whole, 2: kind, 3: argument, index }) =>
    ({ from: index, to: index + whole.length, kind, argument }));
  const blocks = [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map(match => {
    const within = generated.find(({ from, to }) => from < match.index && match.index < to);
    const origin = within === undefined ? undefined : { kind: within.kind, argument: within.argument };
    const before = text.slice(0, match.index);
    return { page, line: before.split('\n').length, language: match[1], text: match[2], origin, before };
  });
  const fences = text.match(/^[ \t>]*(```|~~~)/gm) ?? [];
  if (fences.length !== 2 * blocks.length) {
    const how = 'a block begins with a line of ``` and its language, and ends with one of ``` alone';
    throw new Error(`${page} has ${fences.length} fences for ${blocks.length} blocks; ${how}`);
  }
  return blocks;
}
