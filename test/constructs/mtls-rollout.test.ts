import { App, Chart, Testing, Yaml } from 'cdk8s';
import { refusesAtOnce, shop, synth, wrong } from './kit';
import {
  IstioMesh, MtlsRollout, MtlsRolloutProps, NetworkingApiVersion, RolloutStage, SecurityApiVersion,
  WorkloadMtlsException, WorkloadPort, WorkloadSelector,
} from '../../src/constructs';
import { expectGolden } from '../golden';

const STAGES = [RolloutStage.ONBOARD, RolloutStage.NAMESPACES, RolloutStage.MESH];

/** A rollout of three namespaces, one of which stays PERMISSIVE, at some stage. */
function rollout(stage: RolloutStage, autoMtls = true, props: Partial<MtlsRolloutProps> = {}): Chart {
  const chart = new Chart(new App(), 'mesh');
  new IstioMesh(chart, 'facts', { autoMtls });
  new MtlsRollout(chart, 'rollout', {
    stage,
    strictNamespaces: ['shop', 'default'],
    permissiveNamespaces: [{ namespace: 'legacy', reason: 'The mainframe calls it', owner: 'team-legacy', expires: '2027-06-30' }],
    ...props,
  });
  return chart;
}

describe('with auto mTLS', () => {
  test.each(STAGES)('the stage %s writes policies alone', stage => expectGolden(`rollout-${stage.toLowerCase()}`, rollout(stage)));
});

describe('where auto mTLS is off', () => {
  test('the stage ONBOARD needs no client rules', () => {
    expect(synth(rollout(RolloutStage.ONBOARD, false))).toEqual(synth(rollout(RolloutStage.ONBOARD)));
  });

  test('the stage NAMESPACES writes the rules of a namespace before its policy', () =>
    expectGolden('rollout-namespaces-auto-mtls-off', rollout(RolloutStage.NAMESPACES, false, { strictNamespaces: ['default'] })));

  test('the stage MESH writes the rule for all before the policy of the mesh, and its exemption before both', () =>
    expectGolden('rollout-mesh-auto-mtls-off', rollout(RolloutStage.MESH, false, { permissiveNamespaces: [] })));
});

test.each([true, false])('a stage that is taken back gives exactly the former output (auto mTLS: %s)', autoMtls => {
  const yaml = (stage: RolloutStage) => (rollout(stage, autoMtls).node.root as App).synthYaml();
  const forward = STAGES.map(yaml);
  expect(new Set(forward).size).toBe(3);
  expect([...STAGES].reverse().map(yaml)).toEqual([...forward].reverse());
});

test('the objects are there for those who patch them', () => {
  const at = (stage: RolloutStage) => new MtlsRollout(shop(), 'rollout', {
    stage, strictNamespaces: ['a', 'b'], permissiveNamespaces: [{ namespace: 'c', reason: 'later' }],
  });
  const names = STAGES.map(at).map(({ stage, mesh, namespaces, exceptions }) =>
    [stage, mesh.policy.name, namespaces.map(({ policy }) => policy.metadata.namespace), exceptions.length]);
  expect(names).toEqual([
    ['ONBOARD', 'default', [], 0],
    ['NAMESPACES', 'default', ['a', 'b'], 0],
    ['MESH', 'default', [], 1],
  ]);
});

test('a rollout without names goes from ONBOARD to MESH', () => {
  const chart = shop();
  new MtlsRollout(chart, 'rollout', { stage: RolloutStage.MESH });
  expect(synth(chart).map(({ metadata, spec }) => [metadata.namespace, spec.mtls.mode])).toEqual([['istio-system', 'STRICT']]);
});

test('an exception on which the rollout depends comes first', () => {
  const chart = shop();
  const strict = new MtlsRollout(chart, 'rollout', { stage: RolloutStage.MESH });
  const exception = new WorkloadMtlsException(chart, 'metrics', {
    workload: WorkloadSelector.labels({ app: 'web' }), ports: [WorkloadPort.number(9090)], reason: 'scraped from outside',
  });
  strict.node.addDependency(exception);
  expect(synth(chart).map(({ metadata }) => metadata.name)).toEqual(['metrics', 'default']);
});

test('older API versions', () => {
  const chart = rollout(RolloutStage.MESH, false, { apiVersion: SecurityApiVersion.V1BETA1, ruleApiVersion: NetworkingApiVersion.V1BETA1 });
  expect(new Set(Testing.synth(chart).map(({ apiVersion }) => apiVersion))).toEqual(new Set(['security.istio.io/v1beta1', 'networking.istio.io/v1beta1']));
  const namespaces = rollout(RolloutStage.NAMESPACES, false, { ruleApiVersion: NetworkingApiVersion.V1ALPHA3 });
  expect(Yaml.stringify(...Testing.synth(namespaces))).toContain('networking.istio.io/v1alpha3');
});

describe('refuses', () => {
  const at = (props: object, stage: unknown = RolloutStage.ONBOARD) => (chart: Chart) => new MtlsRollout(chart, 'rollout', wrong({ stage, ...props }));
  refusesAtOnce({
    'a stage that is none': [
      at({}, 'STRICT'),
      "shop/rollout (MtlsRollout): 'stage' must be one of ONBOARD, NAMESPACES, MESH; got 'STRICT'",
    ],
    'the stage NAMESPACES without names': [
      at({}, RolloutStage.NAMESPACES),
      "shop/rollout (MtlsRollout): 'stage' NAMESPACES makes the namespaces in 'strictNamespaces' STRICT; got none, name them or use ONBOARD or MESH",
    ],
    'the root namespace': [
      at({ strictNamespaces: ['istio-system'] }),
      "shop/rollout (MtlsRollout): 'strictNamespaces[0]' is 'istio-system', the root namespace, where a policy without selector counts for the whole mesh; take it out",
    ],
    'a name that no namespace has': [
      at({ strictNamespaces: ['shop', 'Shop 2'] }),
      "shop/rollout (MtlsRollout): 'strictNamespaces[1]' must be lower-case letters, digits and '-', at most 63 characters; got 'Shop 2'",
    ],
    'a text for the list': [
      at({ strictNamespaces: 'shop' }),
      "shop/rollout (MtlsRollout): 'strictNamespaces' must be an array of names of namespaces; got 'shop'",
    ],
    'a namespace that is named twice': [
      at({ strictNamespaces: ['shop', 'shop'] }),
      "shop/rollout (MtlsRollout): 'strictNamespaces[1]' is 'shop', and so is 'strictNamespaces[0]'; take one of the two out",
    ],
    'a namespace that is to be STRICT and to stay PERMISSIVE': [
      at({ strictNamespaces: ['shop'], permissiveNamespaces: [{ namespace: 'shop', reason: 'legacy' }] }),
      "shop/rollout (MtlsRollout): 'permissiveNamespaces[0].namespace' is 'shop', and so is 'strictNamespaces[0]'; take one of the two out",
    ],
    'an exception without a reason, long before it is written': [
      at({ permissiveNamespaces: [{ namespace: 'legacy' }] }),
      "shop/rollout (MtlsRollout): 'reason' is missing; say why this exception is needed, for those who review it later",
    ],
    'a name where an exception is needed': [
      at({ permissiveNamespaces: ['legacy'] }),
      "shop/rollout (MtlsRollout): 'permissiveNamespaces[0]' must be an object; got 'legacy'",
    ],
  });
});
