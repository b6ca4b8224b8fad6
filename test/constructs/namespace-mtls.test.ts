import { namespace, refusesAtOnce, refusesAtSynth, shop, synth, wrong } from './kit';
import { IstioMesh, MeshDataPlane, MeshNamespace, MtlsMode, NamespaceMtls } from '../../src/constructs';
import { expectGolden } from '../golden';

test('writes the policy of the chart\'s namespace', () => {
  const chart = shop();
  new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.STRICT });
  expectGolden('namespace-strict', chart);
});

test('writes the policy of a namespace by name', () => {
  const chart = shop({});
  new NamespaceMtls(chart, 'mtls', { namespace: 'legacy', mode: MtlsMode.DISABLE, metadata: { name: 'open', labels: { team: 'legacy' } } });
  expect(synth(chart)).toEqual([{
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'open', namespace: 'legacy', labels: { team: 'legacy' } },
    spec: { mtls: { mode: 'DISABLE' } },
  }]);
});

test('the namespace can stand in the metadata', () => {
  const chart = shop({});
  const { policy } = new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.STRICT, metadata: { namespace: 'legacy' } });
  expect(policy.metadata.namespace).toBe('legacy');
});

describe('where auto mTLS is off', () => {
  test.each([
    [MtlsMode.STRICT, 'ISTIO_MUTUAL'],
    [MtlsMode.PERMISSIVE, 'ISTIO_MUTUAL'],
    [MtlsMode.DISABLE, 'DISABLE'],
  ])('%s has clients send %s', (mode, sent) => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { autoMtls: false, clusterDomain: 'corp.local' });
    new NamespaceMtls(chart, 'mtls', { mode });
    expect(synth(chart)).toHaveLength(2);
    expect(synth(chart)[1]).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'default', namespace: 'shop' },
      spec: { host: '*.shop.svc.corp.local', trafficPolicy: { tls: { mode: sent } } },
    });
  });

  test('UNSET says nothing to clients either', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { autoMtls: false });
    expect(new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.UNSET }).rule).toBeUndefined();
  });

  test('the namespace default, which has the API server\'s Service, exempts it', () => {
    const chart = shop({});
    new IstioMesh(chart, 'mesh', { autoMtls: false });
    new NamespaceMtls(chart, 'mtls', { namespace: 'default', mode: MtlsMode.STRICT });
    expectGolden('namespace-default-auto-mtls-off', chart);
  });
});

describe('refuses at once', () => {
  refusesAtOnce({
    'the root namespace': [
      chart => new NamespaceMtls(chart, 'mtls', { namespace: 'istio-system', mode: MtlsMode.STRICT }),
      "shop/mtls (NamespaceMtls): 'istio-system' is the root namespace, where a policy without selector counts for the whole mesh; "
      + 'use MeshMtls if that is meant',
    ],
    'two namespaces': [
      chart => new NamespaceMtls(chart, 'mtls', { namespace: 'a', mode: MtlsMode.STRICT, metadata: { namespace: 'b' } }),
      "shop/mtls (NamespaceMtls): 'namespace' is 'a' and 'metadata.namespace' is 'b'; give one of the two",
    ],
    'a name that no namespace can have': [
      chart => new NamespaceMtls(chart, 'mtls', { namespace: 'Shop_1', mode: MtlsMode.STRICT }),
      "shop/mtls (NamespaceMtls): 'namespace' must be lower-case letters, digits and '-', at most 63 characters; got 'Shop_1'",
    ],
    'a construct as namespace': [
      chart => new NamespaceMtls(chart, 'mtls', { namespace: wrong(chart), mode: MtlsMode.STRICT }),
      "shop/mtls (NamespaceMtls): 'namespace' must be lower-case letters, digits and '-', at most 63 characters; got shop (Chart)",
    ],
    'a rule in another namespace': [
      chart => new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.STRICT, ruleMetadata: { namespace: 'b' } }),
      "shop/mtls (NamespaceMtls): 'ruleMetadata.namespace' is 'b', and the rule counts for the namespace 'shop' only from there; leave it out",
    ],
    'metadata that is no object': [
      chart => new NamespaceMtls(chart, 'mtls', { metadata: wrong('default'), mode: MtlsMode.STRICT }),
      "shop/mtls (NamespaceMtls): 'metadata' must be an object; got 'default'",
    ],
  });

  test('no namespace at all', () => {
    expect(() => new NamespaceMtls(shop({}), 'mtls', { mode: MtlsMode.STRICT })).toThrow(
      "shop/mtls (NamespaceMtls): no namespace is known; give 'namespace', or give the chart one");
  });
});

const inAmbient = "DISABLE does not exist in ambient, where ztunnel treats it as PERMISSIVE, and namespace 'shop' is ambient; use MtlsMode.PERMISSIVE";

describe('DISABLE in ambient', () => {
  refusesAtSynth({
    'is refused where the Namespace says ambient, also if it is created later': [
      chart => {
        new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.DISABLE });
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
      },
      `shop/mtls (NamespaceMtls): ${inAmbient}`,
    ],
    'is refused where a MeshNamespace is ambient': [
      chart => new MeshNamespace(chart, 'ns', { name: 'shop', dataPlane: MeshDataPlane.AMBIENT }).mtls(MtlsMode.DISABLE),
      `shop/ns/Mtls (NamespaceMtls): ${inAmbient}`,
    ],
    'is refused where the context has the Namespace, here within a List': [
      chart => {
        const ambient = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio.io/dataplane-mode': 'ambient' } } };
        new IstioMesh(chart, 'mesh', { context: [{ apiVersion: 'v1', kind: 'List', items: [ambient] }] });
        new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.DISABLE });
      },
      `shop/mtls (NamespaceMtls): ${inAmbient}`,
    ],
    'is fine where another namespace is ambient': [
      chart => {
        namespace(chart, 'cart', { 'istio.io/dataplane-mode': 'ambient' });
        namespace(chart, 'shop', { 'istio-injection': 'enabled' });
        new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.DISABLE });
      },
    ],
    'PERMISSIVE is fine in ambient': [
      chart => {
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
        new NamespaceMtls(chart, 'mtls', { mode: MtlsMode.PERMISSIVE });
      },
    ],
  });
});
