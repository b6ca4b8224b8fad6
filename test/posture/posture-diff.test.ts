import * as fc from 'fast-check';
import { Connection } from '../../src/mesh/connection';
import { Mesh } from '../../src/mesh/mesh';
import { MeshSettings } from '../../src/mesh/settings';
import { Workload } from '../../src/mesh/workloads/workload';
import { Change, MIRRORED, outcomeChange, worst } from '../../src/posture/change';
import { Entry } from '../../src/posture/entry';
import { postureDiff } from '../../src/posture/posture-diff';
import { deployment, Fields, headless, istio, mesh, namespace, PAIR, policy, rule, service, WEB } from '../mesh/build';

function diff(before: readonly Fields[], after: readonly Fields[], settings: readonly [MeshSettings?, MeshSettings?] = []): Entry[] {
  return postureDiff(mesh(before, settings[0]), mesh(after, settings[1] ?? settings[0]));
}

/** An entry on one line: `weakened PeerAuthentication sv/default added: sv/web STRICT>PERMISSIVE; cl/client>web:80 mtls>plaintext`. */
function inShort({ change, cause, modes, calls, condition, exception }: Entry): string {
  const parts = [
    ...modes.map(({ subject, port, from, to }) => `${subject}${port === undefined ? '' : `:${port}`} ${from ?? ''}>${to ?? ''}`),
    ...calls.map(({ client, host, port, subset, from, to, known }) =>
      `${client}${known ? '!' : ''}>${host.split('.')[0]}:${port}${subset && `/${subset}`} ${from ?? ''}>${to ?? ''}`),
  ];
  return `${change} ${cause.object?.title ?? 'settings'} ${cause.action}: ${parts.join('; ')}`
    + `${condition === undefined ? '' : ` if ${condition}`}${exception === undefined ? '' : ` reason ${exception.reason}`}`;
}

const short = (before: readonly Fields[], after: readonly Fields[], settings?: readonly [MeshSettings?, MeshSettings?]): string[] =>
  diff(before, after, settings).map(inShort);

/** A client without a proxy that is told the address of the server. */
const LEGACY: readonly Fields[] = [
  namespace('old', {}),
  deployment('old/batch', {}, { spec: { containers: [{ name: 'app', env: [{ name: 'WEB', value: `http://${WEB}` }] }] } }),
];
/** A server that greets its clients, and a client with a sidecar. */
const MYSQL: readonly Fields[] = [
  namespace('cl'), namespace('sv'), deployment('cl/client'), deployment('sv/db'), service('sv/db', { ports: [{ name: 'mysql', port: 3306 }] }),
];
const STRICT = policy('sv/default', 'STRICT');

