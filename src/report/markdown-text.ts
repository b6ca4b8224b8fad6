/*
 * Text as Markdown shows it unchanged. Names come from manifests of others, so that
 * nothing in them may become markup, a link or a mention of a person.
 */

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '@': '&#64;' };

/** A text that is not markup. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>@]/g, character => ENTITIES[character])
    .replace(/[\\`*[\]|~]|\b_|_\b|^#|^[-+](?= )/gm, '\\$&')
    .replace(/\n/g, '<br>');
}

/** A text as code within a line. */
export function code(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  const space = /^`|`$/.test(text) ? ' ' : '';
  return `${ticks}${space}${text.replace(/\n/g, ' ')}${space}${ticks}`;
}

/** A text as a block of code. */
export function block(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length));
}
