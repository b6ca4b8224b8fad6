import { buildSync } from 'esbuild';
import { largeMesh } from './large-mesh';
import { packedList } from '../../src/report/picture/pack';
import { run } from '../cli/run';

/* The page reads its data with a function of its own, here as Node.js runs it. */
const [{ text }] = buildSync({ entryPoints: ['src/report/picture/page/unpack.js'], format: 'cjs', write: false, bundle: true, tsconfigRaw: {} }).outputFiles;
const unpack = { exports: {} as { readData(text: string): { picture: unknown; graph: { nodes: unknown[]; edges: unknown[]; keys: string[] } } } };
// eslint-disable-next-line @typescript-eslint/no-implied-eval
new Function('module', text)(unpack);

function pageData(args: readonly string[], stdin: string): ReturnType<typeof unpack.exports.readData> {
  const html = run(['report', '--format', 'html', ...args], stdin).out;
  const [, data] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)!;
  return unpack.exports.readData(data);
}

const WITH_HOST = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, env: [{name: PAY, value: "https://pay.example.com"}]}]}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [pay.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
`;

it.each([
  ['the lab', ['test/mesh/lab'], ''],
  ['a host outside the mesh', ['-'], WITH_HOST],
  ['a mesh of 60 workloads', ['--closed-world', '-'], largeMesh(60)],
  ['a mesh without calls', ['-'], 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n'],
])('the page reads what --format json prints, of %s', (_, args, stdin) => {
  const json = run(['report', '--format', 'json', ...args], stdin).out;
  expect(json.length).toBeGreaterThan(100);
  const read = pageData(args, stdin);
  expect(read.picture).toEqual(JSON.parse(json));
  expect(read.graph.nodes).toHaveLength(read.graph.keys.length);
});

it('lists keep values of every kind, nulls and words that come again', () => {
  expect(packedList([{ a: 'x', b: null, c: 1 }, { a: 'x', b: 'y', c: [2] }, { a: 'x', b: 'y', c: {} }, { a: 'z', b: 'y', c: 'w' }])).toEqual({
    length: 4,
    fields: { a: { words: ['x', 'z'], at: [0, 0, 0, 1] }, b: { words: ['y'], at: [-1, 0, 0, 0] }, c: [1, [2], {}, 'w'] },
  });
  expect(packedList([])).toEqual({ length: 0, fields: {} });
});
