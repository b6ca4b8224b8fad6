import { besideInput } from '../collect/body';
import { readManifests } from '../collect/manifests';
import { Problem } from '../collect/problem';
import { settingsIn, statementsIn } from '../collect/settings';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshSettings, resolveSettings } from '../mesh/settings';
import { notJudged } from '../report/not-judged';
import { RULES } from '../rules';
import { Finding } from '../rules/finding';
import { runRules } from '../rules/run';

export { didYouMean } from '../collect/nearest';
export { settingProblem } from '../collect/stated-settings';
export { clean } from '../report/text';

/*
 * What is needed to judge manifests that were written already. It brings the YAML
 * parser along, which an app that judges itself does without.
 */

/** What manifests are judged with. */
export interface ManifestsGiven {
  readonly settings: MeshSettings;
  /** Files and folders with objects that count as present. */
  readonly context: readonly string[];
  readonly today: string;
}

/** What came of it. */
export interface ManifestsJudged {
  readonly findings: readonly Finding[];
  /** What could not be read. */
  readonly unread: readonly Problem[];
  readonly objects: number;
  readonly rules: number;
  readonly notJudged: readonly string[];
}

/** Judges files as `check` does. */
export function judgeManifests(files: readonly string[], { settings, context, today }: ManifestsGiven): ManifestsJudged {
  const own = readManifests(files);
  const present = readManifests(context, { judged: false });
  const objects = [...own.objects, ...besideInput(present.objects, own.objects)];
  const sources: SettingsSources = { given: settings, found: statementsIn(objects) };
  const mesh = new Mesh(objects, resolveSettings({ ...settings, ...settingsIn(objects, sources.found) }));
  return {
    findings: runRules(mesh, RULES, { today, sources }),
    unread: [...own.problems, ...present.problems],
    objects: own.objects.length,
    rules: RULES.length,
    notJudged: notJudged(mesh),
  };
}

/** The codes of all rules. */
export function codes(): string[] {
  return RULES.map(({ code }) => code);
}
