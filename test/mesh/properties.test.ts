import * as fc from 'fast-check';
import { connections, deployment, Fields, inShort, istio, mesh, namespace, policy, service } from './build';
import { Manifest, literalMode, literalRule } from './literal';
import { ConnectionJson } from '../../src/mesh/connection';

const PLACES = ['cl', 'sv', 'istio-system'];
const APPS = ['client', 'web', 'other'];
const MODES = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'];
const place = fc.constantFrom(...PLACES);
const selector = fc.option(fc.constantFrom<Fields>({ app: 'web' }, { version: 'v1' }, { app: 'web', version: 'v1' }, { app: 'client' }, { app: 'other' }, {}), { nil: undefined });
const stamp = fc.option(fc.constantFrom('2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'), { nil: undefined });
const level = fc.constantFrom(...MODES).map(one => ({ mode: one }));
const mtls = fc.option(level, { nil: undefined });
const ports = fc.option(fc.dictionary(fc.constantFrom('8080', '9090'), level, { minKeys: 1 }), { nil: undefined });

/** Without the fields that are undefined, as YAML has it. */
const clean = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const onePolicy = fc.record({ place, selector, stamp, mtls, ports });
const policies: fc.Arbitrary<Manifest[]> = fc.array(onePolicy, { maxLength: 7 }).map(list => list.map((one, index) =>
  istio(`PeerAuthentication ${one.place}/p${index}`, clean({
    selector: one.selector && { matchLabels: one.selector }, mtls: one.mtls, portLevelMtls: one.ports,
  }), clean({ creationTimestamp: one.stamp })) as unknown as Manifest));

const hosts = fc.constantFrom('web', 'web.sv.svc.cluster.local', '*.sv.svc.cluster.local', '*.local', '*', 'web.sv', 'other');
const tls = fc.option(fc.constantFrom('DISABLE', 'ISTIO_MUTUAL', 'SIMPLE').map(mode => ({ tls: { mode } })), { nil: undefined });
const exportTo = fc.option(fc.constantFrom(['.'], ['*'], ['cl'], ['sv'], ['.', 'cl'], ['other']), { nil: undefined });
const oneRule = fc.record({ place, hosts, stamp, tls, exportTo, selector });
const rules: fc.Arbitrary<Manifest[]> = fc.array(oneRule, { maxLength: 8 }).map(list => list.map((one, index) =>
  istio(`DestinationRule ${one.place}/r${index}`, clean({
    host: one.hosts,
    trafficPolicy: one.tls,
    exportTo: one.exportTo,
    workloadSelector: index % 3 === 0 ? one.selector && { matchLabels: one.selector } : undefined,
  }), clean({ creationTimestamp: one.stamp })) as unknown as Manifest));

const labels = fc.constantFrom<Fields>({ 'istio-injection': 'enabled' }, {}, { 'istio.io/dataplane-mode': 'ambient' });
const flag = fc.boolean();
const meshes = fc.record({ policies, rules, cl: labels, sv: labels, headless: flag, ambient: flag, autoMtls: flag }).map(one => ({
  objects: [
    namespace('cl', one.cl), namespace('sv', one.sv), deployment('cl/client'), deployment('sv/web', { version: 'v1' }), deployment('sv/other', { app: 'web' }),
    service('sv/web', one.headless ? { clusterIP: 'None', ports: [{ name: 'http', port: 8080 }] } : {}), ...one.policies, ...one.rules,
  ] as Fields[],
  settings: { ambient: one.ambient, autoMtls: one.autoMtls },
}));

const sorted = (all: readonly ConnectionJson[]): string[] => all.map(one => JSON.stringify(one)).sort();

describe('the indexed model says what a literal reading says', () => {
  it('of policies', () => {
    fc.assert(fc.property(policies, fc.constantFrom(...PLACES), fc.constantFrom(...APPS), (list, where, app) => {
      const { model } = mesh([namespace(where), deployment(`${where}/${app}`, { version: 'v1' }), ...list]);
      const workload = model.inventory.workload(`${where}/${app}`)!;
      for (const port of [8080, 9090, 1234]) {
        expect(model.serverMode(workload, port).value).toBe(literalMode(list, 'istio-system', where, { app, version: 'v1' }, port));
      }
    }), { numRuns: 300 });
  });

  it('of rules', () => {
    fc.assert(fc.property(rules, fc.constantFrom(...PLACES), fc.constantFrom(...APPS), (list, where, app) => {
      const { model } = mesh([namespace(where), namespace('sv'), deployment(`${where}/${app}`), service('sv/web'), ...list]);
      const found = model.ruleFor(model.inventory.workload(`${where}/${app}`)!, model.inventory.servicesOf('web.sv.svc.cluster.local')[0]);
      const expected = literalRule(list, 'istio-system', { place: where, labels: { app } }, { host: 'web.sv.svc.cluster.local', place: 'sv' });
      expect(found?.from.map(({ object }) => object.name) ?? []).toEqual(expected);
    }), { numRuns: 500 });
  });
});

