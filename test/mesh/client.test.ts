import { calls, deployment, Fields, headless, istio, namespace, PAIR, policy, rule, service, web, WEB } from './build';

const MTLS = 'istio-mtls to PERMISSIVE: mtls';
const PLAIN = 'plaintext to PERMISSIVE: plaintext';
const FAILS = 'plaintext to STRICT: fail';
const LEGACY = deployment('sv/legacy', { 'app': 'web', 'sidecar.istio.io/inject': 'false' });
const tls = (value: Fields): Fields => ({ trafficPolicy: { tls: value } });

describe('auto mTLS', () => {
  const rows: readonly [string, readonly unknown[], string][] = [
    ['is on', [], MTLS],
    ['follows a STRICT server', [policy('sv/default', 'STRICT')], 'istio-mtls to STRICT: mtls'],
    ['follows a DISABLE server', [policy('sv/default', 'DISABLE')], 'plaintext to DISABLE: plaintext'],
    ['follows a DISABLE workload', [policy('sv/web', 'DISABLE', 'web')], 'plaintext to DISABLE: plaintext'],
    ['follows a DISABLE workload port', [policy('sv/web', 'STRICT', 'web', { 8080: 'DISABLE' })], 'plaintext to DISABLE: plaintext'],
    ['does not see that a workload of a DISABLE namespace is STRICT', [policy('sv/default', 'DISABLE'), policy('sv/web', 'STRICT', 'web')], FAILS],
    ['… nor one of a DISABLE mesh', [policy('istio-system/default', 'DISABLE'), policy('sv/web', 'STRICT', 'web')], FAILS],
    ['… but sees that its namespace is', [policy('istio-system/default', 'DISABLE'), policy('sv/default', 'STRICT')], 'istio-mtls to STRICT: mtls'],
    ['… and a rule helps', [policy('sv/default', 'DISABLE'), policy('sv/web', 'STRICT', 'web'), rule('sv/r', 'web', 'ISTIO_MUTUAL')], 'istio-mtls to STRICT: mtls'],
    ['is off by a rule against a STRICT server', [policy('sv/default', 'STRICT'), rule('sv/r', 'web', 'DISABLE')], FAILS],
    ['goes to each endpoint as it can', [LEGACY], `sv/legacy: plaintext to none: plaintext | ${MTLS}`],
    ['is not what ISTIO_MUTUAL does, which goes to all', [LEGACY, rule('sv/r', 'web', 'ISTIO_MUTUAL')], `sv/legacy: istio-mtls to none: fail | ${MTLS}`],
  ];
  it.each(rows)('%s', (_, objects, expected) => expect(web(objects)).toBe(expected));

  it('can be switched off for the mesh', () => {
    expect(web([], { autoMtls: false })).toBe(PLAIN);
    expect(web([policy('sv/default', 'STRICT')], { autoMtls: false })).toBe(FAILS);
    expect(web([rule('sv/r', 'web', 'ISTIO_MUTUAL')], { autoMtls: false })).toBe(MTLS);
  });

  it('believes the label of the pods', () => {
    const labelled = (mode?: string): string[] => calls([
      ...PAIR.slice(0, 3), deployment('sv/web', { 'security.istio.io/tlsMode': 'disabled' }), service('sv/web'), ...mode === undefined ? [] : [policy('sv/default', mode)],
    ], 'cl/client', 'web');
    expect(labelled()).toEqual([`sv/web: ${PLAIN}`]);
    expect(labelled('STRICT')).toEqual([`sv/web: ${FAILS}`]);
  });

  it('does not know which ports the server leaves out', () => {
    const excluded = (more: readonly unknown[]): string[] => calls([
      ...PAIR.slice(0, 3), deployment('sv/web', {}, { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' } }), service('sv/web'), ...more,
    ], 'cl/client', 'web');
    expect(excluded([])).toEqual(['sv/web: istio-mtls to none: fail']);
    expect(excluded([policy('sv/web', undefined, 'web', { 8080: 'DISABLE' })])).toEqual(['sv/web: plaintext to none: plaintext']);
    expect(excluded([rule('sv/r', 'web', 'DISABLE')])).toEqual(['sv/web: plaintext to none: plaintext']);
  });

  it('does not happen on ports that the client leaves out', () => {
    expect(calls([
      ...PAIR.slice(0, 2), deployment('cl/client', {}, { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } }), ...PAIR.slice(3), policy('sv/default', 'STRICT'),
    ], 'cl/client', 'web')).toEqual([`sv/web: ${FAILS}`]);
  });
});

describe('headless services', () => {
  const pair = (more: readonly unknown[], portName?: string): string[] => calls([...PAIR.slice(0, 4), headless('sv/web', portName), ...more], 'cl/client', 'web');

  it('get mTLS whatever the workload says', () => {
    expect(pair([policy('sv/web', 'DISABLE', 'web')])).toEqual(['sv/web: istio-mtls to DISABLE: fail']);
    expect(pair([policy('sv/default', 'DISABLE')])).toEqual(['sv/web: plaintext to DISABLE: plaintext']);
  });

  it('get plaintext as soon as one endpoint has no sidecar', () => {
    expect(pair([LEGACY, policy('sv/default', 'STRICT')])).toEqual(['sv/legacy: plaintext to none: plaintext', `sv/web: ${FAILS}`]);
  });

  it('cannot translate ports', () => {
    expect(calls([...PAIR.slice(0, 4), service('sv/web', { clusterIP: 'None' })], 'cl/client', 'web')).toEqual(['sv/web: istio-mtls to PERMISSIVE: fail']);
  });

  it('share a listener per pod, which belongs to the older one, unless they are HTTP', () => {
    const older = (portName: string): unknown[] => [headless('sv/aaa', portName, {}), rule('sv/aaa', 'aaa', 'DISABLE')].map((object, index) =>
      index > 0 ? object : { ...object, spec: { ...object.spec as Fields, selector: { app: 'web' } } });
    expect(pair(older('tcp'), 'tcp')).toEqual([`sv/web: ${PLAIN}`]);
    expect(pair(older('tcp'), 'unnamed')).toEqual([`sv/web: ${PLAIN}`]);
    expect(pair(older('http'), 'http')).toEqual([`sv/web: ${MTLS}`]);
    expect(pair(older('tcp'), 'http')).toEqual([`sv/web: ${MTLS}`]);
    // The rule of the older one does not count; that the server then reads the bytes as HTTP is the older one's doing too.
    expect(pair(older('http'), 'tcp')).toEqual(['sv/web: istio-mtls to PERMISSIVE: fail']);
  });

  it('lose their listener to one that is not for every namespace, whatever its age', () => {
    const selecting = (object: Fields): Fields => ({ ...object, spec: { ...object.spec as Fields, selector: { app: 'web' } } });
    const younger = selecting(headless('sv/zzz', 'tcp', { annotations: { 'networking.istio.io/exportTo': 'cl,sv' } }));
    expect(pair([younger, rule('sv/zzz', 'zzz', 'DISABLE')], 'tcp')).toEqual([`sv/web: ${PLAIN}`]);
    expect(pair([selecting(headless('sv/zzz', 'tcp')), rule('sv/zzz', 'zzz', 'DISABLE')], 'tcp')).toEqual([`sv/web: ${MTLS}`]);
  });

  it('do not lose it to one whose named port the pod has not', () => {
    const nowhere = service('sv/aaa', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'tcp', port: 8080, targetPort: 'nothing' }] });
    expect(pair([nowhere, rule('sv/aaa', 'aaa', 'DISABLE')], 'tcp')).toEqual([`sv/web: ${MTLS}`]);
  });

  it('are like others for gateways, which know the endpoints', () => {
    const gateway = deployment('cl/client', { 'sidecar.istio.io/inject': 'true' }, { annotations: { 'inject.istio.io/templates': 'gateway' } });
    expect(calls([...PAIR.slice(0, 2), gateway, PAIR[3], headless('sv/web'), policy('sv/web', 'DISABLE', 'web')], 'cl/client', 'web'))
      .toEqual(['sv/web: plaintext to DISABLE: plaintext']);
  });
});

