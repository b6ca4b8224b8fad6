import { readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './rule-files';

/*
 * Removes the source maps that jsii writes into every file of lib/. They are half
 * of the package and a tenth of the time that it takes to load, and the code they
 * explain is near enough to its source.
 */

function strip(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      strip(path);
    } else if (name.endsWith('.js')) {
      writeFileSync(path, readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=data:[^\n]*/g, '\n'));
    }
  }
}

strip(join(ROOT, 'lib'));
