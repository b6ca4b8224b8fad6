import { clean } from './text';
import { pathText } from '../mesh/json';
import { Change, CHANGES } from '../posture/change';
import { CallChange, Cause, Entry, ExceptionReason, ModeChange } from '../posture/entry';

/** A comparison of two sets of manifests. */
export interface DiffReport {
  readonly before: string;
  readonly after: string;
  readonly entries: readonly Entry[];
  /** What was read, for the last line. */
  readonly objects: readonly [before: number, after: number];
  /** What could not be judged, and why; a sentence each. */
  readonly notJudged: readonly string[];
}

/** What each kind of change means, for a reader who sees the word for the first time. */
export const MEANING: { readonly [change in Change]: string } = {
  broken: 'calls that worked and fail now',
  weakened: 'plaintext where mutual TLS was, or less of it',
  unclear: 'one side hangs on what the input does not show',
  new: 'workloads and calls that were not there',
  gone: 'workloads and calls that are no more',
  repaired: 'calls that failed and work now',
  strengthened: 'mutual TLS where plaintext was, or more of it',
};

/** The entries of each kind of change that there is. */
export function groupsOf(entries: readonly Entry[]): [Change, Entry[]][] {
  return CHANGES.map((change): [Change, Entry[]] => [change, entries.filter(entry => entry.change === change)]).filter(([, list]) => list.length > 0);
}

/** How many entries of each kind: `1 broken, 2 weakened`. */
export function diffCounts(entries: readonly Entry[]): string {
  return groupsOf(entries).map(([change, list]) => `${list.length} ${change}`).join(', ') || 'nothing changed';
}

/** The object that made a change, as `PeerAuthentication shop/default`. */
export function causeTitle({ object }: Cause): string {
  return object?.title ?? 'the settings of the mesh';
}

/** Where to look: file, line and column, or the path of a construct. */
export function causePlace({ object, field }: Cause): { readonly place: string; readonly line?: number; readonly column?: number } | undefined {
  if (object === undefined) return undefined;
  const position = object.origin.locate?.(field.length > 0 ? field : ['metadata', 'name']);
  return { place: object.origin.place, line: position?.line, column: position?.column };
}

/** The same on one line, with the field: `deploy/policy.yaml:7:3, spec.mtls.mode`. */
export function causeWhere(cause: Cause): string {
  const place = causePlace(cause);
  const field = pathText(cause.field);
  const where = place === undefined ? '' : place.line === undefined ? place.place : `${place.place}:${place.line}:${place.column ?? 1}`;
  return [where, field].filter(part => part !== '').join(', ');
}

/** What the deciding field does; of an object that is gone, what it did. */
export function causeText({ action, text }: Cause): string {
  return action === 'removed' && text !== '' ? `no longer: ${text}` : text;
}

export function modeText({ subject, port, from, to }: ModeChange): string {
  const inWords = (mode: string | undefined): string | undefined => mode === 'none' ? 'no proxy' : mode;
  return `${subject}${port === undefined ? '' : ` port ${port}`}: ${step(inWords(from), inWords(to))}`;
}

export function callText({ client, host, port, subset, server, from, to, known }: CallChange): string {
  const behind = server === undefined ? '' : ` (${server})`;
  return `${client} -> ${host}:${port}${subset === '' ? '' : ` subset ${subset}`}${behind}: ${step(from, to)}${known ? ', known to be made' : ''}`;
}

function step(from: string | undefined, to: string | undefined): string {
  return from === undefined ? to! : to === undefined ? `${from} until now` : `${from} -> ${to}`;
}

/** Why an exception is wanted, by whom and for how long. */
export function exceptionText({ reason, owner, expires }: ExceptionReason): string {
  const more = [...owner === undefined ? [] : [`owner ${owner}`], ...expires === undefined ? [] : [`until ${expires}`]].join(', ');
  return `${reason}${more === '' ? '' : ` (${more})`}`;
}

/** What is left out of a list, on one line; undefined where nothing is. */
export function moreText(shown: number, all: number, noun: string, known = 0): string | undefined {
  if (all <= shown) return undefined;
  return `and ${all - shown} more ${noun}${all - shown === 1 ? '' : 's'}${known > 0 ? `; of all ${all}, ${known} ${known === 1 ? 'is' : 'are'} known to be made` : ''}`;
}

/** One line, whatever names hold. */
export function line(text: string): string {
  return clean(text).replace(/\n/g, ' ');
}