describe('loadBalancer PASSTHROUGH', () => {
  const passthrough: Fields = { trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } };

  it('sends mTLS to all endpoints or to none', () => {
    expect(web([rule('sv/r', 'web', undefined, passthrough)])).toBe(MTLS);
    expect(web([LEGACY, rule('sv/r', 'web', undefined, passthrough)])).toBe(`sv/legacy: plaintext to none: plaintext | ${PLAIN}`);
  });

  it('does not look at the endpoints of a subset', () => {
    const rules = [LEGACY, rule('sv/r', 'web', undefined, { ...passthrough, subsets: [{ name: 'v1', labels: { version: 'v1' } }] })];
    expect(web(rules, {}, `${WEB}/v1`)).toBe(`sv/legacy: istio-mtls to none: fail | ${MTLS}`);
  });
});

describe('certificates that are not the mesh\'s', () => {
  const files: Fields = { clientCertificate: '/c', privateKey: '/k', caCertificates: '/ca' };
  const rows: readonly [string, Fields, string][] = [
    ['SIMPLE to an HTTP port', { mode: 'SIMPLE' }, 'tls to PERMISSIVE: fail'],
    ['MUTUAL to an HTTP port', { mode: 'MUTUAL', ...files }, 'tls to PERMISSIVE: fail'],
    ['MUTUAL without certificates is plaintext', { mode: 'MUTUAL' }, PLAIN],
    ['credentialName on a sidecar is plaintext', { mode: 'SIMPLE', credentialName: 'secret' }, PLAIN],
    ['credentialName in a ConfigMap is read', { mode: 'SIMPLE', credentialName: 'configmap://sv/ca' }, 'tls to PERMISSIVE: fail'],
    ['identities that the server has not', { mode: 'ISTIO_MUTUAL', subjectAltNames: ['spiffe://cluster.local/ns/x/sa/default'] }, 'istio-mtls to PERMISSIVE: fail'],
    ['identities that the server has', { mode: 'ISTIO_MUTUAL', subjectAltNames: ['spiffe://cluster.local/ns/sv/sa/default'] }, MTLS],
  ];
  it.each(rows)('%s', (_, value, expected) => expect(web([rule('sv/r', 'web', undefined, tls(value))])).toBe(expected));

  it('credentialName is read where the rule selects its clients', () => {
    const selecting = { ...tls({ mode: 'SIMPLE', credentialName: 'secret' }), workloadSelector: { matchLabels: { app: 'client' } } };
    expect(web([rule('cl/r', WEB, undefined, selecting)])).toBe('tls to PERMISSIVE: fail');
  });

  it('reach the application on ports that are not HTTP', () => {
    for (const name of ['tcp', 'https', 'tls-x', 'mongo', '']) {
      const objects = [...PAIR.slice(0, 4), service('sv/web', { ports: [{ name, port: 80, targetPort: 8080 }] }), rule('sv/r', 'web', 'SIMPLE')];
      expect(calls(objects, 'cl/client', 'web')).toEqual(['sv/web: tls to PERMISSIVE: tls-to-app']);
      expect(calls([...objects, policy('sv/default', 'STRICT')], 'cl/client', 'web')).toEqual(['sv/web: tls to STRICT: fail']);
    }
  });
});

