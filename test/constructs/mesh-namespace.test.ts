import { refusesAtOnce, shop, synth, wrong } from './kit';
import { IstioMesh, MeshDataPlane, MeshNamespace, MtlsMode } from '../../src/constructs';
import { expectGolden } from '../golden';

const { SIDECAR, AMBIENT, NONE } = MeshDataPlane;

test.each([
  [SIDECAR, { 'istio-injection': 'enabled' }],
  [AMBIENT, { 'istio.io/dataplane-mode': 'ambient' }],
  [NONE, { 'istio-injection': 'disabled', 'istio.io/dataplane-mode': 'none' }],
])('%s', (dataPlane, labels) => {
  const chart = shop();
  new MeshNamespace(chart, 'ns', { name: 'cart', dataPlane });
  // No namespace of its own, although the chart has one.
  expect(synth(chart)).toEqual([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cart', labels } }]);
});

test('a revision takes the place of injection', () => {
  const chart = shop({});
  const { object } = new MeshNamespace(chart, 'ns', { name: 'cart', dataPlane: SIDECAR, revision: 'stable' });
  expect(object.toJson().metadata.labels).toEqual({ 'istio.io/rev': 'stable' });
});

test('the revision of the mesh is the default', () => {
  const chart = shop({});
  new IstioMesh(chart, 'mesh', { revision: 'v1-31' });
  const namespace = (name: string, revision?: string) => new MeshNamespace(chart, name, { name, dataPlane: SIDECAR, revision }).object.toJson();
  expect(namespace('a').metadata.labels).toEqual({ 'istio.io/rev': 'v1-31' });
  expect(namespace('b', 'canary').metadata.labels).toEqual({ 'istio.io/rev': 'canary' });
});

test('labels of one\'s own are kept, and the mode can be written with it', () => {
  const chart = shop();
  new MeshNamespace(chart, 'ns', { name: 'cart', dataPlane: AMBIENT, metadata: { labels: { team: 'cart' } } }).strict();
  expectGolden('mesh-namespace-strict', chart);
});

describe('refuses', () => {
  const refused = (props: object, text: string): [(chart: any) => unknown, string] =>
    [chart => new MeshNamespace(chart, 'ns', wrong({ name: 'cart', dataPlane: SIDECAR, ...props })), `shop/ns (MeshNamespace): ${text}`];
  const namespace = (chart: any, dataPlane: MeshDataPlane) => new MeshNamespace(chart, 'ns', { name: 'cart', dataPlane });
  refusesAtOnce({
    'a data plane that is none': refused({ dataPlane: 'sidecar' }, "'dataPlane' must be one of SIDECAR, AMBIENT, NONE; got 'sidecar'"),
    'a name that is none': refused(
      { name: 'my_ns' }, "'name' must be lower-case letters, digits and '-', at most 63 characters; got 'my_ns'"),
    'two names': refused({ metadata: { name: 'shop' } }, "'metadata.name' is 'shop' and 'name' is 'cart'; give one of the two"),
    'a namespace in a namespace': refused(
      { metadata: { namespace: 'shop' } }, "a Namespace is in no namespace; got 'shop' in 'metadata.namespace'"),
    'a revision in ambient': refused(
      { dataPlane: AMBIENT, revision: 'canary' },
      "'revision' is for 'dataPlane' SIDECAR; got 'canary' for AMBIENT, and with the label istio.io/rev its pods would get sidecars as well; leave it out"),
    'a revision outside the mesh': refused(
      { dataPlane: NONE, revision: 'canary' },
      "'revision' is for 'dataPlane' SIDECAR; got 'canary' for NONE, and its pods get no sidecar; leave it out"),
    'a label that says something else': refused(
      { dataPlane: AMBIENT, metadata: { labels: { 'istio-injection': 'enabled' } } },
      "'metadata.labels' has istio-injection: 'enabled', which 'dataPlane' AMBIENT decides; leave the label out"),
    'a mode outside the mesh': [
      chart => namespace(chart, NONE).mtls(MtlsMode.STRICT),
      "shop/ns (MeshNamespace): pods with 'dataPlane' NONE have no proxy that could hold to a mode; got 'STRICT', join the namespace to the mesh first",
    ],
    'a second mode': [
      chart => {
        const ns = namespace(chart, SIDECAR);
        ns.strict();
        ns.mtls(MtlsMode.PERMISSIVE);
      },
      "shop/ns (MeshNamespace): the namespace has its mode already; got 'PERMISSIVE' as a second one, and Istio takes the oldest policy only",
    ],
  });

  test('a label that says the same is no contradiction', () => {
    expect(() => new MeshNamespace(shop(), 'ns', { name: 'cart', dataPlane: SIDECAR, metadata: { labels: { 'istio-injection': 'enabled' } } })).not.toThrow();
  });
});
