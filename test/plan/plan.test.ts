import { Chart, Testing } from 'cdk8s';
import { load } from 'js-yaml';
import * as constructs from '../../src/constructs';
import { MtlsMode } from '../../src/mesh/mtls-mode';
import { exceptionTypeScript, exceptionYaml } from '../../src/plan/exception-text';
import { PortException } from '../../src/plan/exceptions';
import { inOrder } from '../../src/plan/order';
import { CurableBlocker, MigrationPlan, planMigration } from '../../src/plan/plan';
import { staged } from '../../src/plan/stage';
import { deployment, Fields, headless, mesh, namespace, policy, rule, service } from '../mesh/build';

const OUT = { 'sidecar.istio.io/inject': 'false' };

/** A Deployment that is told to call hosts. */
function caller(key: string, urls: readonly string[], labels: Fields = {}): Fields {
  return deployment(key, labels, { spec: { containers: [{ name: 'app', env: urls.map((value, i) => ({ name: `URL_${i}`, value })) }] } });
}

const url = (key: string): string => `http://${key.split('/')[1]}.${key.split('/')[0]}:80`;
const plan = (...objects: readonly Fields[]): MigrationPlan => planMigration(mesh(objects));
const blockers = (one: MigrationPlan): CurableBlocker[] => [...one.namespaces, one.mesh].flatMap(({ blockers: all }) => all);
const cures = (one: MigrationPlan): string[][] => blockers(one).map(all => all.cures.map(({ kind }) => kind));
const yaml = (one: MigrationPlan): string => blockers(one).flatMap(all => all.cures).flatMap(({ policies = [] }) => policies.map(written => written.yaml)).join('\n---\n');

const SHOP = [namespace('shop'), deployment('shop/web'), service('shop/web')];

describe('what blocks a namespace', () => {
  it('nothing, where all clients have a proxy', () => {
    const { namespaces } = plan(...SHOP, caller('shop/cart', [url('shop/web')]));
    expect(namespaces.map(({ name, readiness, mode, workloads }) => [name, readiness, mode.value, workloads]))
      .toEqual([['shop', 'ready', 'PERMISSIVE', { withProxy: 2, without: 0, unknown: 0 }]]);
  });

  it('not a client without a proxy that is not shown to call', () => {
    expect(blockers(plan(...SHOP, caller('shop/cart', [], OUT)))).toEqual([]);
  });

  it('not what fails today already', () => {
    expect(blockers(plan(...SHOP, caller('shop/cart', [url('shop/web')], OUT), policy('shop/web', 'STRICT', 'web')))).toEqual([]);
  });

  it('not a port that has an exception, and that is listed as what stays open', () => {
    const one = plan(...SHOP, caller('shop/cart', [url('shop/web')], OUT), policy('shop/web', undefined, 'web', { 8080: 'PERMISSIVE' }));
    expect(blockers(one)).toEqual([]);
    expect(one.mesh.exceptions).toEqual([{ policy: 'PeerAuthentication shop/web', opens: 'workload port 8080 PERMISSIVE' }]);
  });

  it('a port whose exception names the service port, although another rule speaks about that', () => {
    const one = plan(...SHOP, caller('shop/cart', [url('shop/web')], OUT), policy('shop/web', undefined, 'web', { 80: 'PERMISSIVE' }));
    expect(blockers(one).map(({ code }) => code)).toEqual(['MTLS206']);
    expect(yaml(one)).toBe('# in PeerAuthentication shop/web, beside what it has\nspec:\n  portLevelMtls:\n    "8080": {mode: PERMISSIVE}');
  });

  it('a rule that sends plaintext, once for each namespace, with the place of the rule', () => {
    const two = [namespace('two'), deployment('two/api'), service('two/api')];
    const one = plan(...SHOP, ...two, caller('shop/cart', []), rule('istio-system/all', '*.local', 'DISABLE'));
    const told = blockers(one).map(({ code, namespace: name, isKnown, at, callCount }) => [code, name, isKnown, at?.object, at?.field, callCount]);
    expect(told).toEqual([
      ['MTLS201', 'shop', false, 'DestinationRule istio-system/all', 'spec.trafficPolicy.tls.mode', 2],
      ['MTLS201', 'two', false, 'DestinationRule istio-system/all', 'spec.trafficPolicy.tls.mode', 2],
    ]);
    expect(one.order.map(({ namespace: { name }, unblocks }) => [name, unblocks])).toEqual([['shop', ['two']], ['two', ['shop']]]);
  });

  it('two settings of one rule, each with its own calls', () => {
    const two = { ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'http-b', port: 81, targetPort: 8081 }] };
    const levels = [80, 81].map(number => ({ port: { number }, tls: { mode: 'DISABLE' } }));
    const one = plan(namespace('shop'), deployment('shop/web'), service('shop/web', two), caller('shop/cart', []),
      rule('shop/web', 'web', undefined, { trafficPolicy: { portLevelSettings: levels } }));
    expect(blockers(one).map(({ at, calls }) => [at?.field, calls])).toEqual([
      ['spec.trafficPolicy.portLevelSettings[0].tls.mode', ['shop/cart -> web.shop.svc.cluster.local:80']],
      ['spec.trafficPolicy.portLevelSettings[1].tls.mode', ['shop/cart -> web.shop.svc.cluster.local:81']],
    ]);
  });

  it('in the root namespace the mesh, and no policy for single pods is offered there', () => {
    const one = plan(namespace('istio-system'), deployment('istio-system/kiali'), service('istio-system/kiali'), namespace('ops', {}), caller('ops/bot', [url('istio-system/kiali')]));
    expect([one.namespaces, one.mesh.readiness, cures(one)]).toEqual([[], 'blocked', [['join']]]);
  });

  it('only perhaps, where it is the way by the nodes that nothing shows to be used', () => {
    const { namespaces, questions } = plan(namespace('shop'), deployment('shop/web'), service('shop/web', { type: 'NodePort' }));
    expect(namespaces.map(({ readiness }) => readiness)).toEqual(['open']);
    expect(questions.map(({ text }) => text)).toEqual([
      'Does it hold that somebody calls it from outside (the input does not show it)? Then outside (node port) -> web.shop.svc.cluster.local:80 would fail.',
    ]);
  });
});

