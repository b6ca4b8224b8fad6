import { App, Chart, JsonPatch } from 'cdk8s';
import { refusesAtOnce, shop, synth, wrong } from './kit';
import { IstioMesh, MeshMtls, MeshStrictMtls, MtlsMode, NetworkingApiVersion, SecurityApiVersion } from '../../src/constructs';
import { MtlsValidation } from '../../src/validate';
import { expectGolden } from '../golden';

test('MeshStrictMtls writes one policy in the root namespace', () => {
  const chart = shop();
  new MeshStrictMtls(chart, 'strict');
  expectGolden('mesh-strict', chart);
});

test('the root namespace is the one that the IstioMesh states', () => {
  const chart = shop();
  new IstioMesh(chart, 'mesh', { rootNamespace: 'mesh-root' });
  const { policy } = new MeshMtls(chart, 'mtls', { mode: MtlsMode.PERMISSIVE, metadata: { namespace: 'mesh-root' } });
  expect(policy.toJson()).toMatchObject({ metadata: { name: 'default', namespace: 'mesh-root' }, spec: { mtls: { mode: 'PERMISSIVE' } } });
});

test('name, labels and annotations can be set, and JSON patches survive', () => {
  const chart = shop();
  const { policy } = new MeshStrictMtls(chart, 'strict', {
    apiVersion: SecurityApiVersion.V1BETA1,
    metadata: { name: 'global', labels: { team: 'platform' }, annotations: { note: 'hello' } },
  });
  policy.addJsonPatch(JsonPatch.add('/spec/notYetKnown', true));
  MtlsValidation.of(policy).acknowledge('MTLS111', { reason: 'A field of the next version of Istio.' });
  expect(synth(chart)).toEqual([{
    apiVersion: 'security.istio.io/v1beta1',
    kind: 'PeerAuthentication',
    metadata: { name: 'global', namespace: 'istio-system', labels: { team: 'platform' }, annotations: { note: 'hello' } },
    spec: { mtls: { mode: 'STRICT' }, notYetKnown: true },
  }]);
});

describe('where auto mTLS is off', () => {
  test('STRICT also gives clients mesh certificates, and exempts the API server', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { autoMtls: false });
    new MeshStrictMtls(chart, 'strict');
    expectGolden('mesh-strict-auto-mtls-off', chart);
  });

  test('the modes that accept plaintext need no rule', () => {
    for (const mode of [MtlsMode.PERMISSIVE, MtlsMode.DISABLE, MtlsMode.UNSET]) {
      const chart = shop();
      new IstioMesh(chart, 'mesh', { autoMtls: false });
      const mesh = new MeshMtls(chart, 'mtls', { mode });
      expect(synth(chart)).toHaveLength(1);
      expect(mesh.rule).toBeUndefined();
      expect(mesh.apiServerExemption).toBeUndefined();
    }
  });

  test('the host covers no name outside the cluster where its domain is another', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { autoMtls: false, clusterDomain: 'k8s.example.com' });
    const mesh = new MeshStrictMtls(chart, 'strict', { ruleApiVersion: NetworkingApiVersion.V1BETA1, ruleMetadata: { name: 'all' } });
    expect(mesh.rule!.toJson()).toMatchObject({
      apiVersion: 'networking.istio.io/v1beta1', metadata: { name: 'all', namespace: 'istio-system' }, spec: { host: '*.svc.k8s.example.com' },
    });
    expect(mesh.apiServerExemption!.rule.toJson()).toMatchObject({
      apiVersion: 'networking.istio.io/v1beta1', spec: { host: 'kubernetes.default.svc.k8s.example.com' },
    });
  });
});

describe('refuses', () => {
  refusesAtOnce({
    'a mode that is none': [
      chart => new MeshMtls(chart, 'mtls', { mode: wrong('strict') }),
      "shop/mtls (MeshMtls): 'mode' must be one of STRICT, PERMISSIVE, DISABLE, UNSET; got 'strict'",
    ],
    'no mode': [
      chart => new MeshMtls(chart, 'mtls', wrong({})),
      "shop/mtls (MeshMtls): 'mode' must be one of STRICT, PERMISSIVE, DISABLE, UNSET; got nothing",
    ],
    'no props': [
      chart => new MeshMtls(chart, 'mtls', wrong(undefined)),
      "shop/mtls (MeshMtls): 'props' must be an object; got nothing",
    ],
    'another namespace than the root namespace': [
      chart => new MeshStrictMtls(chart, 'strict', { metadata: { namespace: 'shop' } }),
      "shop/strict (MeshStrictMtls): 'metadata.namespace' is 'shop', and a mesh-wide policy counts only in the root namespace 'istio-system'; "
      + 'leave it out, use NamespaceMtls for one namespace, or state another root namespace on the IstioMesh',
    ],
    'an API version that is not served': [
      chart => new MeshStrictMtls(chart, 'strict', { apiVersion: wrong('v1') }),
      "shop/strict (MeshStrictMtls): 'apiVersion' must be one of security.istio.io/v1, security.istio.io/v1beta1; got 'v1'",
    ],
  });

  test('a scope outside a chart', () => {
    expect(() => new MeshStrictMtls(wrong(new App()), 'strict')).toThrow(
      'strict (MeshStrictMtls): must be created inside a Chart, because it writes an object; create a Chart and pass it as the scope');
  });

  test('two descriptions of the mesh, by the second of them', () => {
    const chart = new Chart(new App(), 'shop');
    new MeshStrictMtls(chart, 'strict');
    expect(() => new IstioMesh(chart, 'mesh', { autoMtls: false })).toThrow(
      'shop/mesh (IstioMesh): shop/strict (MeshStrictMtls) was created before and has used the default facts of the mesh; create the IstioMesh first');
  });
});
