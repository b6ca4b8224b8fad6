import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { readManifestText } from '../../src/collect/manifests';
import { plainValue } from '../../src/collect/scalars';
import { FieldPath } from '../../src/mesh/json';

const TEXT = `# a comment
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  labels: {app: a, "b.c/d": 'e'}
spec:
  selector: &selector
    matchLabels:
      app: a
  "mtls": { mode: STRICT }
  portLevelMtls:
    8080:
      mode: DISABLE
    on: {mode: x}
  list:
    - name: first
      value: 1
    -
      name: second
    - |
      text
    - [x, 'y']
  empty:
  copy: *selector
  merged:
    <<: *selector
    own: 1
---
apiVersion: v1
kind: Service
metadata: {name: next}
`;

const { objects: [policy, next] } = readManifestText(TEXT, 'f.yaml');

describe('the place of', () => {
  it.each<[FieldPath, number, number]>([
    [[], 2, 1],
    [['kind'], 3, 1],
    [['metadata', 'labels', 'b.c/d'], 6, 20],
    [['spec', 'mtls'], 11, 3],
    [['spec', 'mtls', 'mode'], 11, 13],
    [['spec', 'portLevelMtls', '8080', 'mode'], 14, 7],
    [['spec', 'portLevelMtls', 'true', 'mode'], 15, 10],
    [['spec', 'list', 0], 17, 7],
    [['spec', 'list', 0, 'value'], 18, 7],
    [['spec', 'list', 1], 20, 7],
    [['spec', 'list', 2], 21, 7],
    [['spec', 'list', 3, 1], 23, 11],
    [['spec', 'empty'], 24, 3],
  ])('%j is line %d, column %d', (path, line, column) => {
    expect(policy.origin.locate?.(path)).toEqual({ line, column });
  });

  it('a field behind an alias or a merge is where it is written', () => {
    expect(policy.origin.locate?.(['spec', 'copy', 'matchLabels', 'app'])).toEqual({ line: 10, column: 7 });
    expect(policy.origin.locate?.(['spec', 'merged', 'matchLabels'])).toEqual({ line: 9, column: 5 });
    expect(policy.origin.locate?.(['spec', 'merged', 'own'])).toEqual({ line: 28, column: 5 });
  });

  it('a field that is not there is that of the nearest one above it', () => {
    expect(policy.origin.locate?.(['spec', 'mtls', 'mode', 'x'])).toEqual({ line: 11, column: 13 });
    expect(policy.origin.locate?.(['spec', 'list', 9, 'x'])).toEqual({ line: 16, column: 3 });
    expect(policy.origin.locate?.(['status', 'x'])).toEqual({ line: 2, column: 1 });
  });

  it('a field in a later document counts from the beginning of the file', () => {
    expect(next.origin.locate?.(['metadata', 'name'])).toEqual({ line: 32, column: 12 });
  });

  it('a field in an indented document, in JSON and behind CRLF is right', () => {
    const at = (text: string, ...path: FieldPath) => readManifestText(text, 'f').objects[0].origin.locate?.(path);
    expect(at('---\n  apiVersion: v1\n  kind: X\n  spec:\n    a: 1\n', 'spec', 'a')).toEqual({ line: 5, column: 5 });
    expect(at('--- {apiVersion: v1, kind: X}\n', 'kind')).toEqual({ line: 1, column: 22 });
    expect(at('{\n  "apiVersion": "v1",\n  "kind": "X"\n}', 'kind')).toEqual({ line: 3, column: 3 });
    expect(at('apiVersion: v1\r\nkind: X\r\nspec:\r\n  a: 1\r\n', 'spec', 'a')).toEqual({ line: 4, column: 3 });
  });
});

describe('random objects', () => {
  // YAML 1.1 quotes whatever it takes for something else than text; what only kubectl takes for a number is left out.
  const text = fc.string().filter(value => plainValue(value) === value || stringify(value, { version: '1.1' }) !== `${value}\n`);
  const key = fc.oneof(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9._/-]{0,12}$/), fc.constantFrom('yes', 'on', '8080', '010', '~', 'null', ' a b ', 'a: b', '#x', '"q"'));
  const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('yes', '010', '1e3', '1_000', '2026-11-24', 'a\nb\n', '- x'));
  const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true })),
  }));

  it('are read back as they were written, and each of their fields is found', () => {
    fc.assert(fc.property(fc.array(fc.dictionary(key, tree, { maxKeys: 4, noNullPrototype: true }), { minLength: 1, maxLength: 3 }), specs => {
      const bodies = specs.map(spec => ({ apiVersion: 'v1', kind: 'X', spec }));
      const written = bodies.map(body => stringify(body, { version: '1.1', lineWidth: 0 })).join('---\n');
      const { objects, problems } = readManifestText(written, 'f.yaml');
      expect(problems).toEqual([]);
      expect(objects.map(object => object.body)).toEqual(bodies);
      const lines = written.split('\n');
      objects.forEach((object, i) => {
        for (const path of pathsOf(bodies[i])) {
          const step = path[path.length - 1];
          const { line, column } = object.origin.locate!(path)!;
          if (typeof step === 'string') {
            const found = lines[line - 1].slice(column - 1);
            expect([step, JSON.stringify(step), `'${step}'`].some(spelling => found.startsWith(spelling)) ? [] : [path, found]).toEqual([]);
          }
        }
      });
    }), { numRuns: 300 });
  });
});

function pathsOf(value: unknown, path: FieldPath = []): FieldPath[] {
  const entries: [string | number, unknown][] = Array.isArray(value) ? value.map((item, i) => [i, item] as [number, unknown])
    : typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries.flatMap(([step, item]) => [[...path, step], ...pathsOf(item, [...path, step])]);
}
