import { readFileSync } from 'fs';
import { join } from 'path';
import { readDocuments } from '../../src/collect/construct';
import { parse } from '../../src/collect/parse';
import { plainKey } from '../../src/collect/scalars';
import { yamlDocuments } from '../../src/collect/yaml';

/**
 * YAML texts with the JSON that sigs.k8s.io/yaml v1.6.0 makes of them
 * (`YAMLToJSON`, which kubectl uses), one `[text, json]` or `[text, null, error]` a line.
 */
const KUBECTL = readFileSync(join(__dirname, 'kubectl-values.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as [string, unknown, string?]);

function read(text: string): { value?: unknown; isError: boolean } {
  try {
    const [document] = readDocuments(parse(text));
    return document?.error ? { isError: true } : { value: document?.value ?? null, isError: false };
  } catch {
    return { isError: true };
  }
}

describe('values', () => {
  it('are those of kubectl, for hundreds of spellings', () => {
    expect(KUBECTL.length).toBeGreaterThan(800);
    const differing = KUBECTL.filter(([text, json, error]) => {
      const { value, isError } = read(text);
      return error !== undefined ? !isError : isError || JSON.stringify(sorted(value)) !== JSON.stringify(sorted(json));
    });
    expect(differing.map(([text, json, error]) => ({ text, kubectl: error ?? json, ours: read(text) }))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['yes', true], ['off', false], ['y', true], ['n', false], ['~', null],
    ['010', 8], ['0o10', 8], ['0x1F', 31], ['08', 8], ['1_000', 1000], ['1e3', 1000],
    ['12:30:45', '12:30:45'], ['2026-11-24', '2026-11-24'], ['1.20', 1.2], ['1.2.3', '1.2.3'], ['"yes"', 'yes'], ['STRICT', 'STRICT'],
  ])('%s is %j', (text, value) => {
    expect(yamlDocuments(`v: ${text}`)).toEqual([{ v: value }]);
  });

  it.each([['8080', '8080'], ['on', 'true'], ['1.50', '1.5'], ['010', '8'], ['1e7', '1e+07'], ['name', 'name'], ['9007199254740993', '9007199254740993']])(
    'the key %s is the text %j', (text, key) => expect(plainKey(text)).toBe(key));

  it('keep a label that is no text as what it is, for a finding to point at', () => {
    expect(yamlDocuments('metadata: {labels: {version: 1.0, canary: yes}}')).toEqual([{ metadata: { labels: { version: 1, canary: true } } }]);
  });

  it('never reach the prototype of an object', () => {
    const [value] = yamlDocuments('{__proto__: {polluted: true}, constructor: 1}') as { [key: string]: unknown }[];
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect((value as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('of a merge give way to what stands after it, and replace what stands before it, as with kubectl', () => {
    expect(yamlDocuments('x: &x {a: 1, b: 2}\nz: {b: 0, <<: *x, a: 3}')).toEqual([{ x: { a: 1, b: 2 }, z: { a: 3, b: 2 } }]);
  });

  it('throw what is wrong with bad YAML, for tests that read YAML', () => {
    expect(() => yamlDocuments('a: 1\na: 2\n')).toThrow('yaml:2:1: key "a" stands twice in one mapping; remove one of them');
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => [key, sorted(item)])
    : Object.is(value, -0) ? 0 : value;
}
