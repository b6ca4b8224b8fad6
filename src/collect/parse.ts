import { Event, parseEvents, YAMLException } from 'js-yaml';

/** CustomResourceDefinitions nest about 50 deep; what comes after reading may walk objects recursively. */
export const MAX_DEPTH = 200;

/** A text with what js-yaml finds in it. */
export interface ParsedText {
  /** The text that the events point into. */
  readonly text: string;
  readonly events: readonly Event[];
  /** Where a character of that text stands in the text as it was given. */
  original(offset: number): number;
}

/** Parses a text as it is. Throws js-yaml's own error for what is no YAML. */
export function parse(text: string): ParsedText {
  return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), original: offset => offset };
}

/**
 * Parses one document, and lets pass what YAML forbids and kubectl does not:
 * lines of `[...]`, `{...}` and quoted text that are not indented more than
 * their key. People close their brackets there:
 *
 *     args: [
 *       "proxy"
 *     ]
 *
 * White space means nothing in these places, so that such a line is indented
 * and the text is parsed once more.
 */
export function parseLeniently(given: string): ParsedText {
  const added: number[] = [];
  let text = given;
  let first: unknown;
  for (let work = 0; ; work += text.length) {
    try {
      return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), original: offset => originalOffset(added, offset) };
    } catch (error) {
      first ??= error;
      const repaired = work < MAX_WORK && error instanceof YAMLException ? repair(text, error, added) : undefined;
      if (repaired === undefined) {
        throw first; // Its position counts in the text as it was given.
      }
      text = repaired;
    }
  }
}

/** How many characters are parsed again before a document counts as wrong. */
const MAX_WORK = 5_000_000;
/** More than any key is indented. */
const INDENT = ' '.repeat(400);

/** The text with the line of an error indented; undefined where the error is another one. */
function repair(text: string, error: YAMLException, added: number[]): string | undefined {
  const position = error.mark?.position;
  if (position === undefined || error.reason !== 'deficient indentation') {
    return undefined;
  }
  const start = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
  const before = text.slice(start, position);
  if (start === 0 || start <= (added[added.length - 1] ?? -1) || /[^ \t]/.test(before)) {
    return undefined;
  }
  added.push(start);
  return text.slice(0, start) + INDENT + before.replace(/\t/g, ' ') + text.slice(position);
}

/** Lines are repaired from the first to the last, so that what was added earlier stays where it is. */
function originalOffset(added: readonly number[], offset: number): number {
  let shift = 0;
  for (const start of added) {
    if (offset < start) {
      break;
    }
    shift += Math.min(INDENT.length, offset - start);
  }
  return offset - shift;
}
