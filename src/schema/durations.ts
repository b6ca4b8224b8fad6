/**
 * Durations as Go reads them (time.ParseDuration), which both the CRD's CEL rules and the webhook use.
 */

import { Report, Step, quoted } from './report';

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const MILLISECOND = 1_000_000n;
const LIMIT = 2n ** 63n;

/** What nearly every duration looks like: one whole positive number (small enough for int64 nanoseconds) and a unit. */
const USUAL = /^[1-9]\d{0,5}(?:ms|s|m|h)$/;

/** One number and unit of a longer duration. Sticky: the caller walks through the text without copying it. */
const PART = /(\d*)(?:\.(\d*))?([^.\d]+)/y;

/** More digits than this, zeros in front apart, overflow int64. */
const MOST_DIGITS = 19;

/** True for a usual duration of at least one millisecond, in whole milliseconds. A cheap answer for the healthy path. */
export function isUsualDuration(value: string): boolean {
  return USUAL.test(value);
}

/** The duration in nanoseconds, or undefined when Go refuses the text. */
export function parseDuration(value: string): bigint | undefined {
  const negative = value.startsWith('-');
  const start = negative || value.startsWith('+') ? 1 : 0;
  if (value.length === start) return undefined;
  if (value.length === start + 1 && value[start] === '0') return 0n;
  let total = 0n;
  PART.lastIndex = start;
  while (PART.lastIndex < value.length) {
    const part = PART.exec(value);
    if (part === null) {
      PART.lastIndex = 0;
      return undefined;
    }
    const nanoseconds = partOf(part[1], part[2] ?? '', part[3]);
    if (nanoseconds === undefined) return undefined;
    total += nanoseconds;
    if (total > LIMIT) return undefined;
  }
  if (negative) return -total;
  return total === LIMIT ? undefined : total;
}

/** Go adds the fraction in floating point and ignores digits that overflow int64: so does this. */
function partOf(whole: string, fraction: string, unitName: string): bigint | undefined {
  const unit = UNITS.get(unitName);
  if (unit === undefined || (whole === '' && fraction === '')) return undefined;
  const significant = whole.replace(/^0+/, '');
  if (significant.length > MOST_DIGITS) return undefined;
  const count = BigInt(significant);
  if (count > LIMIT / unit) return undefined;
  let digits = 0n;
  let scale = 1;
  for (const digit of fraction) {
    if (digits > (LIMIT - 1n) / 10n) break;
    const next = digits * 10n + BigInt(digit);
    if (next > LIMIT) break;
    digits = next;
    scale *= 10;
  }
  const added = digits === 0n ? 0n : BigInt(Math.trunc(Number(digits) * (Number(unit) / scale)));
  const sum = count * unit + added;
  return sum > LIMIT ? undefined : sum;
}

/** CEL: `duration(self) >= duration('1ms')`. */
export const AT_LEAST_ONE_MILLISECOND = {
  message: 'must be a valid duration greater than 1ms',
  test: (value: string): boolean | string => {
    if (isUsualDuration(value)) return true;
    const nanoseconds = parseDuration(value);
    if (nanoseconds === undefined) return 'type conversion error from \'string\' to \'google.protobuf.Duration\'';
    return nanoseconds >= MILLISECOND;
  },
};

/** istiod: pkg/config/validation/agent/validation.go ValidateDuration. The text was decoded before, so it parses. */
export function checkDuration(value: string, report: Report, step: Step): void {
  if (isUsualDuration(value)) return;
  const nanoseconds = parseDuration(value) ?? 0n;
  if (nanoseconds < MILLISECOND) {
    report.webhook('duration must be greater than 1ms', step, 'a duration of at least 1ms, such as 500ms, 10s or 1h');
  } else if (nanoseconds % MILLISECOND !== 0n) {
    report.webhook('only durations to ms precision are supported', step, 'whole milliseconds');
  }
}

/** True for a duration that Go truncates to zero milliseconds, with which istiod lets a timeout be switched off. */
export function isZeroMilliseconds(value: string): boolean {
  return !isUsualDuration(value) && (parseDuration(value) ?? 0n) / MILLISECOND === 0n;
}

/** The webhook's words for a text that is no duration. */
export function badDuration(value: string): string {
  const text = quoted(value);
  const [, unit] = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)([^.\d]*)/.exec(value) ?? [];
  if (unit === '') return `bad Duration: time: missing unit in duration ${text}`;
  if (unit !== undefined && !UNITS.has(unit)) return `bad Duration: time: unknown unit ${quoted(unit)} in duration ${text}`;
  return `bad Duration: time: invalid duration ${text}`;
}
