import { App, Chart } from 'cdk8s';
import { synth } from './kit';
import { IstioMesh, MtlsRollout, RolloutStage } from '../../src/constructs';
import { deployment, mesh, namespace, service } from '../mesh/build';

/*
 * The objects of a rollout are applied one by one, and those that a stage does not
 * have any more are removed in the reverse of the order in which they came. The
 * mesh is judged after each single step.
 */

const STRICT_NAMESPACES = ['default', 'shop'];
const NAMESPACES = [...STRICT_NAMESPACES, 'legacy', 'tools'];

/** Everybody has a sidecar and calls everybody, and the API server. */
const WORLD = [
  ...NAMESPACES.flatMap(name => [namespace(name), deployment(`${name}/web`), service(`${name}/web`)]),
  { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' }, spec: { ports: [{ name: 'https', port: 443, targetPort: 6443 }] } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: 6443 }],
    endpoints: [{ addresses: ['172.18.0.2'] }],
  },
];

function written(stage: RolloutStage, autoMtls: boolean): any[] {
  const chart = new Chart(new App(), 'mesh');
  new IstioMesh(chart, 'facts', { autoMtls });
  new MtlsRollout(chart, 'rollout', { stage, strictNamespaces: STRICT_NAMESPACES, permissiveNamespaces: [{ namespace: 'legacy', reason: 'later' }] });
  return synth(chart);
}

const keyOf = ({ kind, metadata }: any): string => `${kind} ${metadata.namespace}/${metadata.name}`;

/** The states of the cluster on the way from one stage to another. */
function* steps(from: readonly any[], to: readonly any[]): Generator<{ step: string; objects: unknown[] }> {
  const cluster = new Map(from.map(object => [keyOf(object), object]));
  for (const object of to) {
    cluster.set(keyOf(object), object);
    yield { step: `apply ${keyOf(object)}`, objects: [...cluster.values()] };
  }
  const kept = new Set(to.map(keyOf));
  for (const object of [...from].reverse().filter(one => !kept.has(keyOf(one)))) {
    cluster.delete(keyOf(object));
    yield { step: `remove ${keyOf(object)}`, objects: [...cluster.values()] };
  }
}

/** The calls that fail after each step. */
function broken(states: Iterable<{ step: string; objects: unknown[] }>, autoMtls: boolean): string[] {
  return [...states].flatMap(({ step, objects }) => [...mesh([...WORLD, ...objects], { autoMtls }).model.connections()]
    .filter(({ outcome }) => outcome.value === 'fail')
    .map(({ client, host }) => `${step}: ${client.key} -> ${host}`));
}

const { ONBOARD, NAMESPACES: SOME, MESH } = RolloutStage;
const WAYS = [[ONBOARD, SOME], [SOME, MESH], [ONBOARD, MESH], [MESH, SOME], [SOME, ONBOARD], [MESH, ONBOARD]];

describe.each([true, false])('auto mTLS: %s', autoMtls => {
  test.each(WAYS)('from %s to %s no call fails in between', (from, to) => {
    const states = [...steps(written(from, autoMtls), written(to, autoMtls))];
    expect(states.length).toBeGreaterThan(0);
    expect(broken(states, autoMtls)).toEqual([]);
  });

  test.each([[SOME, MESH], [MESH, SOME]])('from %s to %s no STRICT namespace takes plaintext in between', (from, to) => {
    for (const { step, objects } of steps(written(from, autoMtls), written(to, autoMtls))) {
      const { model } = mesh([...WORLD, ...objects], { autoMtls });
      const modes = model.inventory.workloads.filter(one => STRICT_NAMESPACES.includes(one.namespace)).map(one => model.serverMode(one, 8080).value);
      expect([step, modes]).toEqual([step, ['STRICT', 'STRICT']]);
    }
  });
});

test('where auto mTLS is off, another order breaks calls', () => {
  const [onboard, some, all] = [ONBOARD, SOME, MESH].map(stage => written(stage, false));
  const first = (states: Iterable<{ step: string; objects: unknown[] }>) => broken(states, false)[0];
  const reversed = (objects: any[]) => [...objects].reverse();
  // The policy of a namespace before its rule, and the rule for all before its exemption.
  expect(first(steps(onboard, reversed(some)))).toBe('apply PeerAuthentication shop/default: default/web -> web.shop.svc.cluster.local');
  expect(first(steps(onboard, [all[1], all[0], ...all.slice(2)]))).toBe('apply DestinationRule istio-system/default: default/web -> kubernetes.default.svc.cluster.local');
  // A rule that is removed before its policy, which is the order in which it came.
  expect(first(steps(reversed(some), onboard))).toBe('remove DestinationRule default/api-server: default/web -> kubernetes.default.svc.cluster.local');
});