describe('the cures', () => {
  const BOTH = [...SHOP, caller('shop/cart', [url('shop/web')], OUT)];

  it('begin with the caller', () => {
    expect(cures(plan(...BOTH))).toEqual([['join', 'exception']]);
  });

  it('begin with the exception where the caller can have no proxy', () => {
    const one = plan(...SHOP, deployment('shop/agent', {}, { spec: { hostNetwork: true, containers: [{ name: 'a', env: [{ name: 'URL', value: url('shop/web') }] }] } }));
    expect(cures(one)).toEqual([['exception']]);
    expect(one.mesh.exceptions).toEqual([expect.objectContaining({ policy: 'PeerAuthentication shop/web-8080', opens: 'workload port 8080 PERMISSIVE (added by this plan)' })]);
  });

  it('put all ports of the same pods into one policy, because a second one would not count', () => {
    const two = { ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp-b', port: 81, targetPort: 8081 }] };
    const agent = (key: string, port: number): Fields => deployment(key, {}, {
      spec: { hostNetwork: true, containers: [{ name: 'a', env: [{ name: 'URL', value: `http://web.shop:${port}` }] }] },
    });
    const one = plan(namespace('shop'), deployment('shop/web'), service('shop/web', two), agent('shop/a', 80), agent('shop/b', 81));
    const written = blockers(one).flatMap(all => all.cures).flatMap(({ policies = [] }) => policies.map(each => each.yaml));
    expect(written).toHaveLength(2);
    expect(new Set(written).size).toBe(1);
    expect(load(written[0])).toMatchObject({ spec: { portLevelMtls: { 8080: { mode: 'PERMISSIVE' }, 8081: { mode: 'PERMISSIVE' } } } });
  });

  it('open a port whose server speaks first for plaintext alone, and not behind a headless Service', () => {
    const ports = { ports: [{ name: 'mysql', port: 3306, targetPort: 3306 }] };
    const callers = [namespace('db'), deployment('db/mysql'), caller('db/cron', ['mysql://mysql.db:3306'], OUT)];
    const one = plan(...callers, service('db/mysql', ports));
    expect(load(yaml(one))).toMatchObject({ spec: { portLevelMtls: { 3306: { mode: 'DISABLE' } } } });
    expect(cures(plan(...callers, headless('db/mysql', 'mysql'), service('db/mysql', { ...ports, clusterIP: 'None' }, { name: 'mysql' })))).toEqual([['join']]);
  });
});

describe('an exception', () => {
  const exception = (ports: PortException['ports'], more: Partial<PortException> = {}): PortException =>
    ({ namespace: 'shop', name: 'web-8080', labels: [['app.kubernetes.io/name', "it's"], ['version', '1']], ports, reason: 'It is called.', ...more });

  it.each<[string, PortException]>([
    ['PERMISSIVE', exception(new Map([[8080, 'PERMISSIVE'], [9090, 'PERMISSIVE']]))],
    ['DISABLE', exception(new Map([[3306, 'DISABLE']]))],
    ['of both', exception(new Map([[3306, 'DISABLE'], [8080, 'PERMISSIVE']]))],
  ])('%s is in TypeScript what it is in YAML', (_, one) => {
    const chart = new Chart(Testing.app(), 'chart', { disableResourceNameHashes: true });
    const library = { ...constructs, MtlsMode };
    new Function(...Object.keys(library), exceptionTypeScript(one)).apply(chart, Object.values(library));
    expect(Testing.synth(chart)).toEqual([load(exceptionYaml(one))]);
  });

  it('for a policy that is there already says what to add', () => {
    const { object } = mesh([policy('shop/web', undefined, 'web', { 1: 'STRICT' })]).model.policiesIn('shop').selecting
      .first({ label: () => 'web', eachLabel: () => undefined })!;
    expect(exceptionTypeScript(exception(new Map([[8080, 'PERMISSIVE']]), { existing: object }))).toBe(
      '// policy is the WorkloadMtls that writes PeerAuthentication shop/web; a WorkloadMtlsException takes the port alone\n'
      + 'policy.addPort(WorkloadPort.number(8080), MtlsMode.PERMISSIVE);');
  });
});

describe('the order', () => {
  const order = (...all: readonly (readonly [string, readonly string[], boolean?])[]): string[] =>
    inOrder(all.map(([name, changes, isOpen = false]) => ({ name, changes: new Set(changes), isOpen })))
      .map(({ name, unblocks }) => `${name}${unblocks.length > 0 ? ` frees ${unblocks.join()}` : ''}`);

  it('begins with what nothing blocks, then what has to be found out', () => {
    expect(order(['a', ['x']], ['b', [], true], ['c', []])).toEqual(['c', 'b', 'a']);
  });

  it('goes on with what sets most others free', () => {
    expect(order(['a', ['x']], ['b', ['y']], ['c', ['y', 'z']], ['d', ['y']])).toEqual(['c frees b,d', 'b frees d', 'd frees b', 'a']);
  });

  it('prefers the fewest changes, then the name', () => {
    expect(order(['b', ['x', 'y']], ['c', ['z']], ['a', ['w']])).toEqual(['a', 'c', 'b']);
  });
});

describe('a stage', () => {
  const policies = (objects: readonly Fields[], stage: Parameters<typeof staged>[1]): unknown[] =>
    staged(mesh(objects), stage).objects.filter(({ kind }) => kind === 'PeerAuthentication').map(({ body }) => body);
  const STRICT = { mtls: { mode: 'STRICT' } };

  it('adds a policy, or makes the one that counts STRICT and leaves out those that it hid', () => {
    const older = policy('shop/old', 'DISABLE', undefined, undefined, { creationTimestamp: '2024-01-01T00:00:00Z' });
    const younger = policy('shop/new', 'PERMISSIVE', undefined, undefined, { creationTimestamp: '2025-01-01T00:00:00Z' });
    expect(policies(SHOP, { namespaces: ['shop'] })).toMatchObject([{ metadata: { namespace: 'shop', name: 'default' }, spec: STRICT }]);
    expect(policies([...SHOP, older, younger], { namespaces: ['shop'] })).toMatchObject([{ metadata: { name: 'old' }, spec: STRICT }]);
  });

  it('keeps exceptions, and takes no name that one of them has', () => {
    const exception = policy('shop/default', undefined, 'web', { 8080: 'PERMISSIVE' });
    expect(policies([...SHOP, exception], { namespaces: ['shop'] })).toMatchObject([exception, { metadata: { name: 'strict-1' }, spec: STRICT }]);
  });

  it('touches the root namespace for the mesh alone', () => {
    expect(policies(SHOP, { namespaces: ['istio-system'] })).toEqual([]);
    expect(policies(SHOP, { namespaces: [], mesh: true })).toMatchObject([{ metadata: { namespace: 'istio-system', name: 'default' }, spec: STRICT }]);
  });
});
