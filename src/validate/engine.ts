import { AppState, Staged } from './app-state';
import type * as Stages from './stages';
import { CollectedApp, collectApp } from '../collect/app';
import { besideInput, contextObjects } from '../collect/body';
import { settingsIn, statementsIn } from '../collect/settings';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshObject } from '../mesh/object';
import { MeshSettings, resolveSettings } from '../mesh/settings';
import { RULES } from '../rules';
import { Acknowledgement } from '../rules/acknowledgement';
import { Finding } from '../rules/finding';
import { HousePolicy } from '../rules/house-policy';
import { MODEL } from '../rules/rule';
import { examine, provesPlain, runRules } from '../rules/run';

export { findingText } from '../report/text';

/*
 * Everything that is needed to judge an app, behind one door: it is loaded at the
 * first validation, so that importing the library does not pay for rules and schemas.
 */

/** The kinds whose content some rule reads; only these are compared between two validations. */
const READ_KINDS = new Set<string>(RULES.flatMap(rule => rule.reads.includes(MODEL) ? [...rule.reads, ...Object.values(Kinds)] : rule.reads));

/** What is known of an app after it was judged. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** What would break in the next stage of what is written in stages. It is worked out when it is first asked for. */
  readonly ahead: () => readonly Finding[];
  /** The codes of the rules about what a construct's stage breaks. */
  readonly brokenBy: (staged: Staged) => readonly string[];
  /** What the app held; undefined where that cannot be compared. */
  readonly trace: CollectedApp['trace'];
  /** What findings depend on beside the app. */
  readonly circumstances: string | undefined;
}

export interface Circumstances {
  readonly today?: string;
  readonly house: HousePolicy;
  readonly acknowledgements: readonly Acknowledgement[];
}

/** The codes of all rules. */
export function codes(): string[] {
  return RULES.map(rule => rule.code);
}

/**
 * Judges an app, or returns the `last` judgement when nothing has changed on
 * which it depends.
 *
 * @param isTraced whether the judgement is to be compared later. A trace costs as
 * much as a third of the judgement, and a synth keeps its answer without one.
 */
export function judge(state: AppState, given: Circumstances, isTraced: boolean, last?: Judgement): Judgement {
  const { objects, trace } = collectApp(state.root, { isRead: key => READ_KINDS.has(key), note: examine, provesPlain, isTraced });
  const circumstances = textOf([state.currentFacts(), given, state.context]);
  if (last?.trace && trace?.equals(last.trace) && circumstances !== undefined && circumstances === last.circumstances) {
    return last;
  }
  const { mesh, findings } = findIn(state, objects, given);
  if (state.stages.length === 0) {
    return { findings, ahead: () => [], brokenBy: () => [], trace, circumstances };
  }
  let later: readonly Finding[] | undefined;
  const ahead = () => later ??= state.stages.flatMap(staged => stages().ahead(mesh, staged, findings, given));
  const brokenBy = (staged: Staged) => stages().broken(mesh, staged).map(({ code }) => code);
  return { findings, ahead, brokenBy, trace, circumstances };
}

/** An app as it is now: its mesh, with the findings. */
export interface Survey {
  readonly mesh: Mesh;
  readonly sources: SettingsSources;
  readonly findings: readonly Finding[];
}

/** Looks at an app as the validation does, for those who want more than its findings. */
export function survey(state: AppState, given: Circumstances): Survey {
  return findIn(state, collectApp(state.root, { isRead: key => READ_KINDS.has(key), note: examine, provesPlain }).objects, given);
}

function findIn(state: AppState, objects: readonly MeshObject[], given: Circumstances): Survey {
  const { mesh, sources } = meshOfApp(state, objects);
  const findings = runRules(mesh, RULES, { ...given, sources });
  if (state.stages.length === 0 || state.context.length === 0) return { mesh, sources, findings };
  return { mesh, sources, findings: [...state.stages.flatMap(staged => stages().brokenBeside(mesh, staged, given.acknowledgements)), ...findings] };
}

/** The mesh that an app describes, with what counts as present beside it. */
export function meshOfApp(state: AppState, objects: readonly MeshObject[]): { readonly mesh: Mesh; readonly sources: SettingsSources } {
  const all = [...objects, ...besideInput(contextObjects(state.context), objects)];
  const sources: SettingsSources = { given: withoutGaps(state.stated), found: statementsIn(all) };
  // What was stated counts, then what the objects say: constructs went by the former when they wrote their objects.
  return { mesh: new Mesh(all, resolveSettings({ ...settingsIn(all, sources.found), ...sources.given })), sources };
}

/** Loaded for the apps that write something in stages. */
function stages(): typeof Stages {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./stages');
}

/** A prop that was left out is there as undefined, and must not hide what objects say. */
function withoutGaps(settings: MeshSettings): MeshSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function textOf(content: unknown): string | undefined {
  try {
    return JSON.stringify(content);
  } catch {
    return undefined; // A cycle in what the user gave as context.
  }
}
