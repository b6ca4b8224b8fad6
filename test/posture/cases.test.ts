import { readFileSync } from 'fs';
import { join } from 'path';
import { readManifestText } from '../../src/collect/manifests';
import { settingsIn } from '../../src/collect/settings';
import { Mesh } from '../../src/mesh/mesh';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';
import { outcomeChange } from '../../src/posture/change';
import { postureDiff } from '../../src/posture/posture-diff';
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
