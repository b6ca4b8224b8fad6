import { readFileSync } from 'fs';
import { join } from 'path';
import { readManifestText } from '../../src/collect/manifests';
import { settingsIn } from '../../src/collect/settings';
import { Mesh } from '../../src/mesh/mesh';
import { MeshObject } from '../../src/mesh/object';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';
import { outcomeChange } from '../../src/posture/change';
import { postureDiff } from '../../src/posture/posture-diff';
import { generateMesh } from '../../tools/bench/mesh';
import { toCase } from '../cases/judge';

const CASES = readFileSync(join(__dirname, '../cases/cases.jsonl'), 'utf8').split('\n').filter(line => line !== '').map(line => toCase(JSON.parse(line))!);

function meshOf(text: string, settings: MeshSettings): Mesh {
  const { objects } = readManifestText(text, 'manifests');
  return new Mesh(objects, resolveSettings({ ...settings, ...settingsIn(objects) }));
}

describe('between a known misconfiguration and its cure', () => {
  const cured = CASES.filter(({ wrong }) => wrong !== undefined);

  it('nothing breaks, and every change is made by an object that has changed', () => {
    for (const { id, wrong, right, settings } of cured) {
      const entries = postureDiff(meshOf(wrong!, settings), meshOf(right, settings));
      expect([id, entries.filter(({ change }) => change === 'broken')]).toEqual([id, []]);
      expect([id, entries.filter(({ cause }) => cause.action === 'unchanged').map(({ cause }) => cause.object?.title)]).toEqual([id, []]);
    }
  });

  it('Istio\'s verdicts on the calls of clients with a proxy change as the comparison says', () => {
    let compared = 0;
    for (const { id, wrong, right, settings, outcomes } of cured) {
      const [before, after] = [meshOf(wrong!, settings), meshOf(right, settings)];
      const changes = postureDiff(before, after).map(({ change }) => change);
      for (const { client, wrong: from, right: to } of outcomes) {
        const hasProxy = [before, after].every(({ model }) => /sidecar|ambient/.test(model.inventory.workload(client)?.dataPlane.value ?? ''));
        const expected = from === undefined || to === undefined || !hasProxy ? undefined : outcomeChange(from as 'fail', to as 'fail');
        if (expected === undefined) continue;
        expect([id, changes]).toEqual([id, expect.arrayContaining([expected])]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(50);
  });
});

it('10,000 objects are compared in under two seconds', () => {
  const objects = generateMesh({ workloads: 7000, policies: 1500, rules: 1500 }, 'friendly');
  const fresh = (list: readonly MeshObject[]): Mesh =>
    new Mesh(list.map(one => new MeshObject(one, one.origin, one.metadata, one.body)), resolveSettings());
  const times = [1, 2, 3].map(() => {
    const [before, after] = [fresh(objects), fresh(objects.filter(({ kind }, i) => (kind !== 'PeerAuthentication' && kind !== 'DestinationRule') || i % 3 > 0))];
    const start = performance.now();
    expect(postureDiff(before, after).length).toBeGreaterThan(100);
    return performance.now() - start;
  });
  expect(objects.length).toBeGreaterThan(10_000);
  expect(Math.min(...times)).toBeLessThan(2000);
});
