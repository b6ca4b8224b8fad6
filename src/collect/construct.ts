import { Event, EVENT_ID, getScalarValue, SCALAR_STYLE, ScalarEvent } from 'js-yaml';
import { ParsedText } from './parse';
import { plainKey, plainValue } from './scalars';

/** One document of a YAML text. */
export interface YamlDocument {
  /** Undefined for a document that is empty or wrong. */
  readonly value: unknown;
  /** Where the content begins, or -1 where there is none. */
  readonly start: number;
  readonly error?: ConstructError;
}

/** The text is YAML, but no object that Kubernetes could read. */
export class ConstructError extends Error {
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

/**
 * The documents of a parsed text, with the values that kubectl reads.
 *
 * js-yaml parses, and its events become values here: kubectl differs from YAML
 * 1.1 and from 1.2 in scalars, keys and merges, and one wrong document must not
 * take the others with it.
 */
export function readDocuments(parsed: ParsedText): YamlDocument[] {
  const reader = new DocumentReader(parsed);
  const documents: YamlDocument[] = [];
  for (let document = reader.next(); document; document = reader.next()) {
    documents.push(document);
  }
  return documents;
}

/** The first character of a node in the text, or -1 for one that is left out. */
export function startOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.SCALAR:
      return event.valueStart > 0 && (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED)
        ? event.valueStart - 1
        : event.valueStart;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    default:
      return -1;
  }
}

const { DOCUMENT, SEQUENCE, MAPPING, SCALAR, ALIAS, POP } = EVENT_ID;

interface Anchor {
  value: unknown;
  /** How many nodes it stands for, once it is complete. */
  size: number;
  isMapping: boolean;
}

type Container = { [key: string]: unknown };

class DocumentReader {
  private cursor = 0;
  private anchors: Map<string, Anchor> | undefined;
  /** Nodes as go-yaml counts them: with those that aliases stand for. */
  private nodes = 0;
  private aliased = 0;

  private readonly text: string;
  private readonly events: readonly Event[];

  constructor(private readonly parsed: ParsedText) {
    this.text = parsed.text;
    this.events = parsed.events;
  }

  next(): YamlDocument | undefined {
    const { events } = this;
    const first = this.cursor;
    if (first >= events.length) {
      return undefined;
    }
    this.cursor = first + 1;
    this.anchors = undefined;
    this.nodes = this.aliased = 0;
    const start = this.parsed.original(this.firstOffset());
    try {
      const value = events[this.cursor].type === POP ? undefined : this.node();
      this.cursor++;
      return { value, start };
    } catch (error) {
      if (!(error instanceof ConstructError)) {
        throw error;
      }
      this.cursor = first;
      this.skipDocument();
      return { value: undefined, start, error: new ConstructError(error.message, this.parsed.original(error.offset)) };
    }
  }

  /** Where the content begins, its tag and anchor included. */
  private firstOffset(): number {
    const event = this.events[this.cursor];
    if (event.type === POP || event.type === DOCUMENT) {
      return -1;
    }
    const offsets = [startOf(event), event.anchorStart - 1, event.type === ALIAS ? -1 : event.tagStart];
    return offsets.reduce((least, offset) => offset >= 0 && (least < 0 || offset < least) ? offset : least, -1);
  }

  private skipDocument(): void {
    let depth = 0;
    do {
      const { type } = this.events[this.cursor++];
      depth += type === POP ? -1 : type === DOCUMENT || type === MAPPING || type === SEQUENCE ? 1 : 0;
    } while (depth > 0);
  }

  private node(): unknown {
    const event = this.events[this.cursor++];
    this.nodes++;
    switch (event.type) {
      case SCALAR: {
        const value = this.scalar(event);
        if (event.anchorStart >= 0) {
          this.setAnchor(event, { value, size: 1, isMapping: false });
        }
        return value;
      }
      case MAPPING:
        return event.anchorStart < 0 ? this.mapping() : this.anchored(event, true);
      case SEQUENCE:
        return event.anchorStart < 0 ? this.sequence() : this.anchored(event, false);
      case ALIAS:
        return this.alias(event).value;
      default:
        throw new Error('events of js-yaml are out of order');
    }
  }

  private anchored(event: AnchorRange, isMapping: boolean): unknown {
    const anchor: Anchor = { value: undefined, size: 0, isMapping };
    this.setAnchor(event, anchor);
    const before = this.nodes;
    anchor.value = isMapping ? this.mapping() : this.sequence();
    anchor.size = this.nodes - before + 1;
    return anchor.value;
  }

  private setAnchor(event: AnchorRange, anchor: Anchor): void {
    (this.anchors ??= new Map()).set(this.text.slice(event.anchorStart, event.anchorEnd), anchor);
  }

  /** An alias may stand for a list of aliases, and so on: kubectl bounds their share, and so does this. */
  private alias(event: AnchorRange): Anchor {
    const name = this.text.slice(event.anchorStart, event.anchorEnd);
    const anchor = this.anchors?.get(name);
    if (!anchor) {
      throw new ConstructError(`alias ${shown(`*${name}`)} has no anchor before it in this document; quote it where text is meant`,
        event.anchorStart - 1);
    }
    if (anchor.size === 0) {
      throw new ConstructError(`alias ${shown(`*${name}`)} stands inside its own anchor; write the value out`, event.anchorStart - 1);
    }
    this.nodes += anchor.size;
    this.aliased += anchor.size;
    if (this.aliased > 100 && this.nodes > 1000 && this.aliased / this.nodes > allowedAliasRatio(this.nodes)) {
      throw new ConstructError('aliases multiply to too many values; write them out', event.anchorStart - 1);
    }
    return anchor;
  }

