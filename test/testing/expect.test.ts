import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { IstioMesh } from '../../src/constructs';
import { expectConnection, expectMode, findingsIn, MeshUnderTest } from '../../src/testing';

const SHOP = `
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop, labels: {istio-injection: enabled}}
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: old}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: customers-v1, namespace: shop}
  spec: {template: {metadata: {labels: {app: customers, version: v1}}, spec: {containers: [{name: customers}]}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: customers-v2, namespace: shop}
  spec: {template: {metadata: {labels: {app: customers, version: v2}}, spec: {containers: [{name: customers}]}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: batch, namespace: old}
  spec: {template: {metadata: {labels: {app: batch}}, spec: {containers: [{name: batch}]}}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: customers, namespace: shop}
  spec: {selector: {app: customers}, ports: [{name: http, port: 80, targetPort: 8080}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: nobody, namespace: shop}
  spec: {selector: {app: nobody}, ports: [{name: http, port: 80}]}
  ---
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: customers, namespace: shop}
  spec: {host: customers, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {tls: {mode: DISABLE}}}]}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: v2, namespace: shop}
  spec: {selector: {matchLabels: {version: v2}}, mtls: {mode: STRICT}}
`;
const shop = MeshUnderTest.ofYaml(SHOP);

/** The text of the Error that a test would show. */
function message(body: () => void): string {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('expectConnection', () => {
  it('holds for all that answer, whatever form the host has', () => {
    for (const host of ['customers', 'customers.shop', 'customers.shop.svc', 'Customers.shop.svc.cluster.local.']) {
      expectConnection(shop, 'shop/web', host, 80).toBe('mtls');
      expectConnection(shop, 'shop/web', host, 80).toBeMutualTls();
      expectConnection(shop, 'shop/web', host, 80).notToBe('plaintext');
      expectConnection(shop, 'shop/web', host, 80).toWork();
    }
    expectConnection(shop, 'shop/web', 'customers', 80, { subset: 'v1' }).toBe('plaintext');
    expect(expectConnection(shop, 'old/batch', 'customers.shop', 80).outcomes)
      .toEqual([{ server: 'shop/customers-v1', outcome: 'plaintext' }, { server: 'shop/customers-v2', outcome: 'fail' }]);
  });

  it('says of those that answer otherwise why they do', () => {
    const text = message(() => expectConnection(shop, 'old/batch', 'customers.shop', 80).toBe('plaintext'));
    expect(text).toBe([
      'old/batch -> customers.shop.svc.cluster.local:80: expected plaintext, got fail',
      '    the client sends plaintext; shop/customers-v2, workload port 8080 accepts STRICT',
      '    PeerAuthentication shop/v2 (manifests), spec.mtls.mode: the server takes only mTLS: the workload is STRICT',
      '    Namespace old (manifests), metadata.labels.istio-injection: the client has no sidecar: neither the namespace nor the pod asks for a sidecar',
    ].join('\n'));
    // The guide shows it.
    expect(readFileSync(join(__dirname, '../../docs/guide/testing.md'), 'utf8')).toContain(text);
    expect(message(() => expectConnection(shop, 'shop/web', 'customers', 80, { subset: 'v1' }).toBeMutualTls()))
      .toMatch(/^shop\/web -> customers\.shop\.svc\.cluster\.local:80 subset v1: expected mtls or hbone, got plaintext\n/);
    expect(message(() => expectConnection(shop, 'old/batch', 'customers.shop', 80).toWork())).toContain('expected a call that works, got fail');
    expect(message(() => expectConnection(shop, 'shop/web', 'customers', 80).notToBe('mtls'))).toContain('expected not mtls, got mtls');
  });

  it('has a stack that begins at the test', () => {
    try {
      expectConnection(shop, 'shop/web', 'customers', 80).toBe('fail');
      throw new Error('unreachable');
    } catch (error) {
      expect((error as Error).stack!.split('\n').find(line => line.startsWith('    at '))).toContain('expect.test.ts');
    }
  });

  it.each<[string, () => unknown, string | RegExp]>([
    ['no such client', () => expectConnection(shop, 'shop/wep', 'customers', 80), 'there is no workload "shop/wep"; did you mean shop/web?'],
    ['a host that only others find', () => expectConnection(shop, 'old/batch', 'customers', 80),
      /^old\/batch finds no Service or ServiceEntry under "customers"; the hosts are customers\.shop\.svc\.cluster\.local, nobody/],
    ['the workload port', () => expectConnection(shop, 'shop/web', 'customers', 8080),
      'customers.shop.svc.cluster.local has no service port 8080 (8080 is the workload port behind service port 80); its service ports are 80'],
    ['a subset that no rule has', () => expectConnection(shop, 'shop/web', 'customers', 80, { subset: 'v3' }),
      'no rule that shop/web finds for customers.shop.svc.cluster.local has a subset "v3" with pods; there are v1'],
    ['nobody who answers', () => expectConnection(shop, 'shop/web', 'nobody', 80),
      'nothing answers behind nobody.shop.svc.cluster.local:80; check the selector of Service shop/nobody, and that its pods are part of the input'],
    ['a call to oneself', () => expectConnection(shop, 'shop/customers-v1', 'customers', 80),
      'shop/customers-v1 is behind customers.shop.svc.cluster.local itself; ask for the call of another workload'],
    ['an empty mesh', () => expectConnection(MeshUnderTest.ofYaml(''), 'a/b', 'c', 80), 'there is no workload "a/b"; there are no workloads'],
  ])('refuses a question without an answer: %s', (_, ask, expected) => {
    const text = message(ask);
    if (typeof expected === 'string') expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  });
});

describe('expectMode', () => {
  it('tells what a workload port accepts, and why', () => {
    expectMode(shop, 'shop/customers-v2', 8080).toBe('STRICT');
    expectMode(shop, 'old/batch', 8080).toBe('none');
    expect(message(() => expectMode(shop, 'shop/customers-v2', 8080).toBe('PERMISSIVE'))).toBe([
      'shop/customers-v2, workload port 8080: expected PERMISSIVE, got STRICT',
      '    PeerAuthentication shop/v2 (manifests), spec.mtls.mode: the workload is STRICT',
    ].join('\n'));
    expect(message(() => expectMode(shop, 'shop/customers', 8080))).toMatch(/^there is no workload "shop\/customers"; did you mean/);
  });
});

describe('the mesh under test', () => {
  it('is an app as it is now, with the facts that it states, from any construct in it', () => {
    const app = Testing.app();
    new IstioMesh(new Chart(app, 'facts'), 'mesh', { openWorld: false, rootNamespace: 'mesh-root' });
    const chart = new Chart(app, 'old', { namespace: 'old' });
    const object = (kind: string, name: string, spec: object) => new ApiObject(chart, `${kind}-${name}`, {
      apiVersion: kind === 'Service' ? 'v1' : kind === 'Deployment' ? 'apps/v1' : 'security.istio.io/v1', kind, metadata: { name }, spec,
    });
    for (const name of ['a', 'b']) {
      object('Deployment', name, { template: { metadata: { labels: { 'app': name, 'sidecar.istio.io/inject': 'true' } }, spec: { containers: [{ name }] } } });
    }
    object('Service', 'b', { selector: { app: 'b' }, ports: [{ port: 80 }] });
    expectConnection(app, 'old/a', 'b', 80).toBe('mtls');
    expectMode(chart, 'old/b', 80).toBe('PERMISSIVE');
    object('PeerAuthentication', 'b', { selector: { matchLabels: { app: 'b' } }, mtls: { mode: 'DISABLE' } });
    expectConnection(chart, 'old/a', 'b', 80).toBe('plaintext');
    expect(message(() => expectConnection(app, 'old/a', 'b', 80).toBe('mtls'))).toContain('PeerAuthentication old/b (old/PeerAuthentication-b), spec.mtls.mode');
  });

  it('is read from files, and from text with settings', () => {
    const lab = MeshUnderTest.ofFiles(join(__dirname, '../mesh/lab'));
    expectConnection(lab, 'default/web-frontend', 'customers', 80).toBe('fail');
    expectConnection(MeshUnderTest.ofFiles([join(__dirname, '../mesh/lab/app.yaml')]), 'default/web-frontend', 'customers', 80).toBe('plaintext');
    expectConnection(MeshUnderTest.ofYaml(SHOP, { settings: { autoMtls: false } }), 'shop/web', 'customers', 80).notToBe('mtls');
  });

  it('is not asked where a part of it could not be read', () => {
    expect(message(() => MeshUnderTest.ofFiles('no/such/folder'))).toBe('no/such/folder: no such file or folder; check the path');
    expect(message(() => MeshUnderTest.ofYaml('a: [1'))).toMatch(/^manifests:\d+:\d+: /);
    expect(message(() => MeshUnderTest.ofYaml('', { settings: { rootNamespaces: 'x' } as never }))).toMatch(/^unknown setting "rootNamespaces"; did you mean rootNamespace/);
  });

  it('can be searched for findings', () => {
    const wrong = MeshUnderTest.ofYaml(`
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {selector: {matchLabels: {app: x}}, mtls: {mode: STRICT}}
    `);
    expect(findingsIn(wrong).map(({ code }) => code)).toContain('MTLS102');
    expect(findingsIn(new App())).toEqual([]);
  });
});

test('a call that hangs does not work, and the failure says who waits', () => {
  const app = MeshUnderTest.ofYaml(SHOP.replace('{name: http, port: 80, targetPort: 8080}', '{name: tcp-mysql, port: 80, targetPort: 8080}'));
  expectConnection(app, 'old/batch', 'customers.shop', 80).toBe('fail');
  expectConnection(app, 'shop/web', 'customers', 80).toBe('mtls');
  expect(() => expectConnection(app, 'old/batch', 'customers.shop', 80).toWork()).toThrow(/got fail\n.*\n.*the server speaks first, and its proxy waits for bytes/);
});
