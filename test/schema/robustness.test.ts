import { runInNewContext } from 'node:vm';
import { destinationRule, long, peerAuthentication, policy, serviceEntry } from './objects';
import { acceptance } from '../../src/schema';

const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

/** An object with an own property of that name, as JSON.parse makes it. */
function own(key: string, value: unknown): object {
  return Object.defineProperty({}, key, { value, enumerable: true, configurable: true, writable: true });
}

function nested(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? { tls: value } : [value];
  return value;
}

describe('whatever the object is made of, there is an answer', () => {
  const circle: Record<string, unknown> = { host: 'a' };
  circle.trafficPolicy = circle;
  const list: unknown[] = [];
  list.push(list);
  const odd = [
    circle, list, Symbol('x'), () => 1, NaN, Infinity, -Infinity, 10n, new Date(0), new Map(), /x/, new (class { mode = 'STRICT'; })(), nested(10_000),
    undefined, null, '', 0, true, [], {}, new Proxy({}, {}), Object.create({ mode: 'x' }), new String('STRICT'),
  ];

  it.each(odd.map((value, i) => [i, value]))('odd value %#', (_, value) => {
    for (const view of ['validator', 'cluster'] as const) {
      for (const object of [
        peerAuthentication(value), destinationRule(value), serviceEntry(value),
        peerAuthentication({ mtls: value, selector: value, portLevelMtls: value, unknown: value }),
        peerAuthentication({ mtls: { mode: value }, selector: { matchLabels: { a: value } }, portLevelMtls: { 80: value } }),
        destinationRule({ host: value, trafficPolicy: value, subsets: [value], exportTo: [value], workloadSelector: value }),
        policy({ tls: { mode: value, subjectAltNames: value }, connectionPool: { tcp: { maxConnections: value, connectTimeout: value } } }),
        policy({ loadBalancer: { warmup: { duration: '1s', aggression: value } }, outlierDetection: { consecutive5xxErrors: value } }),
        serviceEntry({ hosts: [value], addresses: [value], ports: [value], endpoints: [value], location: value, resolution: value }),
        { ...peerAuthentication({}), metadata: value, status: value },
        { ...peerAuthentication({}), metadata: { name: value, namespace: value, labels: value, annotations: value } },
      ]) {
        expect(typeof acceptance(object, view)!.accepted).toBe('boolean');
      }
    }
  });

  it('is refused when a value cannot be written as JSON', () => {
    for (const mode of [Symbol('x'), () => 1, NaN, 10n, new Date(0)]) {
      expect(acceptance(peerAuthentication({ mtls: { mode } }))!.accepted).toBe(false);
      expect(acceptance(policy({ connectionPool: { tcp: { maxConnections: mode } } }))!.accepted).toBe(false);
    }
  });

  it('also when reading it throws', () => {
    const trap = Object.defineProperty({}, 'mtls', { enumerable: true, get: () => { throw new Error('no'); } });
    expect(acceptance(peerAuthentication(trap))).toMatchObject({ accepted: false, rejections: [{ message: 'the object cannot be read' }] });
  });

  it('of another realm counts as plain', () => {
    expect(acceptance(runInNewContext(`(${JSON.stringify(policy({ tls: { mode: 'SIMPLE' } }))})`))!.accepted).toBe(true);
    expect(acceptance(runInNewContext(`(${JSON.stringify(policy({ tls: [] }))})`))!.accepted).toBe(false);
  });

  it('without prototype counts as plain', () => {
    expect(acceptance(Object.assign(Object.create(null), peerAuthentication({})))!.accepted).toBe(true);
  });
});

