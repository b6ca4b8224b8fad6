import { YAMLException } from 'js-yaml';
import { ConstructError } from './construct';
import { MAX_DEPTH } from './parse';
import { Place } from './place';

/** A part of the input that could not be read. */
export interface Problem {
  readonly file: string;
  /** From 1; absent where the file as a whole is meant. */
  readonly line?: number;
  readonly column?: number;
  /** One line: what is wrong, and what to do. */
  readonly message: string;
}

/** A problem as compilers print theirs: `dir/file.yaml:3:5: message`. */
export function problemText(problem: Problem): string {
  const position = problem.line === undefined ? '' : `:${problem.line}${problem.column === undefined ? '' : `:${problem.column}`}`;
  return `${problem.file}${position}: ${problem.message}`;
}

export const HELM_TEMPLATE = 'this is a Helm template; run `helm template` first and read what it prints';

/** What a person can do about an error of js-yaml, by a part of its text. */
const ADVICE: readonly (readonly [part: string, message: string])[] = [
  ['bad indentation of a mapping entry', 'bad indentation of a mapping entry; align it with the keys beside it, and quote values that contain ": "'],
  ['bad indentation of a sequence entry', 'bad indentation of a list item; align its "-" with those of the other items'],
  ['tab characters must not be used', 'a tab in the indentation; indent with spaces'],
  ['deficient indentation', 'bad indentation; indent this line more than the key it belongs to, or close the quote or bracket before it'],
  ['nesting exceeded maxDepth', `nested more than ${MAX_DEPTH} levels deep; no Kubernetes object is`],
  ['expected \':\' after a mapping key', 'expected ":" after a key; write "key: value", and quote text of several lines'],
  ['a multiline key may not be an implicit key', 'expected ":" after a key; write "key: value", and quote text of several lines'],
  ['within a double quoted scalar', 'a double quote is never closed; close it'],
  ['within a single quoted scalar', 'a single quote is never closed; close it'],
  ['within a flow collection', 'a "{" or "[" is never closed; close it'],
  ['missed comma between flow', 'expected a comma in {...} or [...]; add it, and quote text that contains brackets'],
  ['expected the node content, but found', 'a comma too many in {...} or [...]; remove it'],
  ['unknown escape sequence', 'a backslash sequence that YAML does not know; double the backslash or use single quotes'],
  ['expected hexadecimal character', 'a broken \\x or \\u sequence; double the backslash or use single quotes'],
  ['non-printable characters', 'a control character; remove it, or write it as an escape in double quotes'],
  ['expected valid JSON character', 'a control character in a quoted text; write it as an escape'],
  ['undeclared tag handle', 'an unknown tag; quote text that begins with "!"'],
  ['tag suffix', 'a tag that is no tag; quote text that begins with "!"'],
  ['tag name cannot contain', 'a tag that is no tag; quote text that begins with "!"'],
  ['name of an alias node', 'a "*" without a name; quote text that begins with "*"'],
  ['name of an anchor node', 'an "&" without a name; quote text that begins with "&"'],
  ['end of the stream or a document separator is expected', 'content that does not belong to what stands before it; check the indentation, or quote the text'],
  ['a line break is expected', 'text after "|" or ">"; begin it on the next line'],
];

/** The problem that stands behind an error; the position of the error counts from `base` in the text. */
export function problemOf(error: unknown, place: Place, base: number): Problem {
  if (error instanceof ConstructError) {
    return problemAt(place, base + error.offset, error.message);
  }
  if (error instanceof YAMLException) {
    const offset = base + (error.mark?.position ?? 0);
    if (/^[ ]*\t/.test(place.lineAt(offset))) {
      return problemAt(place, place.lineStart(offset) + place.lineAt(offset).indexOf('\t'), 'a tab in the indentation; indent with spaces');
    }
    const reserved = /^[@`%]/.exec(place.text.slice(offset, offset + 1));
    if (reserved && offset > place.lineStart(offset)) {
      return problemAt(place, offset, `text that begins with "${reserved[0]}"; quote it`);
    }
    const advice = ADVICE.find(([part]) => error.reason.includes(part));
    return problemAt(place, offset, advice ? advice[1] : `${oneLine(error.reason)}; correct the YAML here`);
  }
  return problemAt(place, base, `cannot be read (${oneLine(error instanceof Error ? error.message : String(error))}); correct the YAML here`);
}

export function problemAt(place: Place, offset: number, message: string): Problem {
  return { file: place.name, ...place.position(offset), message };
}

/** Messages may quote the input. */
function oneLine(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
