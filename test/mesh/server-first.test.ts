import { calls, connections, deployment, Fields, headless, mesh, namespace, policy, rule, service } from './build';

const GREETS = 'mysql';
const OUT = deployment('old/client');

/** A client with a sidecar, one without, and a server whose port has a name and a number. */
function world(name: string, port: number, ...more: readonly unknown[]): readonly unknown[] {
  return [
    namespace('cl'), namespace('sv'), namespace('old', {}), deployment('cl/client'), OUT, deployment('sv/db'),
    service('sv/db', { ports: [{ name, port, targetPort: 8080 }] }), ...more,
  ];
}

const inside = (objects: readonly unknown[], settings = {}): string[] => calls(objects, 'cl/client', 'db', settings);
const outside = (objects: readonly unknown[], settings = {}): string[] => calls(objects, 'old/client', 'db', settings);

describe('a server that speaks first', () => {
  it('is reached by mTLS, whose handshake the client begins', () => {
    expect(inside(world(GREETS, 3306))).toEqual(['sv/db: istio-mtls to PERMISSIVE: mtls']);
    expect(inside(world(GREETS, 3306, policy('sv/default', 'STRICT')))).toEqual(['sv/db: istio-mtls to STRICT: mtls']);
  });

  it('leaves plaintext clients waiting where its port is PERMISSIVE', () => {
    expect(outside(world(GREETS, 3306))).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext (hangs)']);
    expect(inside(world('tcp-smtp', 25, rule('sv/r', 'db', 'DISABLE')))).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext (hangs)']);
  });

  it('answers plaintext clients where its port is DISABLE, or has no sidecar', () => {
    expect(outside(world(GREETS, 3306, policy('sv/default', 'DISABLE')))).toEqual(['sv/db: plaintext to DISABLE: plaintext']);
    const bare = [namespace('old', {}), OUT, deployment('old/db'), service('old/db', { ports: [{ name: GREETS, port: 3306 }] })];
    expect(outside(bare)).toEqual(['old/db: plaintext to none: plaintext']);
  });

  it('is told by the name of the port, by its number, or by the workload port', () => {
    const names = ['tcp-mysql', 'tcp-smtp', 'tcp-ssh', 'tcp-ftp', 'tcp-imap', 'tcp-pop3', 'tcp-nats', 'tcp-vnc', 'tcp-mariadb'];
    expect(names.flatMap(name => outside(world(name, 9999)))).toEqual(names.map(() => 'sv/db: plaintext to PERMISSIVE: plaintext (hangs)'));
    expect(outside(world('tcp', 3306))).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext (hangs)']);
    expect(outside(world('tcp', 9999))).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext']);
  });

  it('is not seen in MongoDB and Redis, whose clients speak first, nor where the port says HTTP or TLS', () => {
    for (const [name, port] of [['mongo', 27017], ['tcp', 27017], ['redis', 6379], ['http', 25], ['https', 25], ['tls-smtp', 587]] as const) {
      expect(outside(world(name, port))).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext']);
    }
  });

  it('is not called at all by a sidecar that has to tell the protocol of the port', () => {
    expect(inside(world('submission', 587))).toEqual(['sv/db: istio-mtls to PERMISSIVE: mtls (hangs)']);
    expect(inside(world('submission', 587, policy('sv/default', 'DISABLE')))).toEqual(['sv/db: plaintext to DISABLE: plaintext (hangs)']);
    expect(inside(world('tcp-submission', 587))).toEqual(['sv/db: istio-mtls to PERMISSIVE: mtls']);
    const [first] = connections(world('submission', 587)).filter(({ client }) => client === 'cl/client')[0].because;
    expect(first).toEqual({
      object: 'Service sv/db',
      field: 'spec.ports[0]',
      text: 'the server speaks first, and the client\'s proxy waits for bytes to tell the protocol of service port 587, which names none',
    });
  });

  it('is waited for by its own sidecar too, where the port is DISABLE and names no protocol', () => {
    expect(outside(world('submission', 587, policy('sv/default', 'DISABLE')))).toEqual(['sv/db: plaintext to DISABLE: plaintext (hangs)']);
  });

  it('is reached in the end where the mesh has a time-out for it', () => {
    expect(outside(world(GREETS, 3306), { protocolDetectionTimeout: '5s' })).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext']);
    expect(inside(world('submission', 587), { protocolDetectionTimeout: '0.1s' })).toEqual(['sv/db: istio-mtls to PERMISSIVE: mtls']);
    expect(outside(world(GREETS, 3306), { protocolDetectionTimeout: '0.0s' })).toEqual(['sv/db: plaintext to PERMISSIVE: plaintext (hangs)']);
  });

  it('is reached by gateways, and by clients that do not know the host, as the bytes come', () => {
    const gateway = deployment('cl/client', {}, { annotations: { 'inject.istio.io/templates': 'gateway' } });
    expect(inside(world('submission', 587).map(one => (one as { metadata: Fields }).metadata.namespace === 'cl' ? gateway : one)))
      .toEqual(['sv/db: istio-mtls to PERMISSIVE: mtls']);
    const hidden = world('submission', 587, policy('sv/default', 'DISABLE')).map(one =>
      (one as Fields).kind === 'Service' ? service('sv/db', { ports: [{ name: 'tcp-submission', port: 587, targetPort: 8080 }] }, { annotations: { 'networking.istio.io/exportTo': '.' } }) : one);
    expect(inside(hidden)).toEqual(['sv/db: plaintext to DISABLE: plaintext']);
  });

  it('is called by ztunnel without waiting', () => {
    const ambient = [
      namespace('am', { 'istio.io/dataplane-mode': 'ambient' }), deployment('am/client'), deployment('am/db'), namespace('old', {}), OUT,
      headless('am/other'), service('am/db', { ports: [{ name: 'submission', port: 587 }] }),
    ];
    expect(calls(ambient, 'am/client', 'db', { ambient: true })).toEqual(['am/db: hbone to PERMISSIVE: hbone']);
    expect(calls(ambient, 'old/client', 'db', { ambient: true })).toEqual(['am/db: plaintext to PERMISSIVE: plaintext']);
  });

  it('is not waited for where the call is refused', () => {
    expect(outside(world(GREETS, 3306, policy('sv/default', 'STRICT')))).toEqual(['sv/db: plaintext to STRICT: fail']);
  });

  it('may be reached or not where the input does not show the data plane', () => {
    const open = world(GREETS, 3306).filter(one => (one as { metadata: Fields }).metadata.name !== 'sv');
    expect(calls(open, 'old/client', 'db', { openWorld: true })).toEqual(['sv/db: plaintext to unknown: plaintext']);
    expect(calls(world(GREETS, 3306).slice(1), 'cl/client', 'db', { openWorld: true })).toEqual(['sv/db: unknown to PERMISSIVE: depends']);
  });

  it('leaves its callers with a call that fails, whoever asks', () => {
    const [call] = [...mesh(world(GREETS, 3306)).model.connections()].filter(({ client }) => client.key === 'old/client');
    expect([call.outcome.value, call.result]).toEqual(['plaintext', 'fail']);
  });
});
