import { join } from 'path';
import * as fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { broken, disagreements } from './judge';
import { Mesh } from '../../src/mesh/mesh';
import { CurableBlocker, planMigration } from '../../src/plan/plan';
import { meshOf, toCase } from '../conformance/connections';
import { readLines } from '../conformance/lines';
import { deployment, Fields, headless, istio, mesh, namespace, policy, rule, service } from '../mesh/build';

const SPACES = ['one', 'two', 'istio-system'];
const MODES = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'];
const KEYS = ['one/web', 'one/db', 'two/api', 'two/job'];
const hosts = KEYS.map(key => `${key.split('/')[1]}.${key.split('/')[0]}.svc.cluster.local`);

const labels = fc.constantFrom<Fields>({ 'istio-injection': 'enabled' }, { 'istio-injection': 'enabled' }, {}, { 'istio.io/dataplane-mode': 'ambient' });
const own = fc.constantFrom<Fields>({}, {}, {}, { 'sidecar.istio.io/inject': 'false' }, { 'sidecar.istio.io/inject': 'true' });
const notes = fc.constantFrom<Fields>({}, {}, {}, { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' }, { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' });
const calls = fc.subarray(hosts.map(host => `http://${host}:80`), { maxLength: 2 });
const mode = fc.constantFrom(...MODES);
const levels = fc.option(fc.constantFrom<{ readonly [port: string]: string }>({ 8080: 'PERMISSIVE' }, { 8080: 'STRICT' }, { 80: 'DISABLE' }, { 8080: 'DISABLE' }), { nil: undefined });
const onePolicy = fc.record({ space: fc.constantFrom(...SPACES), mode: fc.option(mode, { nil: undefined }), app: fc.constantFrom(undefined, undefined, 'web', 'api', 'db'), levels });
const oneRule = fc.record({
  space: fc.constantFrom(...SPACES),
  host: fc.constantFrom(...hosts, '*.one.svc.cluster.local', '*.local'),
  tls: fc.constantFrom('DISABLE', 'ISTIO_MUTUAL', 'SIMPLE', undefined),
  exportTo: fc.constantFrom(undefined, ['.']),
});

const meshes = fc.record({
  workloads: fc.tuple(...KEYS.map(key => fc.record({ key: fc.constant(key), own, notes, calls }))),
  one: labels,
  two: labels,
  policies: fc.array(onePolicy, { maxLength: 4 }),
  rules: fc.array(oneRule, { maxLength: 3 }),
  headless: fc.boolean(),
  hidden: fc.constantFrom(false, false, true),
  ambient: fc.boolean(),
  autoMtls: fc.constantFrom(true, true, true, false),
}).map(all => ({
  objects: [
    namespace('one', all.one), namespace('two', all.two), namespace('istio-system', {}),
    ...all.workloads.flatMap(({ key, own: more, notes: annotations, calls: urls }) => [
      deployment(key, more, {
        annotations,
        spec: { containers: [{ name: 'app', ports: [{ name: 'web', containerPort: 8080 }], env: urls.map((value, i) => ({ name: `URL_${i}`, value })) }] },
      }),
      key === 'one/db' && all.headless ? headless(key) : service(key),
    ]),
    ...all.policies.map((one, i) => policy(`${one.space}/p${i}`, one.mode, one.app, one.app === undefined ? undefined : one.levels)),
    ...all.rules.map((one, i) => rule(`${one.space}/r${i}`, one.host, one.tls, { exportTo: one.exportTo })),
    ...all.hidden ? [istio('Sidecar one/default', { egress: [{ hosts: ['./*'] }] })] : [],
  ] as Fields[],
  settings: { ambient: all.ambient, autoMtls: all.autoMtls },
}));

const blockersOf = (one: Mesh): CurableBlocker[] => {
  const plan = planMigration(one);
  return [...plan.namespaces, plan.mesh].flatMap(({ blockers }) => blockers);
};

it('calls a namespace ready exactly where its stage breaks no call', () => {
  fc.assert(fc.property(meshes, ({ objects, settings }) => {
    expect(disagreements(mesh(objects, settings)).found).toEqual([]);
  }), { numRuns: 300 });
});

