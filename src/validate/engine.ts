import { AppState } from './app-state';
import { CollectedApp, collectApp } from '../collect/app';
import { besideInput, contextObjects } from '../collect/body';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
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
  const mesh = new Mesh([...objects, ...besideInput(contextObjects(state.context), objects)], state.currentFacts());
  return { findings: runRules(mesh, RULES, given), trace, circumstances };
}

function textOf(content: unknown): string | undefined {
  try {
    return JSON.stringify(content);
  } catch {
    return undefined; // A cycle in what the user gave as context.
  }
}