describe('answers do not hang on what is not asked about', () => {
  it('the order of the input', () => {
    fc.assert(fc.property(meshes, fc.nat(), ({ objects, settings }, turn) => {
      const at = turn % objects.length;
      const other = [...objects.slice(at), ...objects.slice(0, at)].reverse();
      expect(sorted(connections(other, settings))).toEqual(sorted(connections(objects, settings)));
    }), { numRuns: 150 });
  });

  it('unrelated namespaces', () => {
    fc.assert(fc.property(meshes, ({ objects, settings }) => {
      const more = [namespace('zz'), policy('zz/default', 'STRICT'), policy('zz/web', 'DISABLE', 'web', { 8080: 'STRICT' }), istio('DestinationRule zz/r', { host: 'web', trafficPolicy: { tls: {} } })];
      expect(sorted(connections([...more, ...objects], settings))).toEqual(sorted(connections(objects, settings)));
    }), { numRuns: 100 });
  });

  it('asking twice', () => {
    fc.assert(fc.property(meshes, ({ objects, settings }) => {
      const { model } = mesh(objects, settings);
      const ask = (): string[] => [...model.connections()].map(({ outcome, wire, serverMode }) => `${wire.value.sends} ${serverMode.value} ${outcome.value}`);
      expect(ask()).toEqual(ask());
    }), { numRuns: 50 });
  });

  it('the names of namespaces', () => {
    fc.assert(fc.property(meshes, ({ objects, settings }) => {
      const renamed = JSON.parse(JSON.stringify(objects).replace(/\bsv\b/g, 'tw')) as Fields[];
      const short = (all: readonly ConnectionJson[]): string[] => all.map(inShort).sort();
      // Ties of age go by name first and namespace last, and no two objects here share a name.
      expect(short(connections(renamed, settings))).toEqual(short(connections(objects, settings)));
    }), { numRuns: 100 });
  });
});

it('a younger policy for a scope never changes the older one\'s answer', () => {
  fc.assert(fc.property(meshes, fc.constantFrom(...MODES), ({ objects, settings }, its) => {
    const older = [...objects, policy('sv/a-first', 'STRICT', undefined, undefined, {})];
    const younger = [...older, policy('sv/younger', its, undefined, undefined, { creationTimestamp: '2030-01-01T00:00:00Z' })];
    expect(connections(younger, settings).map(inShort)).toEqual(connections(older, settings).map(inShort));
  }), { numRuns: 100 });
});

it('STRICT on a server never turns a failing call into a plaintext one', () => {
  fc.assert(fc.property(meshes, ({ objects, settings }) => {
    const key = ({ client, host, port, subset, server }: ConnectionJson): string => [client, host, port, subset, server].join();
    const before = new Map(connections(objects, settings).map(one => [key(one), one.outcome]));
    // First by age and by name, so that it is the one that counts.
    const strict = policy('sv/0', 'STRICT', 'web', { 8080: 'STRICT' });
    for (const one of connections([...objects, strict], settings)) {
      if (one.server?.startsWith('sv/') && before.get(key(one)) === 'fail') expect(one.outcome).not.toBe('plaintext');
    }
  }), { numRuns: 200 });
});

it('an open answer is the answer of every namespace that there could be, and depends only where they differ', () => {
  fc.assert(fc.property(meshes, ({ objects, settings }) => {
    const open = objects.filter(({ kind, metadata }) => kind !== 'Namespace' || (metadata as Fields).name !== 'sv');
    const key = ({ client, host, port, subset, server }: ConnectionJson): string => [client, host, port, subset, server].join();
    const possible = new Map<string, Set<string>>();
    const planes: Fields[] = [{ 'istio-injection': 'enabled' }, {}, ...settings.ambient ? [{ 'istio.io/dataplane-mode': 'ambient' }] : []];
    for (const one of planes) {
      for (const call of connections([...open, namespace('sv', one)], settings)) {
        possible.set(key(call), (possible.get(key(call)) ?? new Set()).add(call.outcome));
      }
    }
    const answers = connections(open, { ...settings, openWorld: true });
    expect(new Set(answers.map(key))).toEqual(new Set(possible.keys()));
    for (const call of answers) {
      const outcomes = possible.get(key(call))!;
      expect(call.outcome).toBe(outcomes.size === 1 ? [...outcomes][0] : 'depends');
    }
  }), { numRuns: 200 });
});
