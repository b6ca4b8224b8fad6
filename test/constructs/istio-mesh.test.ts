import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { refusesAtOnce, shop, synth, wrong } from './kit';
import { IstioMesh, IstioMeshProps, MeshStrictMtls } from '../../src/constructs';
import { OutboundTrafficMode, TlsVersion } from '../../src/mesh/settings';
import { AppState } from '../../src/validate/app-state';
import { expectGolden } from '../golden';

const all: IstioMeshProps = {
  autoMtls: false,
  rootNamespace: 'mesh-root',
  trustDomain: 'corp.example',
  clusterDomain: 'cluster.corp',
  revision: 'v1-31',
  minProtocolVersion: TlsVersion.TLS_V1_3,
  ambient: true,
  sidecarHbone: false,
  outboundTrafficMode: OutboundTrafficMode.REGISTRY_ONLY,
  protocolDetectionTimeout: '5s',
  meshIssuedCertificates: ['/etc/certs'],
  exportDestinationRules: false,
  openWorld: false,
};

test('has the defaults of Istio, and writes nothing by itself', () => {
  const chart = shop();
  expect(new IstioMesh(chart, 'mesh')).toMatchObject({
    autoMtls: true,
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
    revision: undefined,
    minProtocolVersion: 'TLSV1_2',
    ambient: false,
    sidecarHbone: false,
    outboundTrafficMode: 'ALLOW_ANY',
    protocolDetectionTimeout: '0s',
    meshIssuedCertificates: [],
    exportDestinationRules: true,
    openWorld: true,
  });
  expect(synth(chart)).toEqual([]);
});

test('shows what it was told', () => {
  expect(new IstioMesh(shop(), 'mesh', all)).toMatchObject(all);
});

test('can stand in the app itself', () => {
  const app = new App();
  new IstioMesh(app, 'mesh', { rootNamespace: 'mesh-root' });
  const { policy } = new MeshStrictMtls(new Chart(app, 'shop'), 'strict');
  expect(policy.metadata.namespace).toBe('mesh-root');
});

test('the context counts as present and is not synthesized', () => {
  const chart = shop();
  const context = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } }];
  new IstioMesh(chart, 'mesh', { context });
  expect(AppState.of(chart).context).toEqual(context);
  expect(synth(chart)).toEqual([]);
});

describe('as a ConfigMap', () => {
  test('only what was stated', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { minProtocolVersion: TlsVersion.TLS_V1_3, autoMtls: true }).writeConfigMap(chart, 'config');
    expectGolden('mesh-config-map', chart);
  });

  test('everything, named after the revision', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', all).writeConfigMap(chart, 'config', { metadata: { labels: { team: 'mesh' } } });
    const [{ metadata, data }] = synth(chart);
    expect(metadata).toEqual({ name: 'istio-v1-31', namespace: 'mesh-root', labels: { team: 'mesh' } });
    expect(parse(data.mesh)).toEqual({
      enableAutoMtls: false,
      rootNamespace: 'mesh-root',
      trustDomain: 'corp.example',
      meshMTLS: { minProtocolVersion: 'TLSV1_3' },
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      protocolDetectionTimeout: '5s',
      defaultDestinationRuleExportTo: ['.'],
      defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'false' } },
    });
  });

  test('nothing stated is an empty configuration', () => {
    const chart = shop();
    const map = new IstioMesh(chart, 'mesh').writeConfigMap(chart, 'config', { metadata: { name: 'istio-test', namespace: 'x' } });
    expect(map.toJson()).toMatchObject({ metadata: { name: 'istio-test', namespace: 'x' }, data: { mesh: '{}\n' } });
  });
});

describe('as a resource of the Sail operator', () => {
  test('the default revision', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { autoMtls: false, trustDomain: 'corp.example' }).writeSailIstio(chart, 'istio', { version: 'v1.28.0' });
    expectGolden('sail-istio', chart);
  });

  test('the revision is the name, and ambient is a profile', () => {
    const chart = shop({});
    new IstioMesh(chart, 'mesh', { revision: 'v1-31', ambient: true, clusterDomain: 'corp.local' })
      .writeSailIstio(chart, 'istio', { version: 'v1.31.0', namespace: 'control', name: 'v1-31' });
    expect(synth(chart)[0]).toMatchObject({
      metadata: { name: 'v1-31' },
      spec: {
        version: 'v1.31.0', namespace: 'control', profile: 'ambient', values: { meshConfig: {}, global: { proxy: { clusterDomain: 'corp.local' } } },
      },
    });
    expect(synth(chart)[0].spec.values.revision).toBeUndefined();
  });
});

