import { Manifests } from '../collect/manifests';
import { problemText } from '../collect/problem';
import { settingsIn, statementsIn } from '../collect/settings';
import { settingProblem } from '../collect/stated-settings';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshSettings, resolveSettings } from '../mesh/settings';

/**
 * The mesh that manifests describe, with the facts that they do not state.
 *
 * Throws for what cannot be read: a test that went on without a part of its
 * manifests could pass for the wrong reason.
 */
export function meshOfManifests(
  { objects, problems }: Manifests, settings: MeshSettings,
): { readonly mesh: Mesh; readonly sources: SettingsSources } {
  if (problems.length > 0) {
    throw new Error(problems.map(problemText).join('\n'));
  }
  for (const [name, value] of Object.entries(settings)) {
    const problem = value === undefined ? undefined : settingProblem(name, value);
    if (problem !== undefined) throw new Error(problem);
  }
  const sources: SettingsSources = { given: settings, found: statementsIn(objects) };
  return { mesh: new Mesh(objects, resolveSettings({ ...settings, ...settingsIn(objects, sources.found) })), sources };
}
