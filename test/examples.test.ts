import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { temporaryFolder } from './temporary-folder';
import { examples, synthesize } from '../tools/examples';

const outdir = () => join(temporaryFolder('example'), 'dist');

describe('the example', () => {
  it.each(examples().map(example => [example.name, example] as const))('%s does what its folder says', (_, example) => {
    const { yaml, warnings, error } = synthesize(example, outdir());
    const [file, actual] = example.expectedError ? [example.expectedError, `${error}\n`] : [join(example.main, '../expected.k8s.yaml'), yaml];
    if (process.env.UPDATE_GOLDEN === '1') {
      writeFileSync(file, actual);
    }
    if (process.env.UPDATE_GOLDEN === '1' && warnings !== '') {
      writeFileSync(join(example.main, '../expected-warnings.txt'), warnings);
    }
    expect(warnings).toBe(example.expectedWarnings === undefined ? '' : readFileSync(example.expectedWarnings, 'utf8'));
    expect(existsSync(file)).toBe(true);
    expect(actual).toBe(readFileSync(file, 'utf8'));
    if (!example.expectedError) {
      expect(error).toBeUndefined();
      expect(parseAllDocuments(yaml).length).toBeGreaterThan(0);
    }
  });

  it('stands in the list of the README', () => {
    const listed = [...readFileSync(join(__dirname, '../README.md'), 'utf8').matchAll(/^\| \[([a-z/-]+)\]\(examples\//gm)].map(match => match[1]);
    expect(listed.sort()).toEqual(examples().map(example => example.name));
  });
});
