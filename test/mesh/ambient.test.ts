import { calls, deployment, Fields, headless, istio, namespace, PAIR, policy, rule, service } from './build';

const AMBIENT: Fields = { 'istio.io/dataplane-mode': 'ambient' };
const SETTINGS = { ambient: true };

/** A client of the given kind and an ambient server. */
function toAmbient(ofClient: Fields, more: readonly unknown[] = []): string[] {
  return calls([namespace('cl', ofClient), namespace('sv', AMBIENT), ...PAIR.slice(2), ...more], 'cl/client', 'web', SETTINGS);
}

describe('a server in ambient', () => {
  const SIDECAR: Fields = { 'istio-injection': 'enabled' };
  it('is reached through a tunnel by proxies, whatever the rules say of mesh mTLS', () => {
    for (const ofClient of [SIDECAR, AMBIENT]) {
      for (const more of [[], [policy('sv/default', 'STRICT')], [policy('sv/default', 'DISABLE')], [rule('sv/r', 'web', 'DISABLE')], [rule('sv/r', 'web', 'ISTIO_MUTUAL')]]) {
        expect(toAmbient(ofClient, more)[0]).toMatch(/^sv\/web: hbone to \w+: hbone$/);
      }
    }
  });

  it('gets a rule\'s own TLS inside the tunnel', () => {
    expect(toAmbient(SIDECAR, [rule('sv/r', 'web', 'SIMPLE')])).toEqual(['sv/web: hbone to PERMISSIVE: tls-to-app']);
    expect(toAmbient(AMBIENT, [rule('sv/r', 'web', 'SIMPLE')])).toEqual(['sv/web: hbone to PERMISSIVE: hbone']);
  });

  it('refuses what has no identity when it is STRICT', () => {
    expect(toAmbient({})).toEqual(['sv/web: plaintext to PERMISSIVE: plaintext']);
    expect(toAmbient({}, [policy('sv/default', 'STRICT')])).toEqual(['sv/web: plaintext to STRICT: fail']);
  });

  it('is sent plaintext by sidecars when it is headless', () => {
    const strict = [headless('sv/web'), policy('sv/default', 'STRICT')];
    expect(calls([namespace('cl'), namespace('sv', AMBIENT), ...PAIR.slice(2, 4), ...strict], 'cl/client', 'web', SETTINGS)).toEqual(['sv/web: plaintext to STRICT: fail']);
  });

  it('is sent sidecar mTLS when a left-over label says so, and fails', () => {
    const labelled = [deployment('cl/client'), deployment('sv/web', { 'security.istio.io/tlsMode': 'istio' }), service('sv/web')];
    expect(calls([namespace('cl'), namespace('sv', AMBIENT), ...labelled], 'cl/client', 'web', SETTINGS)).toEqual(['sv/web: istio-mtls to PERMISSIVE: fail']);
  });
});

describe('a client in ambient', () => {
  const fromAmbient = (settings: object, more: readonly unknown[]): string[] =>
    calls([namespace('cl', AMBIENT), ...PAIR.slice(1), ...more], 'cl/client', 'web', { ambient: true, ...settings });

  it('tunnels to sidecars that take it, and is plaintext to others', () => {
    expect(fromAmbient({}, [policy('sv/default', 'STRICT')])).toEqual(['sv/web: hbone to STRICT: hbone']);
    expect(fromAmbient({}, [policy('sv/default', 'DISABLE')])).toEqual(['sv/web: hbone to DISABLE: hbone']);
    expect(fromAmbient({ sidecarHbone: false }, [policy('sv/default', 'STRICT')])).toEqual(['sv/web: plaintext to STRICT: fail']);
    expect(fromAmbient({ sidecarHbone: false }, [])).toEqual(['sv/web: plaintext to PERMISSIVE: plaintext']);
  });
});