describe('a change is one entry at the object that made it', () => {
  it.each<[string, readonly Fields[], readonly Fields[], string[]]>([
    ['nothing is nothing', [...PAIR, STRICT], [...PAIR, STRICT], []],
    ['a new STRICT policy strengthens a port, and breaks the known call of a client without a proxy', [...PAIR, ...LEGACY], [...PAIR, ...LEGACY, STRICT], [
      'broken PeerAuthentication sv/default added: old/batch!>web:80 plaintext>fail',
      'strengthened PeerAuthentication sv/default added: sv/web PERMISSIVE>STRICT',
    ]],
    ['and the way back', [...PAIR, ...LEGACY, STRICT], [...PAIR, ...LEGACY], [
      'weakened PeerAuthentication sv/default removed: sv/web STRICT>PERMISSIVE',
      'repaired PeerAuthentication sv/default removed: old/batch!>web:80 fail>plaintext',
    ]],
    ['an exception for one port names that port, and its reason', [...PAIR, STRICT], [
      ...PAIR, STRICT, policy('sv/web', undefined, 'web', { 9090: 'PERMISSIVE' }, { annotations: { 'cdk8s-istio-mtls/reason': 'scraped from outside' } }),
    ], ['weakened PeerAuthentication sv/web added: sv/web:9090 STRICT>PERMISSIVE reason scraped from outside']],
    ['an acknowledgement of the exception is its reason as well', [...PAIR, STRICT], [
      ...PAIR, STRICT, policy('sv/web', 'PERMISSIVE', 'web', undefined, { annotations: { 'cdk8s-istio-mtls/acknowledge': 'MTLS110: until June' } }),
    ], ['weakened PeerAuthentication sv/web added: sv/web STRICT>PERMISSIVE reason until June']],
    ['a call that hangs is a broken one: a rule that switches TLS off, and a server that speaks first', MYSQL, [...MYSQL, rule('sv/db', 'db', 'DISABLE')], [
      'broken DestinationRule sv/db added: cl/client>db:3306 mtls>fail',
    ]],
    ['and a port that waits for nothing repairs it', [...MYSQL, rule('sv/db', 'db', 'DISABLE')], [...MYSQL, rule('sv/db', 'db', 'DISABLE'), policy('sv/db', 'DISABLE', 'db')], [
      'weakened PeerAuthentication sv/db added: sv/db PERMISSIVE>DISABLE',
      'repaired PeerAuthentication sv/db added: cl/client>db:3306 fail>plaintext',
    ]],
    ['a rule that switches TLS off breaks calls to STRICT', [...PAIR, STRICT], [...PAIR, STRICT, rule('sv/web', WEB, 'DISABLE')], [
      'broken DestinationRule sv/web added: cl/client>web:80 mtls>fail',
    ]],
    ['and makes others plaintext', PAIR, [...PAIR, rule('sv/web', WEB, 'DISABLE')], [
      'weakened DestinationRule sv/web added: cl/client>web:80 mtls>plaintext',
    ]],
    ['a port that is DISABLE loses mTLS at both ends, in one entry', PAIR, [...PAIR, policy('sv/web', 'DISABLE', 'web')], [
      'weakened PeerAuthentication sv/web added: sv/web PERMISSIVE>DISABLE; cl/client>web:80 mtls>plaintext',
    ]],
    ['a label moves a workload out of its policy: the workload made the change', [...PAIR, STRICT, policy('sv/web', 'PERMISSIVE', 'web', { 8080: 'DISABLE' })], [
      namespace('cl'), namespace('sv'), deployment('cl/client'), deployment('sv/web', { app: 'other' }), service('sv/web', { selector: { app: 'other' } }),
      STRICT, policy('sv/web', 'PERMISSIVE', 'web', { 8080: 'DISABLE' }),
    ], [
      'strengthened Deployment sv/web changed: sv/web PERMISSIVE>STRICT; sv/web:8080 DISABLE>STRICT; cl/client>web:80 plaintext>mtls',
    ]],
    ['a namespace that loses injection', PAIR, [namespace('cl'), namespace('sv', {}), ...PAIR.slice(2)], [
      'weakened Namespace sv changed: sv/web PERMISSIVE>none; cl/client>web:80 mtls>plaintext',
    ]],
    ['a new workload and its Service', PAIR, [...PAIR, deployment('sv/more'), service('sv/more')], [
      'new Deployment sv/more added: sv/more >PERMISSIVE; cl/client>more:80 >mtls; sv/web>more:80 >mtls',
    ]],
    ['a Service that goes', PAIR, PAIR.slice(0, -1), ['gone Service sv/web removed: cl/client>web:80 mtls>']],
    ['a subset that drops TLS is measured by what calls got without it', PAIR, [
      ...PAIR, rule('sv/web', WEB, undefined, { subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { tls: { mode: 'DISABLE' } } }] }),
    ], ['weakened DestinationRule sv/web added: cl/client>web:80/v1 mtls>plaintext']],
    ['a client without a proxy that is told of a STRICT server is a new call', [...PAIR, STRICT, namespace('old', {}), deployment('old/batch')], [...PAIR, STRICT, ...LEGACY], [
      'new Deployment old/batch changed: old/batch!>web:80 >fail',
    ]],
    ['what only the cluster writes is no change', [...PAIR, STRICT], [...PAIR, { ...STRICT, status: { conditions: [] } }], []],
  ])('%s', (_, before, after, expected) => {
    expect(short(before, after)).toEqual(expected);
  });

  it('the settings of the mesh, where no object holds them', () => {
    expect(short([...PAIR, STRICT], [...PAIR, STRICT], [{ autoMtls: true }, { autoMtls: false }])).toEqual([
      'broken settings changed: cl/client>web:80 mtls>fail',
    ]);
  });

  it('the object that holds the settings of the mesh', () => {
    const config = (value: boolean): Fields => ({
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: `enableAutoMtls: ${value}` },
    });
    expect(short([...PAIR, STRICT, config(true)], [...PAIR, STRICT, config(false)], [{ autoMtls: true }, { autoMtls: false }])).toEqual([
      'broken ConfigMap istio-system/istio changed: cl/client>web:80 mtls>fail',
    ]);
  });
});

