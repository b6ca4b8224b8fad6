import { Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { startOf } from './construct';
import { ParsedText, parseLeniently } from './parse';
import { Place } from './place';
import { plainKey } from './scalars';
import { FieldPath } from '../mesh/json';
import { Origin } from '../mesh/object';

/** A document in a text: where its content stands, and, once somebody has asked, where each of its fields stands. */
export class DocumentPlace {
  private root: Node | undefined;

  /**
   * @param start where the content begins
   * @param end where the next document begins, or the text ends
   */
  constructor(readonly place: Place, private readonly start: number, private readonly end: number) {}

  /** Where the key of a field stands, or a list item; for a field that is not there, the nearest one above it that is. */
  locate(path: FieldPath): { readonly line: number; readonly column: number } {
    this.root ??= this.read();
    let node: Node | undefined = this.root;
    let offset = this.start;
    for (const step of path) {
      const child: Child | undefined = node && childOf(node, step, 0);
      if (!child) {
        break;
      }
      offset = child.offset >= 0 ? child.offset : offset;
      node = child.node;
    }
    return this.place.position(offset);
  }

  /** Parses the document once more, this time for the places. The values were read long ago, when only they were needed. */
  private read(): Node {
    const { place, start, end } = this;
    const base = place.lineStart(start); // From the line's beginning, so that the indentation is seen.
    try {
      return new TreeReader(parseLeniently(place.text.slice(base, end)), base).read();
    } catch {
      return {}; // A document that depends on directives before it: then its first line has to do.
    }
  }
}

/** An object of a file. */
export class FileOrigin implements Origin {
  readonly isConstruct = false;

  /** @param prefix the steps from the document to the object: an object in a list has some */
  constructor(private readonly document: DocumentPlace, readonly prefix: FieldPath, readonly judged: boolean) {}

  get place(): string {
    return this.document.place.name;
  }

  locate(path: FieldPath): { readonly line: number; readonly column: number } {
    return this.document.locate(this.prefix.length > 0 ? [...this.prefix, ...path] : path);
  }
}

interface Child {
  readonly offset: number;
  readonly node: Node;
}

/** What a mapping or a list holds; a scalar holds nothing. */
interface Node {
  keys?: Map<string, Child>;
  items?: Child[];
  merged?: Node[];
}

/** Merges nest no deeper than people write them. */
const MAX_MERGES = 20;

function childOf(node: Node, step: string | number, merges: number): Child | undefined {
  const own = typeof step === 'number' && node.items ? node.items[step] : node.keys?.get(String(step));
  if (own || merges > MAX_MERGES) {
    return own;
  }
  for (const source of node.merged ?? []) {
    const child = childOf(source, step, merges + 1);
    if (child) {
      return child;
    }
  }
  return undefined;
}

class TreeReader {
  private cursor = 1; // The first event begins the document.
  private readonly anchors = new Map<string, Node>();

  private readonly text: string;
  private readonly events: readonly Event[];

  constructor(private readonly parsed: ParsedText, private readonly base: number) {
    this.text = parsed.text;
    this.events = parsed.events;
  }

  read(): Node {
    return this.events.length > 2 ? this.node() : {};
  }

  private node(): Node {
    const event = this.events[this.cursor++];
    const node: Node = {};
    switch (event.type) {
      case EVENT_ID.ALIAS:
        return this.anchors.get(this.text.slice(event.anchorStart, event.anchorEnd)) ?? node;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.SCALAR:
        if (event.anchorStart >= 0) {
          this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), node);
        }
        if (event.type === EVENT_ID.MAPPING) {
          this.readMapping(node);
        } else if (event.type === EVENT_ID.SEQUENCE) {
          this.readSequence(node);
        }
        return node;
      default:
        throw new Error('events of js-yaml are out of order');
    }
  }

  private readMapping(node: Node): void {
    const keys = node.keys = new Map<string, Child>();
    while (this.events[this.cursor].type !== EVENT_ID.POP) {
      const event = this.events[this.cursor];
      const offset = this.offsetOf(event);
      this.node();
      const key = this.keyText(event);
      const value = this.node();
      if (key === '<<' && event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN) {
        (node.merged ??= []).push(...value.items ? value.items.map(item => item.node) : [value]);
      } else if (key !== undefined) {
        keys.set(key, { offset, node: value });
      }
    }
    this.cursor++;
  }

  private readSequence(node: Node): void {
    const items = node.items = [] as Child[];
    while (this.events[this.cursor].type !== EVENT_ID.POP) {
      const offset = this.offsetOf(this.events[this.cursor]);
      items.push({ offset, node: this.node() });
    }
    this.cursor++;
  }

  private keyText(event: Event): string | undefined {
    if (event.type !== EVENT_ID.SCALAR) {
      return undefined;
    }
    const text = getScalarValue(this.text, event);
    return event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 ? plainKey(text) : text;
  }

  /** js-yaml remembers where the lines of a block text begin; the item itself begins with the "|" on the line before. */
  private offsetOf(event: Event): number {
    const start = startOf(event);
    if (start < 0) {
      return -1;
    }
    if (event.type === EVENT_ID.SCALAR && (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK)) {
      const header = Math.max(this.text.lastIndexOf('|', start), this.text.lastIndexOf('>', start));
      return this.base + this.parsed.original(header >= 0 ? header : start);
    }
    return this.base + this.parsed.original(start);
  }
}
