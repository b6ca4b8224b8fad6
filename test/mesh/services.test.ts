import { calls, deployment, Fields, istio, namespace, PAIR, policy, rule, service } from './build';
import { portProtocol } from '../../src/mesh/services/protocol';

describe('the protocol of a Service port', () => {
  const rows: readonly [string, number, string, string | undefined, string][] = [
    ['the name', 80, 'http', undefined, 'http'],
    ['the name before the hyphen', 80, 'http2-web', undefined, 'http2'],
    ['grpc-web, which has a hyphen itself', 80, 'grpc-web-x', undefined, 'grpc-web'],
    ['whatever the case', 80, 'HTTP', undefined, 'http'],
    ['an unknown name', 80, 'web', undefined, 'auto'],
    ['no name', 80, '', undefined, 'auto'],
    ['an unknown name on a port whose servers speak first', 3306, 'web', undefined, 'tcp'],
    ['a known name there', 3306, 'http', undefined, 'http'],
    ['appProtocol before the name', 80, 'http', 'tcp', 'tcp'],
    ['appProtocol of Kubernetes', 80, 'x', 'kubernetes.io/h2c', 'http2'],
    ['… and its TLS', 80, 'x', 'kubernetes.io/wss', 'https'],
    ['an unknown appProtocol hides the name', 80, 'http', 'example.com/x', 'auto'],
  ];
  it.each(rows)('%s', (_, port, name, appProtocol, expected) => expect(portProtocol(port, name, appProtocol)).toBe(expected));
});

describe('workload ports', () => {
  const to = (targetPort: unknown): string[] => calls([...PAIR.slice(0, 4), service('sv/web', { ports: [{ name: 'http', port: 80, targetPort }] })], 'cl/client', 'web');
  it('have the service port\'s number, another, or a name', () => {
    expect(to(undefined)).toHaveLength(1);
    expect(to('web')).toHaveLength(1);
    expect(to('8080')).toHaveLength(1);
  });
  it('that have no number have no endpoint', () => expect(to('nothing')).toEqual([]));
});

describe('several services on one workload port', () => {
  it('are read as the oldest one says', () => {
    const both = [service('sv/web'), service('sv/tcp', { selector: { app: 'web' }, ports: [{ name: 'tcp', port: 90, targetPort: 8080 }] })];
    expect(calls([...PAIR.slice(0, 4), ...both], 'cl/client', 'tcp')).toEqual(['sv/web: istio-mtls to PERMISSIVE: mtls']);
    const older = [service('sv/web', {}, { creationTimestamp: '2024-01-01T00:00:00Z' }), service('sv/tcp', { selector: { app: 'web' }, ports: [{ name: 'tcp', port: 90, targetPort: 8080 }] }, { creationTimestamp: '2025-01-01T00:00:00Z' })];
    expect(calls([...PAIR.slice(0, 4), ...older], 'cl/client', 'tcp')).toEqual(['sv/web: istio-mtls to PERMISSIVE: fail']);
  });
});

describe('a server whose Sidecar lists its ports', () => {
  const tcp = [...PAIR.slice(0, 4), service('sv/web', { ports: [{ name: 'tcp', port: 80, targetPort: 8080 }] })];
  const listed = (number: number, protocol: string): string[] => calls([...tcp, istio('Sidecar sv/web', {
    workloadSelector: { labels: { app: 'web' } }, ingress: [{ port: { number, protocol, name: 'x' }, defaultEndpoint: '127.0.0.1:8080' }],
  })], 'cl/client', 'web');

  it('is read as the Sidecar says and not as the Service does', () => {
    expect(listed(8080, 'TCP')).toEqual(['sv/web: istio-mtls to PERMISSIVE: mtls']);
    expect(listed(8080, 'HTTP')).toEqual(['sv/web: istio-mtls to PERMISSIVE: fail']);
  });
  it('passes on as they are the ports that are not listed', () => expect(listed(9090, 'HTTP')).toEqual(['sv/web: istio-mtls to PERMISSIVE: mtls']));
});