it('breaks no call with all namespaces STRICT at once that are ready, one after the other or together', () => {
  fc.assert(fc.property(meshes, ({ objects, settings }) => {
    const one = mesh(objects, settings);
    const ready = planMigration(one).namespaces.filter(({ blockers }) => blockers.length === 0).map(({ name }) => name);
    expect(broken(one, { namespaces: ready })).toEqual([]);
  }), { numRuns: 200 });
});

it('offers exceptions that let the calls through, in the form of the YAML that is printed', () => {
  let tried = 0;
  fc.assert(fc.property(meshes, ({ objects, settings }) => {
    const exceptions = new Map<string, string>();
    for (const { namespace: name, cures, ports } of blockersOf(mesh(objects, settings))) {
      // What stands in a policy already is for a person to merge.
      const text = cures.find(({ kind }) => kind === 'exception')?.policies?.map(({ yaml }) => yaml).join('\n---\n');
      if (text !== undefined && !text.startsWith('#')) exceptions.set(`${name} ${ports.map(({ workload, port }) => `${workload.key} ${port}`).join()}`, text);
    }
    for (const [place, text] of exceptions) {
      tried++;
      const after = mesh([...objects, ...loadAll(text)], settings);
      const open = blockersOf(after).map(({ namespace: name, ports }) => `${name} ${ports.map(({ workload, port }) => `${workload.key} ${port}`).join()}`);
      expect(open).not.toContain(place);
    }
  }), { numRuns: 200 });
  expect(tried).toBeGreaterThan(30);
});

it('offers to join callers that then get through', () => {
  let tried = 0;
  fc.assert(fc.property(meshes, ({ objects, settings }) => {
    for (const { code, calls: failing, joins } of blockersOf(mesh(objects, { ...settings, autoMtls: true }))) {
      if (code !== 'MTLS206') continue;
      tried++;
      const joined = objects.map(object => {
        const name = (object.metadata as Fields).name as string;
        if (object.kind === 'Namespace') return joins.some(one => one.namespace === name) ? namespace(name) : object;
        return joins.some(({ object: { body } }) => body === object) ? withProxy(object) : object;
      });
      const still = blockersOf(mesh(joined, { ...settings, autoMtls: true })).filter(one => one.code === 'MTLS206').flatMap(one => one.calls);
      failing.forEach(call => expect(still).not.toContain(call));
    }
  }), { numRuns: 200 });
  expect(tried).toBeGreaterThan(30);
});

function withProxy(object: Fields): Fields {
  return JSON.parse(JSON.stringify(object).replace('"sidecar.istio.io/inject":"false"', '"sidecar.istio.io/inject":"true"')) as Fields;
}

it('does not hang on the order of the input', () => {
  fc.assert(fc.property(meshes, fc.nat(), ({ objects, settings }, turn) => {
    const at = turn % objects.length;
    const said = (all: readonly Fields[]): unknown => {
      const { namespaces, order, mesh: whole, questions } = planMigration(mesh(all, settings));
      return {
        namespaces: [...namespaces, whole].map(({ name, readiness }) => [name, readiness]),
        blockers: [...namespaces, whole].flatMap(({ blockers }) => blockers.map(({ what, calls: some, cures }) => [what, some, cures])),
        order: order.map(({ namespace: { name }, unblocks }) => [name, unblocks]),
        exceptions: whole.exceptions,
        questions,
      };
    };
    expect(said([...objects.slice(at), ...objects.slice(0, at)].reverse())).toEqual(said(objects));
  }), { numRuns: 100 });
});

it.each(['tables', 'sidecar', 'ambient'])('agrees with the verdicts of the %s meshes', name => {
  let ready = 0;
  const lines = readLines(join(__dirname, `../conformance/${name}.jsonl.gz`)).filter((_, index) => index % 5 === 0);
  for (const line of lines) {
    const one = toCase(JSON.parse(line) as unknown);
    if (one === undefined) continue;
    const held = disagreements(meshOf(one.objects, one.settings));
    expect({ id: one.id, found: held.found }).toEqual({ id: one.id, found: [] });
    ready += held.ready;
  }
  expect(ready).toBeGreaterThan(50);
});

