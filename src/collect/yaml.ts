import { readDocuments, YamlDocument } from './construct';
import { parseJson } from './json-text';
import { parse, parseLeniently } from './parse';
import { Place } from './place';
import { HELM_TEMPLATE, Problem, problemOf, problemText } from './problem';

/** A document that is not empty. */
export interface PlacedDocument {
  readonly value: unknown;
  /** Where its content begins in the text, and where that of the next one does. */
  readonly start: number;
  readonly end: number;
}

/** What a text holds. */
export interface YamlText {
  readonly documents: PlacedDocument[];
  readonly problems: Problem[];
}

/** The documents of a YAML text as plain data; empty documents are left out. Throws for bad YAML. */
export function yamlDocuments(text: string): unknown[] {
  const { documents, problems } = readYaml(new Place('yaml', text));
  if (problems.length > 0) {
    throw new Error(problemText(problems[0]));
  }
  return documents.map(document => document.value).filter(value => value !== null);
}

/**
 * All documents of a text, JSON or YAML, with the values that kubectl reads.
 *
 * The text is parsed in large pieces, which is fast. Only a piece that is wrong is
 * parsed document by document, so that each bad one is named and the good ones
 * count.
 */
export function readYaml(place: Place): YamlText {
  const json = parseJson(place.text);
  if (json !== undefined) {
    return { documents: [{ value: json, start: place.text.search(/\S/), end: place.text.length }], problems: [] };
  }
  return new TextReader(place).read();
}

/** A piece that is parsed at once. Memory is what limits it: the parser needs about 30 bytes for each that it reads. */
const PIECE = 4 * 1024 * 1024;

class TextReader {
  private readonly documents: PlacedDocument[] = [];
  private readonly problems: Problem[] = [];
  private isHelm = false;

  constructor(private readonly place: Place) {}

  read(): YamlText {
    const { text } = this.place;
    // A directive belongs to the document behind the separator that follows it, so that a text with some cannot be cut.
    const isOnePiece = text.length <= PIECE || /^%/m.test(text);
    for (let start = 0; start < text.length;) {
      const end = isOnePiece ? text.length : nextSeparator(text, start + PIECE);
      this.readPiece(start, end);
      start = end;
    }
    return { documents: this.documents, problems: this.problems };
  }

  private readPiece(start: number, end: number): void {
    let documents: YamlDocument[];
    try {
      documents = readDocuments(parse(this.place.text.slice(start, end)));
    } catch {
      for (const [from, to] of this.split(start, end)) {
        this.readAlone(from, to);
      }
      return;
    }
    this.add(documents, start, end);
  }

  private readAlone(start: number, end: number): void {
    try {
      this.add(readDocuments(parseLeniently(this.place.text.slice(start, end))), start, end);
    } catch (error) {
      this.addProblem(problemOf(error, this.place, start), start);
    }
  }

  private add(documents: readonly YamlDocument[], start: number, end: number): void {
    let next = end;
    const placed: PlacedDocument[] = [];
    for (const document of [...documents].reverse().filter(one => one.start >= 0)) {
      if (!document.error) {
        placed.push({ value: document.value, start: start + document.start, end: next });
      }
      next = start + document.start;
    }
    for (const document of placed.reverse()) {
      this.documents.push(document);
    }
    for (const { error, start: from } of documents) {
      if (error) {
        this.addProblem(problemOf(error, this.place, start), start + from);
      }
    }
  }

  private addProblem(problem: Problem, documentStart: number): void {
    if (isTemplate(this.place, documentStart, problem.line ?? 1)) {
      // One template has dozens of these, all for the same reason.
      if (!this.isHelm) {
        this.isHelm = true;
        this.problems.push({ ...problem, message: HELM_TEMPLATE });
      }
    } else {
      this.problems.push(problem);
    }
  }

  /** The pieces between separators; JSON objects one after the other have none, and kubectl reads them all the same. */
  private split(start: number, end: number): [number, number][] {
    const { text } = this.place;
    const ranges: [number, number][] = [];
    for (let from = start; from < end;) {
      const to = Math.min(nextSeparator(text, from + 1), end);
      ranges.push(...this.splitJson(from, to));
      from = to;
    }
    return ranges;
  }

  private splitJson(start: number, end: number): [number, number][] {
    const piece = this.place.text.slice(start, end);
    if (!/^(---\s)?\s*\{/.test(piece)) {
      return [[start, end]];
    }
    const cuts = [...piece.matchAll(/\}[ \t\r]*\n\s*(?=\{)/g)].map(match => start + match.index + match[0].length);
    return [start, ...cuts].map((from, i, all) => [from, all[i + 1] ?? end]);
  }
}

/** The next line that is a document separator, or the end of the text. */
function nextSeparator(text: string, from: number): number {
  for (let at = text.indexOf('\n---', from - 1); at >= 0; at = text.indexOf('\n---', at + 4)) {
    const following = text[at + 4];
    if (following === undefined || following === '\n' || following === '\r' || following === ' ' || following === '\t') {
      return at + 1;
    }
  }
  return text.length;
}

/** Whether the error comes from `{{ }}`: on its line, on the one before, or on a line that holds nothing else before it. */
function isTemplate(place: Place, documentStart: number, line: number): boolean {
  const lines = place.text.slice(documentStart).split('\n', Math.max(line - place.position(documentStart).line + 1, 1));
  return lines.slice(-2).some(text => text.includes('{{')) || lines.some(text => /^\s*\{\{-?\s*[\w/.$]/.test(text));
}
