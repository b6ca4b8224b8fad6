import { Terminal } from './terminal';

/** Shorter work is over before anybody wonders. */
const PATIENCE_MS = 1000;
const INTERVAL_MS = 100;

/** Says how far long work is, to whoever watches. */
export class Progress {
  private readonly start: number;
  private shownAt = -Infinity;

  constructor(private readonly terminal: Terminal, private readonly now: () => number = () => performance.now()) {
    this.start = now();
  }

  /** Called often; shows what the work is at now and then. */
  at(what: () => string): void {
    const show = this.terminal.progress;
    if (show === undefined) return;
    const time = this.now();
    if (time - this.start >= PATIENCE_MS && time - this.shownAt >= INTERVAL_MS) {
      this.shownAt = time;
      show(what());
    }
  }

  /** Takes the line away, before anything else is written. */
  done(): void {
    if (this.shownAt !== -Infinity) {
      this.shownAt = -Infinity;
      this.terminal.progress?.('');
    }
  }
}
