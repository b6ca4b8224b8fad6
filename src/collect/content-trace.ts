/**
 * What plain data holds, as one flat list of its keys and values, and in the
 * same walk the answer whether it is plain.
 *
 * Two lists that are equal come from equal data. Texts are immutable, so that the
 * list costs no copy of them, and comparing it with an older one compares
 * pointers as long as nothing has changed.
 */
export class ContentTrace {
  private readonly items: unknown[] = [];

  /** Adds a single value. */
  add(value: string | number | undefined): void {
    this.items.push(value);
  }

  /** Closes what was added since the last end, so that two groups never read as one. */
  end(): void {
    this.items.push(END);
  }

  /**
   * Adds a value, and tells whether it is plain: strings, finite numbers,
   * booleans, and lists and simple objects of these. Deep or cyclic values, and
   * everything that cdk8s would resolve, sanitize or drop, count as not plain;
   * the list is of no use then.
   */
  addPlain(value: unknown, depth = 0): boolean {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        this.items.push(value);
        return true;
      case 'number':
        this.items.push(value);
        return Number.isFinite(value);
      case 'object':
        return value !== null && depth <= MAX_DEPTH && (Array.isArray(value) ? this.addList(value, depth) : this.addObject(value, depth));
      default:
        return false;
    }
  }

  /** Whether two traces have seen the same. */
  equals(other: ContentTrace): boolean {
    const { items } = this;
    if (items.length !== other.items.length) {
      return false;
    }
    for (let i = 0; i < items.length; i++) {
      if (items[i] !== other.items[i]) {
        return false;
      }
    }
    return true;
  }

  private addList(list: readonly unknown[], depth: number): boolean {
    this.items.push(LIST);
    for (let i = 0; i < list.length; i++) {
      if (!this.addPlain(list[i], depth + 1)) {
        return false;
      }
    }
    this.items.push(END);
    return true;
  }

  private addObject(object: object, depth: number): boolean {
    if (Object.getPrototypeOf(object) !== Object.prototype) {
      return false;
    }
    this.items.push(OBJECT);
    for (const key in object) {
      if (key === 'constructor' || key === '__proto__') {
        return false; // By these cdk8s tells plain objects from others, or they assign a prototype when they are copied.
      }
      this.items.push(key);
      if (!this.addPlain((object as { [key: string]: unknown })[key], depth + 1)) {
        return false;
      }
    }
    this.items.push(END);
    return true;
  }
}

/** Whether a value is plain, as `addPlain` tells it, for those who need no trace. */
export function isPlain(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value !== null && depth <= MAX_DEPTH && (Array.isArray(value) ? isPlainList(value, depth) : isPlainObject(value, depth));
    default:
      return false;
  }
}

function isPlainList(list: readonly unknown[], depth: number): boolean {
  for (let i = 0; i < list.length; i++) {
    if (!isPlain(list[i], depth + 1)) return false;
  }
  return true;
}

function isPlainObject(object: object, depth: number): boolean {
  if (Object.getPrototypeOf(object) !== Object.prototype) return false;
  for (const key in object) {
    if (key === 'constructor' || key === '__proto__' || !isPlain((object as { [key: string]: unknown })[key], depth + 1)) return false;
  }
  return true;
}

const MAX_DEPTH = 64;
const LIST = Symbol('list');
const OBJECT = Symbol('object');
const END = Symbol('end');