describe('a service behind a waypoint', () => {
  const behind = (ofClient: Fields, ofService: Fields, more: readonly unknown[] = [], ofServer: Fields = AMBIENT): string[] => calls([
    namespace('cl', ofClient), namespace('sv', { ...ofServer, 'istio.io/use-waypoint': 'wp' }), ...PAIR.slice(2, 4), service('sv/web', {}, { labels: ofService }), ...more,
  ], 'cl/client', 'web', SETTINGS);

  it('is reached through it by ambient clients, and gets the TLS of its rule', () => {
    expect(behind(AMBIENT, {})).toEqual(['sv/web: hbone to PERMISSIVE: hbone']);
    expect(behind(AMBIENT, {}, [rule('sv/r', 'web', 'SIMPLE')])).toEqual(['sv/web: hbone to PERMISSIVE: tls-to-app']);
    expect(behind(AMBIENT, {}, [rule('sv/r', 'web', 'ISTIO_MUTUAL')])).toEqual(['sv/web: hbone to PERMISSIVE: hbone']);
    expect(behind(AMBIENT, {}, [], {})).toEqual(['sv/web: plaintext to none: plaintext']);
  });

  it('may say that it is not', () => {
    expect(behind(AMBIENT, { 'istio.io/use-waypoint': 'none' }, [rule('sv/r', 'web', 'SIMPLE')])).toEqual(['sv/web: hbone to PERMISSIVE: hbone']);
  });

  it('keeps plaintext clients out only by its policy', () => {
    expect(behind({}, {})).toEqual(['sv/web: plaintext to PERMISSIVE: plaintext']);
    expect(behind({}, {}, [policy('sv/default', 'STRICT')])).toEqual(['sv/web: plaintext to STRICT: fail']);
  });
});

it('sidecars keep to their own mTLS among themselves', () => {
  expect(calls(PAIR, 'cl/client', 'web', SETTINGS)).toEqual(['sv/web: istio-mtls to PERMISSIVE: mtls']);
});

describe('the policies of ztunnel', () => {
  const mesh = (mode?: string): unknown => policy('istio-system/d', mode);
  const ns = (mode?: string): unknown => policy('sv/d', mode);
  const wl = (mode: string | undefined, port: string): unknown => policy('sv/wl', mode, 'web', { 8080: port });
  const rows: readonly [string, readonly unknown[], string, string][] = [
    ['STRICT, port STRICT', [wl('STRICT', 'STRICT')], 'STRICT', 'STRICT'],
    ['STRICT, port UNSET', [wl('STRICT', 'UNSET')], 'STRICT', 'STRICT'],
    ['STRICT, port PERMISSIVE', [wl('STRICT', 'PERMISSIVE')], 'PERMISSIVE', 'STRICT'],
    ['STRICT, port DISABLE', [wl('STRICT', 'DISABLE')], 'PERMISSIVE', 'STRICT'],
    ['PERMISSIVE, port STRICT', [wl('PERMISSIVE', 'STRICT')], 'STRICT', 'PERMISSIVE'],
    ['PERMISSIVE, port STRICT, mesh STRICT: the port is taken to be covered, and is open', [mesh('STRICT'), wl('PERMISSIVE', 'STRICT')], 'PERMISSIVE', 'PERMISSIVE'],
    ['UNSET below a STRICT namespace, port PERMISSIVE', [ns('STRICT'), wl('UNSET', 'PERMISSIVE')], 'PERMISSIVE', 'STRICT'],
    ['UNSET below a STRICT namespace, port DISABLE: the exception is lost', [ns('STRICT'), wl('UNSET', 'DISABLE')], 'STRICT', 'STRICT'],
    ['UNSET below a STRICT mesh, port PERMISSIVE', [mesh('STRICT'), wl(undefined, 'PERMISSIVE')], 'PERMISSIVE', 'STRICT'],
    ['… with a namespace policy that sets nothing: all is open', [mesh('STRICT'), ns('UNSET'), wl('UNSET', 'PERMISSIVE')], 'PERMISSIVE', 'PERMISSIVE'],
    ['UNSET below nothing, port STRICT', [wl('UNSET', 'STRICT')], 'STRICT', 'PERMISSIVE'],
    ['the namespace opens a STRICT mesh', [mesh('STRICT'), ns('DISABLE')], 'PERMISSIVE', 'PERMISSIVE'],
    ['an empty selector in the root namespace is not mesh-wide', [istio('PeerAuthentication istio-system/d', { selector: {}, mtls: { mode: 'STRICT' } })], 'PERMISSIVE', 'PERMISSIVE'],
    ['an empty selector in the own namespace counts as none', [istio('PeerAuthentication sv/d', { selector: {}, mtls: { mode: 'STRICT' } })], 'STRICT', 'STRICT'],
    ['a selector in the root namespace is ignored', [policy('istio-system/d', 'STRICT', 'web')], 'PERMISSIVE', 'PERMISSIVE'],
  ];
  it.each(rows)('%s', (_, policies, on8080, on9090) => {
    const ports = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp-b', port: 81, targetPort: 9090 }];
    const answers = calls([namespace('cl', {}), namespace('sv', AMBIENT), ...PAIR.slice(2, 4), service('sv/web', { ports }), ...policies], 'cl/client', 'web', SETTINGS);
    const of = (mode: string): string => `sv/web: plaintext to ${mode}: ${mode === 'STRICT' ? 'fail' : 'plaintext'}`;
    expect(answers).toEqual([of(on8080), of(on9090)]);
  });
});
