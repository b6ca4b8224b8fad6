import { writeFileSync } from 'fs';
import { join } from 'path';
import { run } from './run';
import { ConnectionJson } from '../../src/mesh/connection';
import { dedent } from '../../src/rules/dedent';
import { rule } from '../../src/rules/mtls306-server-first-protocol-permissive';
import { temporaryFolder } from '../temporary-folder';

const LAB = join(__dirname, '../mesh/lab/app.yaml');
const STRICT = join(__dirname, '../mesh/lab/strict.yaml');

interface Json {
  readonly version: number;
  readonly settings: { readonly [name: string]: unknown };
  readonly connections: readonly ConnectionJson[];
}

function json(...args: string[]): Json {
  const { code, out, err } = run(['connections', '--format', 'json', ...args]);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Json;
}

describe('connections as text', () => {
  it('is a table for each server, and a line that counts', () => {
    const { code, out, err } = run(['connections', '--client', 'default/web-frontend', LAB, STRICT]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toBe([
      'default/customers-v1',
      '  client                calls                                           client sends  server accepts  outcome',
      '  default/web-frontend  customers.default.svc.cluster.local:80 -> 3000  plaintext     STRICT          fail',
      '',
      '1 connection: 1 fail; 11 objects read from 2 files',
      '',
    ].join('\n'));
  });

  it('names the deciding fields on --why', () => {
    const { out } = run(['connections', '--client', 'default/web-frontend', '--why', LAB, STRICT]);
    expect(out).toMatch(/^ {6}PeerAuthentication default\/default, spec\.mtls\.mode: .+STRICT/m);
    expect(out).toMatch(/^ {6}Deployment default\/web-frontend, .+sidecar\.istio\.io\/inject/m);
  });

  it('can be narrowed to a host and to outcomes', () => {
    expect(run(['connections', '--host', 'customers', '--only', 'mtls', LAB]).out).toMatch(/istio-ingressgateway .*\n\n1 connection: 1 mtls;/);
    expect(run(['connections', '--known', LAB]).out).toMatch(/^3 connections: 2 plaintext, 1 mtls;/m);
    expect(run(['connections', '--host', 'customer', LAB]).out).toMatch(/^0 connections: none;/);
  });
});

describe('a call that hangs', () => {
  const folder = temporaryFolder('connections');
  const file = join(folder, 'mysql.yaml');
  beforeAll(() => writeFileSync(file, dedent(rule.examples.invalid)));

  it('is marked, told from the others, and found among those that fail', () => {
    const { out } = run(['connections', '--only', 'fail', '--why', file]);
    expect(out).toMatch(/ legacy\/crm .* plaintext +PERMISSIVE +plaintext \(hangs\)\n +Istio: the server speaks first, and its proxy waits for bytes to tell/);
    expect(out).toMatch(/^1 connection: 1 plaintext \(hangs\);/m);
    expect(run(['connections', '--only', 'mtls', file]).out).toMatch(/^0 connections: none;/m);
  });

  it('has a mark in JSON, where the outcome is that of the bytes', () => {
    const [call] = json('--client', 'legacy/crm', file).connections;
    expect([call.outcome, call.hangs, call.because[0].text]).toEqual(
      ['plaintext', true, expect.stringMatching(/^the server speaks first, and its proxy waits for bytes to tell plaintext from mTLS: /)]);
  });

  it('works with a time-out for it', () => {
    const settings = join(folder, 'settings.yaml');
    writeFileSync(settings, 'protocolDetectionTimeout: 5s\n');
    const [call] = json('--settings', settings, '--client', 'legacy/crm', file).connections;
    expect([call.outcome, 'hangs' in call]).toEqual(['plaintext', false]);
  });
});

describe('connections as JSON', () => {
  it('has the facts of the mesh and one entry for each call', () => {
    const { version, settings, connections } = json(LAB, STRICT);
    expect(version).toBe(1);
    expect(settings).toMatchObject({ enableAutoMtls: true, rootNamespace: 'istio-system', clusterDomain: 'cluster.local', openWorld: true });
    expect(connections.find(one => one.client === 'default/web-frontend')).toEqual({
      client: 'default/web-frontend',
      host: 'customers.default.svc.cluster.local',
      port: 80,
      subset: '',
      server: 'default/customers-v1',
      targetPort: 3000,
      clientSends: 'plaintext',
      serverMode: 'STRICT',
      outcome: 'fail',
      because: expect.arrayContaining([expect.objectContaining({ object: 'PeerAuthentication default/default', field: 'spec.mtls.mode' })]),
      known: true,
    });
  });

  it('does not depend on the order of the files', () => {
    expect(json(STRICT, LAB)).toEqual(json(LAB, STRICT));
  });

  it('takes facts from options', () => {
    expect(json('--auto-mtls=false', '--root-namespace', 'mesh', LAB).settings).toMatchObject({ enableAutoMtls: false, rootNamespace: 'mesh' });
    expect(json('--auto-mtls', 'false', '--closed-world', LAB).settings).toMatchObject({ enableAutoMtls: false, openWorld: false });
  });

  it('lets the mesh configuration in the input outweigh the options', () => {
    const config = `apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    enableAutoMtls: false
    trustDomain: example.org
`;
    const { code, out } = run(['connections', '--format', 'json', '--auto-mtls=true', '--trust-domain', 'x', LAB, '-'], config);
    expect(code).toBe(0);
    expect((JSON.parse(out) as Json).settings).toMatchObject({ enableAutoMtls: false, trustDomain: 'example.org' });
  });
});

describe('wrong usage', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown option suggests the nearest', ['connections', '--fromat', 'json', LAB], /^error: unknown option '--fromat'\n\(Did you mean --format\?\)\n$/],
    ['an unknown command suggests the nearest', ['conections', LAB], /^error: unknown command 'conections'\n\(Did you mean connections\?\)\n$/],
    ['an option without its value says so', ['connections', LAB, '--client'], /^error: option '--client <namespace\/name>' argument missing\n$/],
    ['a value that is not allowed names those that are', ['connections', '--only', 'broken', LAB], /argument 'broken' is invalid\. Allowed are mtls, hbone, plaintext, tls-to-app, fail, depends\.\n$/],
    ['a flag takes true or false', ['connections', '--auto-mtls', 'no', LAB], /argument 'no' is invalid\. Allowed are true, false\.\n$/],
    ['no input at all', ['connections'], /^error: missing required argument 'paths'\n$/],
    ['a client that is not there names those that are', ['connections', '--client', 'default/web', LAB],
      /^error: no workload "default\/web" in the input; there are default\/customers-v1, default\/web-frontend, istio-system\/istio-ingressgateway\n$/],
  ])('%s', (_, args, message) => {
    const { code, out, err } = run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('help has examples and is no error', () => {
    const { code, out } = run(['connections', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('helm template . | cdk8s-istio-mtls connections');
  });
});

it('a file that cannot be read is named, and does not hide the others', () => {
  const bad = join(temporaryFolder('bad'), 'bad.yaml');
  writeFileSync(bad, 'apiVersion: v1\nkind: Service\n  metadata: {name: x}\n');
  const { code, out, err } = run(['connections', '--client', 'default/web-frontend', bad, LAB, 'no/such/folder']);
  expect(code).toBe(2);
  expect(out).toContain('customers.default.svc.cluster.local:80');
  expect(err).toMatch(/^error: .*bad\.yaml:3:\d+: .+$/m);
  expect(err).toMatch(/^error: no\/such\/folder: .+$/m);
});
