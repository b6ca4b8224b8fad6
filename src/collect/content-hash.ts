/* eslint-disable no-bitwise -- a hash is made of them */

/**
 * A hash of plain data, and in the same walk the answer whether it is plain.
 *
 * Two objects with one hash are taken to be equal. With 64 bits, and an object
 * compared only with the older state of itself, a wrong "unchanged" is as likely
 * as a broken memory cell, and comparing the texts would cost four times as much.
 */
export class ContentHash {
  private a = 0x811c9dc5 | 0; // Signed, so that the engine keeps both lanes as small integers.
  private b = 0x9e3779b9 | 0;

  /** The hash of all that was added. */
  get value(): string {
    return `${(this.a >>> 0).toString(36)}.${(this.b >>> 0).toString(36)}`;
  }

  /** Adds a text, with its length, so that `ab`, `c` and `a`, `bc` differ. */
  addText(text: string): void {
    let { a, b } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = (b << 5) - b + code | 0;
    }
    this.a = Math.imul(a ^ text.length, 0x01000193);
    this.b = Math.imul(b ^ text.length, 0xc2b2ae35) + (b >>> 15) | 0;
  }

  /**
   * Adds a value, and tells whether it is plain: strings, finite numbers,
   * booleans, and lists and simple objects of these. Deep or cyclic values, and
   * everything that cdk8s would resolve, sanitize or drop, count as not plain;
   * the hash is of no use then.
   */
  addPlain(value: unknown, depth = 0): boolean {
    switch (typeof value) {
      case 'string':
        this.addMark(1);
        this.addText(value);
        return true;
      case 'number':
        this.addMark(2);
        this.addText(String(value));
        return Number.isFinite(value);
      case 'boolean':
        this.addMark(value ? 3 : 4);
        return true;
      case 'object':
        return value !== null && depth <= MAX_DEPTH && (Array.isArray(value) ? this.addList(value, depth) : this.addObject(value, depth));
      default:
        return false;
    }
  }

  private addList(list: readonly unknown[], depth: number): boolean {
    this.addMark(5);
    for (let i = 0; i < list.length; i++) {
      if (!this.addPlain(list[i], depth + 1)) {
        return false;
      }
    }
    this.addMark(6);
    return true;
  }

  private addObject(object: object, depth: number): boolean {
    if (Object.getPrototypeOf(object) !== Object.prototype) {
      return false;
    }
    this.addMark(7);
    for (const key in object) {
      if (!isSafeKey(key)) {
        return false;
      }
      this.addText(key);
      if (!this.addPlain((object as { [key: string]: unknown })[key], depth + 1)) {
        return false;
      }
    }
    this.addMark(8);
    return true;
  }

  private addMark(mark: number): void {
    this.a = Math.imul(this.a ^ mark, 0x01000193);
    this.b = Math.imul(this.b ^ mark, 0x85ebca6b) + (this.b >>> 13) | 0;
  }
}

const MAX_DEPTH = 64;

/** Keys by which cdk8s tells plain objects from others, or that assign a prototype when they are copied. */
function isSafeKey(key: string): boolean {
  return key !== 'constructor' && key !== '__proto__';
}