describe('what the input leaves open', () => {
  it('a policy counts for pods whose Namespace is not in the input, on condition', () => {
    const app = [deployment('sv/web'), service('sv/web')];
    expect(short([...app, STRICT], [...app, policy('sv/default', 'PERMISSIVE')], [{ openWorld: true }])).toEqual([
      'weakened PeerAuthentication sv/default changed: sv/web STRICT>PERMISSIVE if the pods of namespace sv have sidecars (that Namespace is not in the input)',
    ]);
  });

  it('a folder of policies alone is compared by whom the policies are for', () => {
    const root = (mode: string): Fields => policy('istio-system/default', mode);
    expect(short([root('STRICT')], [root('STRICT'), policy('sv/default', 'PERMISSIVE'), policy('sv/a', 'STRICT', 'a', { 80: 'DISABLE' })])).toEqual([
      'weakened PeerAuthentication sv/a added: pods with app=a in sv:80 STRICT>DISABLE if there are pods for app=a in sv (the input has none)',
      'weakened PeerAuthentication sv/default added: namespace sv STRICT>PERMISSIVE if there are pods for namespace sv (the input has none)',
    ]);
    expect(short([root('STRICT')], [root('PERMISSIVE')])).toEqual(['weakened PeerAuthentication istio-system/default changed: the mesh STRICT>PERMISSIVE']);
  });

  it('a Namespace that is no longer in the input leaves the direction open', () => {
    expect(short([namespace('sv'), deployment('sv/web'), STRICT], [deployment('sv/web'), STRICT], [{ openWorld: true }])).toEqual([
      'unclear Namespace sv removed: sv/web STRICT>unknown',
    ]);
  });
});

it('names the first five, known calls before others, and counts all', () => {
  const clients = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => deployment(`cl/${name}`));
  const told = deployment('cl/z', {}, { spec: { containers: [{ name: 'app', env: [{ name: 'WEB', value: `http://${WEB}` }] }] } });
  const before = [...PAIR, ...clients, told];
  const [entry] = diff(before, [...before, rule('sv/web', WEB, 'DISABLE')]);
  expect([entry.callCount, entry.knownCount]).toEqual([9, 1]);
  expect(entry.calls.map(({ client, known }) => `${client} ${known}`)).toEqual(['cl/z true', 'cl/a false', 'cl/b false', 'cl/c false', 'cl/client false']);
});

const labels = fc.constantFrom<Fields>({ 'istio-injection': 'enabled' }, { 'istio-injection': 'enabled' }, {}, { 'istio.io/dataplane-mode': 'ambient' });
const modes = fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE');
const policies = fc.array(fc.record({
  place: fc.constantFrom('cl', 'sv', 'istio-system'), app: fc.constantFrom(undefined, 'web', 'client'), mode: modes, port: fc.option(modes, { nil: undefined }),
}), { maxLength: 4 }).map(list => list.map(({ place, app, mode, port }, i) =>
  policy(`${place}/p${i}`, mode, app, app === undefined || port === undefined ? undefined : { 8080: port })));
const rules = fc.array(fc.record({
  place: fc.constantFrom('cl', 'sv', 'xx', 'istio-system'),
  host: fc.constantFrom(WEB, '*.local', 'api.sv.svc.cluster.local'),
  mode: fc.constantFrom('DISABLE', 'ISTIO_MUTUAL', 'SIMPLE'),
  exportTo: fc.constantFrom(undefined, ['.']),
  app: fc.constantFrom(undefined, undefined, 'client'),
}), { maxLength: 4 }).map(list => list.map(({ place, host, mode, exportTo, app }, i) =>
  rule(`${place}/r${i}`, host, mode, { ...exportTo && { exportTo }, ...app === undefined ? {} : { workloadSelector: { matchLabels: { app } } } })));
