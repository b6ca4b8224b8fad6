import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { IstioMesh, MtlsRollout, RolloutStage } from '../../src/constructs';
import { asText, at } from '../../src/mesh/json';
import { MeshSettings } from '../../src/mesh/settings';
import { Finding, Severity } from '../../src/rules/finding';
import { AppState } from '../../src/validate/app-state';
import { judge } from '../../src/validate/engine';
import { toCase as toKnownCase } from '../cases/judge';
import { readLines } from '../conformance/lines';

/*
 * Known misconfigurations and their cures, with a rollout in the place of their
 * STRICT policies: what is an error in a stage has to be said in the one before,
 * and nothing else is said as if calls between workloads would fail.
 */

interface World {
  readonly objects: readonly unknown[];
  readonly settings: MeshSettings;
}

const CASES = readLines(join(__dirname, '../cases/cases.jsonl')).map(line => toKnownCase(JSON.parse(line))!);

const isStrict = (object: unknown): boolean =>
  at(object, 'kind') === 'PeerAuthentication' && at(object, 'spec', 'selector') === undefined && at(object, 'spec', 'mtls', 'mode') === 'STRICT';
const namespaceOf = (object: unknown): string => asText(at(object, 'metadata', 'namespace')) ?? 'default';

/** The rules of the whole mesh that a rollout writes where auto mTLS is off, and that some worlds bring along. */
const WRITTEN = ['default', 'api-server'].map(name => `DestinationRule istio-system/${name}`);
const titleOf = (object: unknown): string => `${at(object, 'kind')} ${namespaceOf(object)}/${at(object, 'metadata', 'name')}`;

/** The world with its STRICT policies written by a rollout, which stands at a stage. */
function judged({ objects, settings }: World, stage: RolloutStage, strictNamespaces: string[]) {
  const app = new App();
  const mesh = new Chart(app, 'mesh');
  const { autoMtls, rootNamespace, trustDomain, clusterDomain, ambient } = settings;
  new IstioMesh(mesh, 'facts', { autoMtls, rootNamespace, trustDomain, clusterDomain, ambient });
  new MtlsRollout(mesh, 'rollout', { stage, strictNamespaces });
  const world = new Chart(app, 'world');
  const isWritten = (object: unknown) => isStrict(object) || (autoMtls === false && WRITTEN.includes(titleOf(object)));
  objects.filter(object => !isWritten(object)).forEach((object, i) => new ApiObject(world, `object-${i}`, object as any));
  const { findings, ahead } = judge(AppState.of(app), { house: {}, acknowledgements: [] }, false);
  return { errors: findings.filter(({ severity }) => severity === Severity.ERROR).map(nameOf), ahead: ahead().map(nameOf), findings };
}

const nameOf = ({ code, at: { object } }: Finding): string => `${code} ${object}`;

const worlds = CASES.flatMap(({ id, settings, wrong, right }) =>
  ([['wrong', wrong], ['right', right]] as const).flatMap(([side, yaml]) => {
    const objects = yaml === undefined ? [] : loadAll(yaml).filter(object => at(object, 'kind') !== undefined);
    return objects.some(isStrict) ? [{ name: `${id}, ${side}`, side, world: { objects, settings } }] : [];
  }));

describe('the stages before the one that a world stands at', () => {
  it('are tried on more than a hundred worlds', () => expect(worlds.length).toBeGreaterThan(100));

  it.each(worlds.map(one => [one.name, one] as const))('%s', (_, { world, side }) => {
    const root = world.settings.rootNamespace ?? 'istio-system';
    const strict = world.objects.filter(isStrict).map(namespaceOf);
    const names = [...new Set(strict.filter(namespace => namespace !== root))];
    const stages = [
      RolloutStage.ONBOARD, ...names.length > 0 ? [RolloutStage.NAMESPACES] : [], ...strict.includes(root) ? [RolloutStage.MESH] : [],
    ];
    stages.slice(1).forEach((stage, i) => {
      const before = judged(world, stages[i], names);
      const now = judged(world, stage, names);
      expect(now.errors.filter(one => ![...before.errors, ...before.ahead].includes(one))).toEqual([]);
      // What is said ahead comes true.
      const found = now.findings.filter(({ severity }) => severity !== Severity.INFO).map(({ code }) => code);
      expect(before.ahead.filter(one => !found.includes(one.split(' ')[0]))).toEqual([]);
      // A healthy world stays so on the way, as far as it is about STRICT at all.
      if (side === 'right') expect(before.ahead).toEqual([]);
    });
  });
});
