import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import * as fc from 'fast-check';
import { MtlsValidation } from '../../src/validate/mtls-validation';

/*
 * Whatever an object holds, the rules answer: with findings, or with silence.
 */

const KINDS = [
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1beta1', 'PeerAuthentication'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1alpha3', 'DestinationRule'],
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['authentication.istio.io/v1alpha1', 'Policy'],
  ['authentication.istio.io/v1alpha1', 'MeshPolicy'],
  ['rbac.istio.io/v1alpha1', 'ServiceRole'],
  ['v1', 'Service'],
  ['v1', 'List'],
  ['', ''],
];

/** Field names of the kinds above, and names that JavaScript gives a meaning of its own. */
const KEYS = [
  'spec', 'selector', 'matchLabels', 'mtls', 'mode', 'portLevelMtls', '8080', 'host', 'hosts', 'trafficPolicy', 'tls', 'portLevelSettings', 'port',
  'number', 'subsets', 'name', 'exportTo', 'workloadSelector', 'ports', 'endpoints', 'resolution', 'location', 'peers', 'targets', 'items', 'credentialName',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', '', '\u0000', 'a.b/c',
];

const leaf = fc.oneof(
  fc.constantFrom<unknown>('STRICT', 'ISTIO_MUTUAL', 'MUTUAL', '', '*', 'x'.repeat(50_000), -1, 0, 65536, 1e99, NaN, true, null, undefined),
  fc.string(), fc.integer(), fc.double(), fc.bigInt(), fc.date(),
  fc.constantFrom<unknown>(Symbol('symbol'), () => 1, /x/, new Map([[1, 2]]), Buffer.from('x')),
  fc.constant(Lazy.any({ produce: () => { throw new Error('boom'); } })),
);

const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })), tie('tree'), { maxKeys: 5 }),
    tie('tree').map(value => Lazy.any({ produce: () => value })),
  ),
}));

const object = fc.record({
  kind: fc.constantFrom(...KINDS),
  spec: tree,
  labels: fc.option(tree),
  annotations: fc.oneof(fc.constant({}), fc.dictionary(
    fc.constantFrom('cdk8s-istio-mtls/acknowledge', 'cdk8s-istio-mtls/expires', 'istio.io/dry-run'), fc.oneof(fc.string(), leaf), { maxKeys: 3 })),
  namespace: fc.oneof(fc.constantFrom<unknown>('istio-system', 'shop', undefined), leaf),
  root: fc.boolean(),
});

test('300 malformed objects end in findings or in silence, each of them and all together', () => {
  const all = new App();
  const together = new Chart(all, 'c');
  let count = 0;
  const add = (chart: Chart, id: string, one: any) => {
    try {
      new ApiObject(chart, id, {
        apiVersion: one.kind[0],
        kind: one.kind[1],
        metadata: { name: id, namespace: one.namespace, labels: one.labels, annotations: one.annotations },
        ...one.root
          ? { spec: one.spec, extra: one.spec, items: one.spec }
          : { spec: { selector: one.spec, mtls: one.spec, host: one.spec, trafficPolicy: one.spec } },
      } as any);
      return true;
    } catch {
      return false; // cdk8s does not take the object.
    }
  };
  fc.assert(fc.property(object, one => {
    const app = new App();
    if (add(new Chart(app, 'c'), 'o', one)) {
      count++;
      add(together, `o${count}`, one);
      for (const finding of MtlsValidation.check(app)) {
        expect(finding.what).not.toMatch(/\[object Object\]|undefined is not/);
      }
    }
  }), { numRuns: 400 });
  expect(count).toBeGreaterThanOrEqual(300);
  expect(MtlsValidation.check(all).length).toBeGreaterThan(0);
});

// Apart, because cdk8s itself needs half a second for a cycle before its stack is full.
test.each<[string, (cycle: any) => unknown]>([
  ['directly', cycle => cycle],
  ['through Lazy', cycle => Lazy.any({ produce: () => cycle })],
])('a cycle that is reached %s ends in silence', (_, reach) => {
  const cycle: any = { mode: 'STRICT' };
  cycle.tls = reach(cycle);
  const app = new App();
  new ApiObject(new Chart(app, 'c'), 'o', { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { namespace: 'shop' }, spec: cycle });
  expect(MtlsValidation.check(app)).toEqual([]);
});