const scopes = fc.constantFrom<readonly Fields[]>([], [istio('Sidecar cl/default', { egress: [{ hosts: ['./*'] }] })]);
const more = fc.subarray<Fields>([
  deployment('cl/other', { app: 'client' }), deployment('sv/two', { app: 'web' }), deployment('sv/api'), service('sv/api'), headless('sv/db'), deployment('sv/db'),
  deployment('xx/gone', { 'sidecar.istio.io/inject': 'true' }),
]);
const worlds = fc.record({ policies, rules, cl: labels, sv: labels, scopes, more }).map(one =>
  [namespace('cl', one.cl), namespace('sv', one.sv), namespace('xx'), ...PAIR.slice(2), deployment('xx/client'), ...one.policies, ...one.rules, ...one.scopes, ...one.more]);

/** Everything but what differs between the two directions: which of two changed objects is blamed, and in which words. */
function totals(entries: readonly Entry[], mirrored: boolean): Record<string, string> {
  const sums = new Map<Change, [modes: number, calls: number]>();
  for (const { change, modeCount, callCount } of entries) {
    const key = mirrored ? MIRRORED[change] : change;
    const [m, c] = sums.get(key) ?? [0, 0];
    sums.set(key, [m + modeCount, c + callCount]);
  }
  return Object.fromEntries([...sums].map(([change, [m, c]]) => [change, `${m} modes, ${c} calls`]));
}

describe('whatever the two states are', () => {
  it('a state is not different from itself', () => {
    fc.assert(fc.property(worlds, fc.nat(), (world, turn) => {
      const at = turn % world.length;
      expect(diff(world, [...world.slice(at), ...world.slice(0, at)].reverse())).toEqual([]);
    }), { numRuns: 150 });
  });

  it('the way back is the mirror of the way there', () => {
    fc.assert(fc.property(worlds, worlds, (one, other) => {
      expect(totals(diff(other, one), true)).toEqual(totals(diff(one, other), false));
    }), { numRuns: 200 });
  });

  it('the order of the input changes nothing', () => {
    fc.assert(fc.property(worlds, worlds, (one, other) => {
      expect(diff([...one].reverse(), [...other].reverse()).map(inShort)).toEqual(short(one, other));
    }), { numRuns: 150 });
  });

  it('as many calls have changed as a comparison of every pair finds', () => {
    let found = 0;
    fc.assert(fc.property(worlds, worlds, (one, other) => {
      const expected: Record<string, number> = {};
      const [before, after] = [one, other].map(world => everyCall(mesh(world)));
      before.forEach((from, key) => {
        const to = after.get(key);
        const change = to && from.plane === to.plane ? outcomeChange(from.outcome, to.outcome) : undefined;
        if (change !== undefined) expected[change] = (expected[change] ?? 0) + 1;
      });
      const actual: Record<string, number> = {};
      for (const { change, callCount } of diff(one, other)) {
        if (callCount > 0 && change !== 'new' && change !== 'gone') actual[change] = (actual[change] ?? 0) + callCount;
      }
      expect(actual).toEqual(expected);
      found += Object.keys(expected).length;
    }), { numRuns: 300 });
    expect(found).toBeGreaterThan(100);
  });

  it('every object that is blamed has changed', () => {
    fc.assert(fc.property(worlds, worlds, (one, other) => {
      expect(diff(one, other).filter(({ cause }) => cause.action === 'unchanged').map(inShort)).toEqual([]);
    }), { numRuns: 200 });
  });
});

/** Every call of a client with a proxy, one by one. */
function everyCall({ model }: Mesh): Map<string, { readonly plane: string; outcome: Connection['outcome']['value'] }> {
  const found = new Map<string, { readonly plane: string; outcome: Connection['outcome']['value'] }>();
  const hasProxy = ({ dataPlane }: Workload): boolean => dataPlane.value === 'sidecar' || dataPlane.value === 'ambient';
  for (const client of model.inventory.workloads.filter(hasProxy)) {
    for (const { host, port, subset, server, outcome } of model.connectionsOf(client)) {
      const key = `${client.key} ${host} ${port} ${subset} ${server?.key ?? ''}`;
      const other = found.get(key);
      if (other === undefined) found.set(key, { plane: client.dataPlane.value, outcome: outcome.value });
      else other.outcome = worst(other.outcome, outcome.value);
    }
  }
  return found;
}