describe('ExternalName services', () => {
  const alias = service('cl/alias', { type: 'ExternalName', externalName: 'web.sv.svc.cluster.local', selector: undefined });
  it('are other names of a host, whose rules hold', () => {
    expect(calls([...PAIR, alias, rule('cl/r', 'alias', 'DISABLE')], 'cl/client', 'alias')).toEqual(['sv/web: istio-mtls to PERMISSIVE: mtls']);
    expect(calls([...PAIR, alias, rule('sv/r', 'web', 'DISABLE')], 'cl/client', 'alias')).toEqual(['sv/web: plaintext to PERMISSIVE: plaintext']);
  });
});

describe('ServiceEntry hosts', () => {
  const entry = (spec: Fields): unknown => istio('ServiceEntry cl/ext', { hosts: ['ext.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec });
  const call = (spec: Fields, more: readonly unknown[] = []): string[] => calls([namespace('cl'), deployment('cl/client'), entry(spec), ...more], 'cl/client', 'ext.example.com');
  const tls = (mode: string): unknown => rule('cl/r', 'ext.example.com', mode);
  const rows: readonly [string, string[], string[]][] = [
    ['are outside unless they say otherwise', call({ resolution: 'DNS' }), ['outside: plaintext to none: plaintext']],
    ['get no mTLS for being inside', call({ resolution: 'DNS', location: 'MESH_INTERNAL' }), ['outside: plaintext to none: plaintext']],
    ['… nor without resolution', call({ location: 'MESH_INTERNAL' }), ['outside: plaintext to none: plaintext']],
    ['get TLS by rule', call({ resolution: 'DNS' }, [tls('SIMPLE')]), ['outside: tls to none: tls-to-app']],
    ['cannot read mesh mTLS', call({ resolution: 'DNS' }, [tls('ISTIO_MUTUAL')]), ['outside: istio-mtls to none: fail']],
    ['list endpoints, which speak mTLS when they have a service account', call({
      resolution: 'STATIC', location: 'MESH_INTERNAL', endpoints: [{ address: '203.0.113.7' }, { address: '203.0.113.8', serviceAccount: 'vm' }],
    }), ['outside: plaintext to none: plaintext', 'outside: istio-mtls to none: fail']],
  ];
  it.each(rows)('%s', (_, answers, expected) => expect(answers).toEqual(expected));

  it('may select workloads', () => {
    const selecting = { resolution: 'STATIC', location: 'MESH_INTERNAL', workloadSelector: { labels: { app: 'vm' } } };
    const machine = istio('WorkloadEntry cl/vm', { address: '10.0.0.1', serviceAccount: 'vm', labels: { app: 'vm' } });
    expect(call(selecting, [machine, policy('cl/default', 'STRICT')])).toEqual(['cl/vm: istio-mtls to STRICT: mtls']);
  });

  it('of one name belong to the client\'s namespace first, else to the oldest', () => {
    const other = istio('ServiceEntry aa/ext', { hosts: ['ext.example.com'], ports: [{ number: 81, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' });
    const answers = call({ resolution: 'DNS' }, [other, tls('SIMPLE')]);
    expect(answers).toEqual(['outside: plaintext to none: plaintext', 'outside: tls to none: tls-to-app']);
  });
});

it('ServiceEntries of one namespace with one host share their endpoints', () => {
  const entry = (name: string, number: number, address: string, serviceAccount?: string): unknown => istio(`ServiceEntry cl/${name}`, {
    hosts: ['ext.example.com'], ports: [{ number, name: 'tcp', protocol: 'TCP' }], resolution: 'STATIC', location: 'MESH_INTERNAL', endpoints: [{ address, serviceAccount }],
  });
  const answers = calls([namespace('cl'), deployment('cl/client'), entry('a', 80, '203.0.113.7'), entry('b', 80, '203.0.113.8', 'vm')], 'cl/client', 'ext.example.com');
  expect(answers).toEqual(['outside: plaintext to none: plaintext', 'outside: istio-mtls to none: fail']);
});

describe('gateways as servers', () => {
  const gateway = deployment('sv/web', { 'istio': 'gw', 'sidecar.istio.io/inject': 'true' }, { annotations: { 'inject.istio.io/templates': 'gateway' } });
  const listener = (server: Fields): unknown => istio('Gateway sv/gw', { selector: { istio: 'gw' }, servers: [{ port: { number: 80, name: 'x', protocol: 'HTTP' }, hosts: ['*'], ...server }] });
  const call = (more: readonly unknown[]): string => calls([...PAIR.slice(0, 3), gateway, PAIR[4], ...more], 'cl/client', 'web').map(one => one.replace(/ to \w+/, '')).join();
  const mutual = rule('sv/r', 'web', 'ISTIO_MUTUAL');

  it('get plaintext by themselves: their template does not say that they speak mTLS', () => {
    expect(call([listener({})])).toBe('sv/web: plaintext: plaintext');
    expect(call([listener({}), policy('sv/default', 'STRICT')])).toBe('sv/web: plaintext: plaintext');
  });
  it('take mesh mTLS only where a server says ISTIO_MUTUAL', () => {
    expect(call([listener({ port: { number: 80, protocol: 'HTTPS', name: 'x' }, tls: { mode: 'ISTIO_MUTUAL' } }), mutual])).toBe('sv/web: istio-mtls: mtls');
    expect(call([listener({ port: { number: 80, protocol: 'HTTPS', name: 'x' }, tls: { mode: 'ISTIO_MUTUAL' } })])).toBe('sv/web: plaintext: fail');
    expect(call([listener({}), mutual])).toBe('sv/web: istio-mtls: fail');
  });
  it('are found by the name in the handshake', () => {
    const server = { port: { number: 80, protocol: 'HTTPS', name: 'x' }, hosts: ['*.example.com'], tls: { mode: 'ISTIO_MUTUAL' } };
    expect(call([listener(server), mutual])).toBe('sv/web: istio-mtls: fail');
    const named = istio('DestinationRule sv/r', { host: 'web', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', sni: 'a.example.com' } } });
    expect(call([listener(server), named])).toBe('sv/web: istio-mtls: mtls');
  });
  it('listen to TCP only where a VirtualService says where it goes', () => {
    const tcp = listener({ port: { number: 80, protocol: 'TCP', name: 'x' } });
    expect(call([tcp])).toBe('sv/web: plaintext: fail');
    expect(call([tcp, istio('VirtualService sv/v', { gateways: ['gw'], hosts: ['*'], tcp: [{ route: [] }] })])).toBe('sv/web: plaintext: plaintext');
  });
  it('do not listen where no Gateway says so', () => expect(call([])).toBe('sv/web: plaintext: fail'));
});

describe('the API server', () => {
  const apiServer = (spec: Fields = {}): unknown => service('default/kubernetes', { selector: undefined, ports: [{ name: 'https', port: 443, targetPort: 6443 }], ...spec });
  const call = (...more: readonly unknown[]): string[] => calls([namespace('cl'), deployment('cl/client'), ...more], 'cl/client', 'kubernetes');
  it('answers behind a Service whose endpoints no manifest shows', () => {
    expect(call(apiServer())).toEqual(['outside: plaintext to none: plaintext']);
    expect(call(apiServer(), rule('istio-system/all', '*.local', 'ISTIO_MUTUAL'))).toEqual(['outside: istio-mtls to none: fail']);
  });
  it('is no other Service without a selector, and not one with a selector', () => {
    expect(call(service('sv/kubernetes', { selector: undefined }))).toEqual([]);
    expect(call(apiServer({ selector: { app: 'nothing' } }))).toEqual([]);
  });
});

it('lists a call once where a ServiceEntry names a host twice, which the API server takes', () => {
  const entry = istio('ServiceEntry cl/vm', {
    hosts: ['vm.example.com', 'other.example.com', 'vm.example.com'],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    workloadSelector: { labels: { app: 'vm' } },
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
  });
  const world = [namespace('cl'), deployment('cl/client'), deployment('cl/vm'), entry];
  expect(calls(world, 'cl/client', 'vm.example.com')).toEqual(['cl/vm: istio-mtls to PERMISSIVE: mtls']);
  expect(calls(world.slice(1), 'cl/client', 'vm.example.com', { openWorld: true })).toEqual([expect.stringMatching(/^cl\/vm: .*: depends$/)]);
});

it('is one answer where several ServiceEntries of a namespace name a host and it is not known what carries the traffic of the client', () => {
  const entry = (name: string, place: string, port = 80): unknown => istio(`ServiceEntry ${place}/${name}`, {
    hosts: ['vm.example.com'],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    workloadSelector: { labels: { app: 'vm' } },
    ports: [{ number: port, name: 'http', protocol: 'HTTP' }],
  });
  const answers = (...entries: readonly unknown[]): string[] =>
    calls([namespace('sv'), deployment('cl/client'), deployment('sv/vm'), ...entries], 'cl/client', 'vm.example.com', { openWorld: true });
  const depends = 'sv/vm: unknown to PERMISSIVE: depends';
  expect(new Set(answers(entry('a', 'sv'), entry('b', 'sv')))).toEqual(new Set([depends]));
  expect(new Set(answers(entry('a', 'sv'), entry('b', 'sv', 81)))).toEqual(new Set([depends]));
});

describe('a ServiceEntry that lists the name of a Service', () => {
  const gateway = deployment('istio-system/gw', {}, { annotations: { 'inject.istio.io/templates': 'gateway' } });
  const listens = [
    service('istio-system/gw', { ports: [{ name: 'tls', port: 15443, targetPort: 8443 }] }),
    istio('Gateway istio-system/gw', {
      selector: { app: 'gw' }, servers: [{ port: { number: 15443, name: 'tls', protocol: 'TLS' }, hosts: ['*.global'], tls: { mode: 'ISTIO_MUTUAL' } }],
    }),
    istio('VirtualService istio-system/gw', { hosts: ['web.global'], gateways: ['gw'] }),
  ];
  const entry = (address: string, more: Fields = {}): unknown => istio('ServiceEntry cl/remote', {
    hosts: ['web.global'],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    location: 'MESH_INTERNAL',
    resolution: 'DNS',
    endpoints: [{ address, ports: { http: 15443 } }],
    ...more,
  });
  const mutual = (subjectAltNames?: string[]): unknown => rule('cl/remote', 'web.global', undefined, { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames } } });
  const call = (...more: readonly unknown[]): string[] =>
    calls([namespace('cl'), namespace('istio-system'), deployment('cl/client'), gateway, ...listens, ...more], 'cl/client', 'web.global');

  it('leads to the pods behind it, which answer with their identity', () => {
    const address = 'gw.istio-system.svc.cluster.local';
    expect(call(entry(address), mutual())).toEqual([expect.stringMatching(/^istio-system\/gw: istio-mtls to .+: mtls$/)]);
    expect(call(entry(address), mutual(['spiffe://cluster.local/ns/istio-system/sa/default']))).toEqual([expect.stringMatching(/: mtls$/)]);
    expect(call(entry(address), mutual(['spiffe://cluster.local/ns/sv/sa/web']))).toEqual([expect.stringMatching(/: fail$/)]);
  });
  it('is told nothing about them: auto mTLS sends plaintext', () => {
    expect(call(entry('gw.istio-system.svc.cluster.local'))).toEqual([expect.stringMatching(/^istio-system\/gw: plaintext to .+: fail$/)]);
  });
  it('leads outside where the name or the port is another', () => {
    expect(call(entry('gw.example.com'), mutual())).toEqual(['outside: istio-mtls to none: fail']);
    expect(call(entry('gw.istio-system.svc.cluster.local', { endpoints: [{ address: 'gw.istio-system.svc.cluster.local', ports: { http: 1 } }] }), mutual()))
      .toEqual(['outside: istio-mtls to none: fail']);
  });
});