test('as values of the Helm chart', () => {
  const mesh = new IstioMesh(shop(), 'mesh', all);
  expect(mesh.helmValues()).toEqual({
    profile: 'ambient',
    revision: 'v1-31',
    global: { proxy: { clusterDomain: 'cluster.corp' } },
    meshConfig: {
      enableAutoMtls: false,
      rootNamespace: 'mesh-root',
      trustDomain: 'corp.example',
      meshMTLS: { minProtocolVersion: 'TLSV1_3' },
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      protocolDetectionTimeout: '5s',
      defaultDestinationRuleExportTo: ['.'],
      defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'false' } },
    },
  });
  expect(parse(mesh.helmValuesYaml())).toEqual(mesh.helmValues());
});

describe('refuses', () => {
  const refused = (props: object, text: string): [(chart: Chart) => unknown, string] =>
    [chart => new IstioMesh(chart, 'mesh', wrong(props)), `shop/mesh (IstioMesh): ${text}`];
  const host = "must be a host name, with '*' only at its start; got";
  refusesAtOnce({
    'autoMtls as text': refused({ autoMtls: 'false' }, "'autoMtls' must be true or false; got 'false'"),
    'a root namespace that is none': refused(
      { rootNamespace: '' }, "'rootNamespace' must be lower-case letters, digits and '-', at most 63 characters; got ''"),
    'an empty trust domain': refused({ trustDomain: '' }, `'trustDomain' ${host} ''`),
    'a trust domain with a wildcard': refused({ trustDomain: '*.example' }, "'trustDomain' must be a domain without '*'; got '*.example'"),
    'a TLS version that sidecars do not have': refused(
      { minProtocolVersion: 'TLSV1_1' }, "'minProtocolVersion' must be one of TLSV1_2, TLSV1_3; got 'TLSV1_1'"),
    'an outbound mode that is none': refused(
      { outboundTrafficMode: 'allow' }, "'outboundTrafficMode' must be one of ALLOW_ANY, REGISTRY_ONLY; got 'allow'"),
    'a time-out that Istio cannot read': refused(
      { protocolDetectionTimeout: '100ms' }, "'protocolDetectionTimeout' must be a duration in seconds as Istio writes it, such as '5s'; got '100ms'"),
    'certificates at no absolute path': refused(
      { meshIssuedCertificates: ['certs'] }, "'meshIssuedCertificates[0]' must be an absolute path; got 'certs'"),
    'an open world as text': refused({ openWorld: 'no' }, "'openWorld' must be true or false; got 'no'"),
    'a context that is no list': refused({ context: {} }, "'context' must be an array of Kubernetes objects; got {}"),
    'a context of YAML text': refused({ context: ['kind: Namespace'] }, "'context[0]' must be an object; got 'kind: Namespace'"),
    'a context of other objects': refused(
      { context: [{ name: 'x' }] }, '\'context[0]\' must be a Kubernetes object with apiVersion and kind, as plain data; got {"name":"x"}'),
    'a second description': [
      chart => {
        new IstioMesh(chart, 'first');
        new IstioMesh(chart, 'mesh');
      },
      'shop/mesh (IstioMesh): an app describes one mesh, and shop/first (IstioMesh) describes it already; keep one of the two',
    ],
    'a Sail resource without a version': [
      chart => new IstioMesh(chart, 'mesh').writeSailIstio(chart, 'istio', wrong({})),
      "shop/mesh (IstioMesh): 'version' must be a text that is not blank; got nothing",
    ],
    'a Sail resource that makes another revision': [
      chart => new IstioMesh(chart, 'mesh', { revision: 'v1-31' }).writeSailIstio(chart, 'istio', { version: 'v1.31.0', name: 'default' }),
      "shop/mesh (IstioMesh): 'name' must be the revision of the mesh, 'v1-31', because the operator makes the revision from it; got 'default'",
    ],
  });
});

test('the facts reach other charts of the app', () => {
  const app = new App();
  const mesh = new Chart(app, 'mesh');
  new IstioMesh(mesh, 'facts', { rootNamespace: 'mesh-root' });
  const chart = new Chart(app, 'shop');
  new MeshStrictMtls(chart, 'strict');
  expect(Testing.synth(chart)[0].metadata.namespace).toBe('mesh-root');
});
