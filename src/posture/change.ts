import { Outcome } from '../mesh/server/outcome';
import { ServerMode } from '../mesh/server/server-mode';

/**
 * What a change does to the security of a mesh. `unclear`: one side hangs on what
 * the input does not show, so that nobody can say which way it goes.
 */
export type Change = 'broken' | 'weakened' | 'strengthened' | 'repaired' | 'new' | 'gone' | 'unclear';

/** All of them, what a reviewer has to see first. */
export const CHANGES: readonly Change[] = ['broken', 'weakened', 'unclear', 'new', 'gone', 'repaired', 'strengthened'];

/** The changes that a comparison with the sides exchanged finds instead. */
export const MIRRORED: { readonly [change in Change]: Change } = {
  broken: 'repaired', repaired: 'broken', weakened: 'strengthened', strengthened: 'weakened', new: 'gone', gone: 'new', unclear: 'unclear',
};

/** How much of mutual TLS is on a call that works. TLS that the application ends hides the bytes, and proves nothing of the client. */
const WORTH: { readonly [outcome in Exclude<Outcome, 'fail' | 'depends'>]: number } = { 'plaintext': 0, 'tls-to-app': 1, 'mtls': 2, 'hbone': 2 };

/** What it means that a call ends otherwise; undefined where nothing is different. A side without an outcome has no such call. */
export function outcomeChange(from: Outcome | undefined, to: Outcome | undefined): Change | undefined {
  if (from === to) return undefined;
  if (from === undefined) return 'new';
  if (to === undefined) return 'gone';
  if (from === 'depends' || to === 'depends') return 'unclear';
  if (to === 'fail') return 'broken';
  if (from === 'fail') return 'repaired';
  return byWorth(WORTH[from], WORTH[to]);
}

/** The outcome to judge by where several endpoints are one to their callers: a call that may fail does. */
export function worst(one: Outcome, other: Outcome): Outcome {
  const badness = (outcome: Outcome): number => outcome === 'fail' ? -2 : outcome === 'depends' ? -1 : WORTH[outcome];
  return badness(other) < badness(one) ? other : one;
}

/** What is accepted without a proxy is what a proxy with DISABLE accepts. */
const STRENGTH: { readonly [mode in Exclude<ServerMode, 'unknown'>]: number } = { STRICT: 2, PERMISSIVE: 1, DISABLE: 0, none: 0 };

/** What it means that a workload port accepts something else; undefined where that is no difference. */
export function modeChange(from: ServerMode | undefined, to: ServerMode | undefined): Change | undefined {
  if (from === to) return undefined;
  if (from === undefined) return 'new';
  if (to === undefined) return 'gone';
  return from === 'unknown' || to === 'unknown' ? 'unclear' : byWorth(STRENGTH[from], STRENGTH[to]);
}

function byWorth(from: number, to: number): Change | undefined {
  return to < from ? 'weakened' : to > from ? 'strengthened' : undefined;
}