describe('names that every JavaScript object has', () => {
  it.each(KEYS)('%s as an unknown field', key => {
    expect(acceptance(peerAuthentication(own(key, 1)))!.unknownFields).toEqual([`spec.${key}`]);
    expect(acceptance({ ...peerAuthentication({}), ...{} })!.unknownFields).toEqual([]);
  });

  it.each(KEYS)('%s as a label', key => {
    const accepted = acceptance(peerAuthentication({ selector: { matchLabels: own(key, 'v') } }))!.accepted;
    expect(accepted).toBe(true);
    expect(acceptance(destinationRule({ host: 'a', subsets: [{ name: 'v1', labels: own(key, 'v') }] }))!.accepted).toBe(key !== '__proto__');
  });

  it.each(KEYS)('%s as an enum, a protocol, a resolution, a port name', key => {
    expect(acceptance(peerAuthentication({ mtls: { mode: key } }))!.accepted).toBe(false);
    expect(acceptance(serviceEntry({ hosts: ['a.com'], resolution: key }))!.accepted).toBe(false);
    expect(acceptance(serviceEntry({ hosts: ['a.com'], ports: [{ name: 'a', number: 80, protocol: key }] }))!.accepted).toBe(false);
    expect(acceptance(peerAuthentication({ portLevelMtls: own(key, {}) }))!.accepted).toBe(false);
  });
});

describe('undefined is absent', () => {
  it('in objects and maps', () => {
    const object = peerAuthentication({ selector: undefined, mtls: { mode: undefined }, portLevelMtls: undefined, extra: undefined });
    expect(acceptance(object)).toMatchObject({ accepted: true, unknownFields: [] });
    expect(acceptance(peerAuthentication({ selector: { matchLabels: { a: undefined } }, portLevelMtls: { 80: {} } }))!.accepted).toBe(false);
    expect(acceptance(destinationRule({ host: undefined }))!.rejections[0]).toMatchObject({ field: 'spec.host', message: 'Required value' });
    expect(acceptance({ ...peerAuthentication({}), metadata: { annotations: { 'istio.io/dry-run': undefined } } })!.accepted).toBe(true);
  });

  it('but null in lists, as in JSON', () => {
    expect(acceptance(policy({ tls: { mode: 'SIMPLE', subjectAltNames: [undefined] } }))!.accepted).toBe(false);
  });
});

describe('huge objects', () => {
  it.each([
    ['a host of a megabyte', destinationRule({ host: long(1_000_000) }), false],
    ['a host of a million dots', destinationRule({ host: '.'.repeat(1_000_000) }), false],
    ['a duration of a megabyte', policy({ connectionPool: { tcp: { connectTimeout: '1'.repeat(1_000_000) } } }), false],
    ['a duration of many parts', policy({ connectionPool: { tcp: { connectTimeout: '1ms'.repeat(300_000) } } }), true],
    ['a label of a megabyte', destinationRule({ host: 'a', subsets: [{ name: 'v1', labels: { [`${long(1_000_000)}_`]: `${long(1_000_000)}_` } }] }), false],
    ['a port of a megabyte of spaces', peerAuthentication({ portLevelMtls: { [`${' '.repeat(1_000_000)}x`]: {} } }), false],
    ['an address of a megabyte', serviceEntry({ hosts: ['a.com'], addresses: [':'.repeat(1_000_000)] }), false],
    ['100,000 wrong names', policy({ tls: { mode: 'SIMPLE', subjectAltNames: Array(100_000).fill(5) } }), false],
    ['100,000 names', policy({ tls: { mode: 'SIMPLE', subjectAltNames: Array(100_000).fill('a') } }), true],
    ['100,000 wrong subsets', destinationRule({ host: 'a', subsets: Array(100_000).fill({ name: 'A.b', trafficPolicy: {} }) }), false],
    ['a list with four billion holes', policy({ tls: { mode: 'SIMPLE', subjectAltNames: new Array(2 ** 32 - 1) } }), false],
    ['100,000 hosts', serviceEntry({ hosts: Array(100_000).fill('*') }), false],
  ])('%s', (_, object, expected) => {
    const { accepted, rejections } = acceptance(object)!;
    expect(accepted).toBe(expected);
    expect(rejections.length).toBeLessThanOrEqual(100);
  });

  it('make short answers', () => {
    expect(JSON.stringify(acceptance(destinationRule({ host: long(1_000_000), exportTo: [long(1_000_000)] }))).length).toBeLessThan(10_000);
  });
});

it('the same object gives the same answer, and stays what it is', () => {
  const object = destinationRule({ host: '*', b: 1, a: 2, trafficPolicy: { tls: { mode: 'x' } }, subsets: [{}, { name: 'A_b' }] });
  const before = JSON.stringify(object);
  expect(acceptance(object)).toEqual(acceptance(object));
  expect(JSON.stringify(object)).toBe(before);
});
