import { execFileSync } from 'child_process';
import { join } from 'path';
import { MeshSize } from './mesh';
import { median } from './statistics';

const ROUNDS = 7;

/**
 * Milliseconds in which a model answers that is asked once, each time by a new
 * process with V8's own heap: as on the command line, with compilation and all
 * collections. In turn for several sizes, and the middle one of each.
 */
export function timeOnce(sizes: readonly MeshSize[]): number[] {
  const times = sizes.map((): number[] => []);
  for (let i = 0; i < ROUNDS; i++) {
    sizes.forEach((size, index) => times[index].push(Number(execFileSync(
      process.execPath, ['-r', 'ts-node/register/transpile-only', join(__dirname, 'once-process.ts'), JSON.stringify(size)], { encoding: 'utf8' }))));
  }
  return times.map(median);
}
