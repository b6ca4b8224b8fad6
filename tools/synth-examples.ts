import { join, relative } from 'path';
import './register';
import { examples, synthesize } from './examples';
import { ROOT } from './rule-files';

/* Writes the YAML of every example to examples/<name>/dist, and lists what it wrote. */

let failed = 0;
for (const example of examples()) {
  const { files, warnings, error } = synthesize(example, join(ROOT, 'examples', example.name, 'dist'));
  process.stderr.write(warnings);
  if (example.expectedError) {
    process.stdout.write(error === undefined ? `${example.name}: was to be refused, and is not\n` : `${example.name}: refused, as it is meant to be\n`);
    failed += error === undefined ? 1 : 0;
  } else if (error !== undefined) {
    process.stdout.write(`${example.name}: ${error}\n`);
    failed++;
  } else {
    files.forEach(file => process.stdout.write(`wrote ${relative(process.cwd(), join(ROOT, 'examples', example.name, 'dist', file))}\n`));
  }
}
process.exitCode = failed === 0 ? 0 : 1;