describe('hosts that the client\'s proxy does not know', () => {
  const sidecar = (spec: unknown): unknown => istio('Sidecar cl/default', spec);
  const rows: readonly [string, readonly unknown[], string][] = [
    ['are called in plaintext', [sidecar({ egress: [{ hosts: ['./*'] }] })], PLAIN],
    ['… which a STRICT server refuses', [sidecar({ egress: [{ hosts: ['./*'] }] }), policy('sv/default', 'STRICT')], FAILS],
    ['are not called at all with REGISTRY_ONLY', [sidecar({ egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })], 'none to PERMISSIVE: fail'],
    ['known by namespace', [sidecar({ egress: [{ hosts: ['sv/*'] }] })], MTLS],
    ['known by host', [sidecar({ egress: [{ hosts: [`*/${WEB}`] }] })], MTLS],
    ['known by wildcard', [sidecar({ egress: [{ hosts: ['*/*.sv.svc.cluster.local'] }] })], MTLS],
    ['taken out again', [sidecar({ egress: [{ hosts: ['*/*', '~sv/*'] }] })], PLAIN],
    ['known on another port only', [sidecar({ egress: [{ hosts: ['*/*'], port: { number: 81, protocol: 'HTTP', name: 'x' } }] })], PLAIN],
    ['no egress hides nothing', [sidecar({})], MTLS],
    ['the root namespace\'s Sidecar is for all', [istio('Sidecar istio-system/default', { egress: [{ hosts: ['./*'] }] })], PLAIN],
    ['… that have none of their own', [istio('Sidecar istio-system/default', { egress: [{ hosts: ['./*'] }] }), sidecar({ egress: [{ hosts: ['*/*'] }] })], MTLS],
    ['a Sidecar for other workloads does not count', [istio('Sidecar cl/a', { workloadSelector: { labels: { app: 'x' } }, egress: [{ hosts: ['./*'] }] })], MTLS],
    ['a Sidecar for this workload comes first', [istio('Sidecar cl/z', { workloadSelector: { labels: { app: 'client' } }, egress: [{ hosts: ['./*'] }] }), istio('Sidecar cl/a', {})], PLAIN],
  ];
  it.each(rows)('%s', (_, objects, expected) => expect(web(objects)).toBe(expected));

  describe('but to which a VirtualService leads that it does know', () => {
    const front = (more: object = {}, destination: object = {}, match: readonly object[] = []) => ({
      hosts: ['front.example'], http: [{ match, route: [{ destination: { host: WEB, ...destination }, weight: 0 }] }], ...more,
    });
    const led = (spec: unknown, key = 'cl/front', hosts: readonly string[] = ['./*'], port?: number): string =>
      web([sidecar({ egress: [{ hosts, ...port === undefined ? {} : { port: { number: port, protocol: 'HTTP', name: 'x' } } }] }), istio(`VirtualService ${key}`, spec)]);

    // Each of these is what the oracle says.
    it.each<[string, string, string]>([
      ['are known, whatever the weight', led(front()), MTLS],
      ['are known on the port that the route names', led(front({}, { port: { number: 80 } })), MTLS],
      ['… and on no other', led(front({}, { port: { number: 81 } })), PLAIN],
      ['… unless the listener has a port, which counts instead', led(front({}, { port: { number: 81 } }), 'cl/front', ['./*'], 80), MTLS],
      ['are unknown if the VirtualService is of a namespace that is not imported', led(front(), 'sv/front'), PLAIN],
      ['are known if its host is imported', led(front(), 'sv/front', ['./*', 'sv/front.example']), MTLS],
      ['are known if its host covers one that is imported', led(front({ hosts: ['*.example'] }), 'cl/front', ['./front.example']), MTLS],
      ['… also if that one is taken out again', led(front({ hosts: ['*.example'] }), 'cl/front', ['./front.example', '~./front.example']), MTLS],
      ['are unknown if its host is taken out again', led(front(), 'cl/front', ['./*', '~/front.example']), PLAIN],
      ['are unknown if it is not exported', led(front({ exportTo: ['.'] }), 'sv/front', ['*/front.example']), PLAIN],
      ['are unknown if it is for a gateway alone', led(front({ gateways: ['gw'] })), PLAIN],
      ['are known if it is for a gateway and the mesh', led(front({ gateways: ['gw', 'mesh'] })), MTLS],
      ['are unknown if the route is for callers of another namespace', led(front({}, {}, [{ sourceNamespace: 'zz' }])), PLAIN],
      ['… also beside a match for all', led(front({}, {}, [{ sourceNamespace: 'zz' }, { uri: { prefix: '/' } }])), PLAIN],
      ['are known if one match is for the caller\'s namespace', led(front({}, {}, [{ sourceNamespace: 'zz' }, { sourceNamespace: 'cl' }])), MTLS],
      ['are known by a mirror', led({ hosts: ['front.example'], http: [{ route: [{ destination: { host: 'x.example' } }], mirror: { host: WEB } }] }), MTLS],
      ['are known by a TCP route, for whose callers nobody looks', led({
        hosts: ['front.example'], tcp: [{ match: [{ sourceNamespace: 'zz' }], route: [{ destination: { host: WEB } }] }],
      }), MTLS],
    ])('%s', (_, actual, expected) => expect(actual).toBe(expected));
  });

  it('may be hidden by the Service itself', () => {
    const exported = (value: string): string[] =>
      calls([...PAIR.slice(0, 4), service('sv/web', {}, { annotations: { 'networking.istio.io/exportTo': value } })], 'cl/client', 'web');
    expect(exported('.')).toEqual([`sv/web: ${PLAIN}`]);
    expect(exported('x, cl')).toEqual([`sv/web: ${MTLS}`]);
    expect(exported('*')).toEqual([`sv/web: ${MTLS}`]);
  });
});

describe('clients without a proxy', () => {
  const outside = [namespace('cl', {}), ...PAIR.slice(1)];
  it('send what the application writes', () => {
    expect(calls([...outside, rule('cl/r', WEB, 'ISTIO_MUTUAL')], 'cl/client', 'web')).toEqual([`sv/web: ${PLAIN}`]);
    expect(calls([...outside, policy('sv/default', 'STRICT')], 'cl/client', 'web')).toEqual([`sv/web: ${FAILS}`]);
  });

  it('have no subsets', () => {
    expect(calls([...outside, rule('sv/r', 'web', undefined, { subsets: [{ name: 'v1', labels: {} }] })], 'cl/client', `${WEB}/v1`)).toEqual([]);
  });
});

it('does not list calls to oneself', () => {
  expect(calls(PAIR, 'sv/web', 'web')).toEqual([]);
});
