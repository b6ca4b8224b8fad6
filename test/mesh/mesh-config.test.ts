import { PAIR, rule, web, WEB, deployment, namespace, calls, service } from './build';
import { findMeshConfig, settingsOf } from '../../src/mesh/mesh-config';
import { identityOf, MeshObject } from '../../src/mesh/object';

function find(body: { readonly [key: string]: unknown }): ReturnType<typeof findMeshConfig> {
  return findMeshConfig(new MeshObject(identityOf(body), { place: 'x', isConstruct: false, judged: true }, {}, () => body));
}

it('is text in the ConfigMap that istiod reads', () => {
  const map = (name: string): { [key: string]: unknown } => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data: { mesh: 'enableAutoMtls: false' } });
  expect(find(map('istio'))).toMatchObject({ path: ['data', 'mesh'], text: 'enableAutoMtls: false' });
  expect(find(map('istio-canary'))).toBeDefined();
  expect(find(map('other'))).toBeUndefined();
});

it('is fields in the objects of the operators', () => {
  expect(find({ apiVersion: 'sailoperator.io/v1', kind: 'Istio', metadata: { name: 'default' }, spec: { profile: 'ambient', values: { revision: 'v1', meshConfig: { rootNamespace: 'r' } } } }))
    .toMatchObject({ value: { rootNamespace: 'r' }, beside: { ambient: true, revision: 'v1' } });
  expect(find({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'x' }, spec: { meshConfig: { trustDomain: 't' } } }))
    .toMatchObject({ value: { trustDomain: 't' }, beside: {} });
});

it('becomes settings, without what makes no sense', () => {
  expect(settingsOf({
    enableAutoMtls: false, rootNamespace: 'r', trustDomain: 't', meshMTLS: { minProtocolVersion: 'TLSV1_3' }, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, defaultDestinationRuleExportTo: ['.'],
  })).toEqual({ autoMtls: false, rootNamespace: 'r', trustDomain: 't', minProtocolVersion: 'TLSV1_3', outboundTrafficMode: 'REGISTRY_ONLY', exportDestinationRules: false });
  expect(settingsOf({ protocolDetectionTimeout: '5s', defaultConfig: { proxyMetadata: { OUTPUT_CERTS: '/etc/certs' } } }))
    .toEqual({ protocolDetectionTimeout: '5s', meshIssuedCertificates: ['/etc/certs'] });
  expect(settingsOf({ protocolDetectionTimeout: 'soon', defaultConfig: { proxyMetadata: { OUTPUT_CERTS: 1 } } })).toEqual({});
  for (const junk of [undefined, null, 1, 'x', [], { enableAutoMtls: 'false', rootNamespace: 1, outboundTrafficPolicy: 'x', meshMTLS: [] }]) expect(settingsOf(junk)).toEqual({});
});

it('decides which rules leave their namespace', () => {
  const rules = [rule('sv/r', 'web', 'DISABLE')];
  expect(web(rules, { exportDestinationRules: false })).toBe('istio-mtls to PERMISSIVE: mtls');
  expect(calls([...PAIR, namespace('istio-system'), deployment('istio-system/gw'), rule('istio-system/r', WEB, 'DISABLE')], 'istio-system/gw', 'web', { exportDestinationRules: false }))
    .toEqual(['sv/web: plaintext to PERMISSIVE: plaintext']);
});

it('decides the names of hosts and of identities', () => {
  expect(web([rule('sv/r', 'web', 'DISABLE')], { clusterDomain: 'example.org' }, 'web.sv.svc.example.org')).toBe('plaintext to PERMISSIVE: plaintext');
  const named = rule('sv/r', 'web', undefined, { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: ['spiffe://td/ns/sv/sa/default'] } } });
  expect(web([named], { trustDomain: 'td' })).toBe('istio-mtls to PERMISSIVE: mtls');
  expect(calls([...PAIR.slice(0, 4), service('sv/web'), named], 'cl/client', 'web')).toEqual(['sv/web: istio-mtls to PERMISSIVE: fail']);
});