  private sequence(): unknown[] {
    const { events } = this;
    const list: unknown[] = [];
    while (events[this.cursor].type !== POP) {
      list.push(this.node());
    }
    this.cursor++;
    return list;
  }

  private mapping(): Container {
    const { events } = this;
    const object: Container = {};
    let merged: Set<string> | undefined;
    for (let event = events[this.cursor]; event.type !== POP; event = events[this.cursor]) {
      const key = this.key(event);
      if (key === MERGE) {
        this.merge(object, merged ??= new Set());
        continue;
      }
      const isKnown = hasOwn.call(object, key);
      if (isKnown && !merged?.delete(key)) {
        throw new ConstructError(`key ${shown(key)} stands twice in one mapping; remove one of them`, startOf(event));
      }
      set(object, key, this.node());
    }
    this.cursor++;
    return object;
  }

  private key(event: Event): string | typeof MERGE {
    if (event.type === SCALAR && event.anchorStart < 0 && event.tagStart < 0) {
      this.cursor++;
      this.nodes++;
      const text = getScalarValue(this.text, event);
      if (event.style !== SCALAR_STYLE.PLAIN) {
        return text;
      }
      const key = text === '<<' ? MERGE : plainKey(text);
      if (key === undefined) {
        throw new ConstructError(`${text === '' ? 'an empty key' : `key ${shown(text)}`} is no text; quote it`,
          event.valueStart >= 0 ? event.valueStart : startOf(this.events[this.cursor]));
      }
      return key;
    }
    const { plain, value } = this.rareKey(event);
    const key = plain ?? (typeof value === 'object' || value === undefined ? undefined : String(value));
    if (key === undefined) {
      throw new ConstructError('a key is a mapping, a list or null; a key is text, so quote it', startOf(event));
    }
    return key;
  }

  /** A key with an anchor or a tag, an alias as key, or a collection. */
  private rareKey(event: Event): { readonly plain?: string; readonly value: unknown } {
    const value = this.node();
    const isPlain = event.type === SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
    return { plain: isPlain ? plainKey(getScalarValue(this.text, event)) : undefined, value };
  }

  /** `<<`: its keys stand in for those that are written out after it, and replace those before it, as in go-yaml v2. */
  private merge(object: Container, merged: Set<string>): void {
    const event = this.events[this.cursor];
    const sources: Container[] = [];
    if (event.type === SEQUENCE) {
      this.cursor++;
      this.nodes++;
      while (this.events[this.cursor].type !== POP) {
        sources.unshift(this.mergeSource()); // Earlier ones win.
      }
      this.cursor++;
    } else {
      sources.push(this.mergeSource());
    }
    for (const source of sources) {
      for (const key of Object.keys(source)) {
        if (!hasOwn.call(object, key)) {
          merged.add(key);
        }
        set(object, key, source[key]);
      }
    }
  }

  private mergeSource(): Container {
    const event = this.events[this.cursor];
    if (event.type === ALIAS) {
      this.cursor++;
      this.nodes++;
      const anchor = this.alias(event);
      if (anchor.isMapping) {
        return anchor.value as Container;
      }
    } else if (event.type === MAPPING) {
      return this.node() as Container;
    }
    throw new ConstructError('"<<" merges mappings alone; give it an alias of a mapping, or a list of such aliases', startOf(event));
  }

  private scalar(event: ScalarEvent): unknown {
    const text = getScalarValue(this.text, event);
    if (event.tagStart >= 0) {
      return this.finite(taggedValue(this.text.slice(event.tagStart, event.tagEnd), text, event), text, event);
    }
    return event.style === SCALAR_STYLE.PLAIN ? this.finite(plainValue(text), text, event) : text;
  }

  private finite(value: unknown, text: string, event: ScalarEvent): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new ConstructError(`${shown(text)} is a number that JSON does not have; quote it where text is meant`, startOf(event));
    }
    return value;
  }
}

interface AnchorRange {
  readonly anchorStart: number;
  readonly anchorEnd: number;
}

const MERGE = Symbol('<<');
const hasOwn = Object.prototype.hasOwnProperty;

function set(object: Container, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/** go-yaml's own bound (decode.go): 99 % of a small document may come from aliases, 10 % of a large one. */
function allowedAliasRatio(nodes: number): number {
  const low = 400_000;
  const high = 4_000_000;
  return nodes <= low ? 0.99 : nodes >= high ? 0.1 : 0.99 - 0.89 * ((nodes - low) / (high - low));
}

/** A scalar with a tag; kubectl takes one with a tag that it does not know as text. */
function taggedValue(rawTag: string, text: string, event: ScalarEvent): unknown {
  const tag = rawTag.startsWith('!<') ? rawTag.slice(2, -1).replace(/^tag:yaml\.org,2002:/, '!!') : rawTag;
  const fail = () => new ConstructError(`${shown(text)} does not fit its tag ${shown(tag)}; remove the tag`, event.tagStart);
  if (tag === '!!binary') {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64') !== text.replace(/[\r\n]/g, '')) {
      throw fail();
    }
    return bytes.toString('utf8');
  }
  const types: { readonly [tag: string]: string } = { '!!bool': 'boolean', '!!int': 'number', '!!float': 'number', '!!null': 'object' };
  if (!hasOwn.call(types, tag)) {
    return text;
  }
  const value = plainValue(text);
  if (typeof value !== types[tag] || (tag === '!!int' && !Number.isInteger(value))) {
    throw fail();
  }
  return value;
}

/** A piece of the input for a message: one line, no control characters, not long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text).replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
