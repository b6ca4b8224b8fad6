#!/usr/bin/env node
import { readFileSync } from 'fs';
import { wantsColour } from './colour';
import { main } from './main';

const stdout = process.stdout;
const stderr = process.stderr;
/** Progress would go on the line that the output has begun, where both go to one screen. */
let hasOutput = false;

process.exitCode = main(process.argv.slice(2), {
  out: text => {
    hasOutput = true;
    stdout.write(text);
  },
  err: text => stderr.write(text),
  stdin: () => readFileSync(0, 'utf8'),
  isColoured: wantsColour(stdout.isTTY === true, process.env),
  ...stderr.isTTY ? { progress } : {},
});

/** Cut to the width of the terminal: a line that wraps could not be taken away. */
function progress(text: string): void {
  if (!hasOutput || !stdout.isTTY) {
    stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns || 80) - 1)}`);
  }
}

// A reader that has seen enough (`| head`) is no error, and what was found stays found: the exit code is set already.
stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
    process.exit();
  }
  throw error;
});
