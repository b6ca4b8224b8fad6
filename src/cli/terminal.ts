/** What a command reads and writes beside files. */
export interface Terminal {
  /** Whether text on the standard output may have colours; without it none are used. */
  readonly isColoured?: boolean;
  out(text: string): void;
  err(text: string): void;
  /** All of standard input. */
  stdin(): string;
  /** Shows on one line how far the work is, in place of what it showed before; '' takes the line away. Absent where nobody watches. */
  progress?(text: string): void;
}

/** Wrong usage, or input that cannot be read: one line for the user, exit code 2. */
export class UsageError extends Error {}
