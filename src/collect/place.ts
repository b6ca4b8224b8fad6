/** A text and where it came from. Lines are looked for only when somebody asks for a position. */
export class Place {
  private starts: number[] | undefined;

  /** @param name the file as the user named it */
  constructor(readonly name: string, readonly text: string) {}

  /** Line and column of a character, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const line = this.lineIndex(offset);
    return { line: line + 1, column: Math.max(0, Math.min(offset, this.text.length)) - this.lineStarts[line] + 1 };
  }

  /** Where the line of a character begins. */
  lineStart(offset: number): number {
    return this.lineStarts[this.lineIndex(offset)];
  }

  /** The line of a character, without its end. */
  lineAt(offset: number): string {
    const line = this.lineIndex(offset);
    return this.text.slice(this.lineStarts[line], this.lineStarts[line + 1]).replace(/[\r\n]+$/, '');
  }

  private lineIndex(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private get lineStarts(): number[] {
    if (!this.starts) {
      this.starts = [0];
      for (let end = this.text.indexOf('\n'); end >= 0; end = this.text.indexOf('\n', end + 1)) {
        this.starts.push(end + 1);
      }
    }
    return this.starts;
  }
}
