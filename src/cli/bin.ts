#!/usr/bin/env node
import { readFileSync } from 'fs';
import { main } from './main';

process.exitCode = main(process.argv.slice(2), {
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  stdin: () => readFileSync(0, 'utf8'),
});

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
    process.exit(0);
  }
  throw error;
});
