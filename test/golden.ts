import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Chart, Testing, Yaml } from 'cdk8s';

/**
 * Compares what a chart synthesizes with `test/golden/<name>.yaml`.
 *
 * `UPDATE_GOLDEN=1 npx jest` writes the files instead.
 */
export function expectGolden(name: string, chart: Chart): void {
  const text = Yaml.stringify(...Testing.synth(chart));
  expectGoldenText(join(__dirname, 'golden', `${name}.yaml`), text);
  expect(text.split('\n').length).toBeLessThanOrEqual(41);
}

/** Compares a text with a file, or writes the file. */
export function expectGoldenText(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN === '1') {
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no such file; run with UPDATE_GOLDEN=1').toBe(text);
}
