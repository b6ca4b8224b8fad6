/** What a command reads and writes beside files. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** All of standard input. */
  stdin(): string;
}

/** Wrong usage, or input that cannot be read: one line for the user, exit code 2. */
export class UsageError extends Error {}
