/**
 * Compares our acceptance of objects with Istio's, case by case.
 *
 * A case is one line of accept.jsonl.gz: `{ "id", "object", "accepted", "crd", "webhook", "warnings", "unknownFields" }`.
 */

import { Acceptance, acceptance } from '../../src/schema';

/** One object and what Istio says about it. */
export interface AcceptCase {
  readonly id: string;
  readonly object: unknown;
  readonly accepted: boolean;
  readonly crd: readonly string[];
  readonly webhook: readonly string[];
  readonly unknownFields: readonly string[];
}

/** How our answer differs from Istio's, or undefined when it does not. */
export interface Difference {
  readonly id: string;
  readonly istio: string;
  readonly ours: string;
}

/** A parsed line as a case, or undefined when it is none. */
export function toCase(value: unknown): AcceptCase | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, object, accepted, crd, webhook, unknownFields } = value as Record<string, unknown>;
  if (typeof object !== 'object' || object === null || typeof accepted !== 'boolean') return undefined;
  return { id: String(id ?? ''), object, accepted, crd: texts(crd), webhook: texts(webhook), unknownFields: texts(unknownFields) };
}

/** Istio's answer and ours must agree on acceptance and on the set of unknown fields. */
export function compare(expected: AcceptCase): Difference | undefined {
  const ours = acceptance(expected.object);
  const fields = ours === undefined ? [] : cutAtSpaces(ours.unknownFields);
  const same = ours !== undefined && ours.accepted === expected.accepted && sameSet(fields, expected.unknownFields);
  if (same) return undefined;
  return {
    id: expected.id,
    istio: describe(expected.accepted, [...expected.crd, ...expected.webhook], expected.unknownFields),
    ours: ours === undefined ? 'not one of our kinds' : describe(ours.accepted, reasons(ours), fields),
  };
}

/** Both halves must agree too: whether the CRD has something to say, and whether the webhook has. */
export function sameHalves(expected: AcceptCase): boolean {
  const ours = acceptance(expected.object)?.rejections ?? [];
  return ours.some(({ source }) => source === 'crd') === expected.crd.length > 0
    && ours.some(({ source }) => source === 'webhook') === expected.webhook.length > 0;
}

/** The data's paths were read out of a message in which spaces separate them, so a path with a space became two. */
function cutAtSpaces(fields: readonly string[]): string[] {
  return fields.flatMap(field => field.split(' ')).filter(part => part !== '');
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a);
  const right = new Set(b);
  return left.size === right.size && [...left].every(item => right.has(item));
}

function reasons({ rejections }: Acceptance): string[] {
  return rejections.map(({ source, field, message }) => `${source} ${field}: ${message}`);
}

function describe(accepted: boolean, because: readonly string[], unknownFields: readonly string[]): string {
  const parts = [accepted ? 'accepted' : 'refused'];
  if (because.length > 0) parts.push(because.join('; '));
  if (unknownFields.length > 0) parts.push(`unknown fields: ${[...unknownFields].sort().join(', ')}`);
  return parts.join(' | ');
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
