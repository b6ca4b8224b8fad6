/*
 * What kubectl reads from an unquoted text. It reads YAML with sigs.k8s.io/yaml, that is with go-yaml v2 (resolve.go), which is neither
 * YAML 1.1 nor 1.2; test/collect/kubectl-values.jsonl holds its own answers.
 */

/** The words that are no text; numbers that JSON does not know are here too. */
const WORDS = new Map<string, boolean | number | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(word => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, -Infinity] as const),
]);
const LONGEST_WORD = 5;
/** Nearly every number is one of these. */
const SMALL_INTEGER = /^(0|[1-9][0-9]{0,14})$/;

const TEXT = 0;
const WORD = 1;
const NUMBER = 2;
/** What a text may be by its first character; nearly every value is text, and this is how it is known at once. */
const HINTS = new Uint8Array(128);
[...'yYnNtTfFoO~'].forEach(character => { HINTS[character.charCodeAt(0)] = WORD; });
[...'+-.0123456789'].forEach(character => { HINTS[character.charCodeAt(0)] = NUMBER; });

/** The value of a plain scalar; `NaN` and infinite numbers are for the caller to refuse. */
export function plainValue(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0);
  const hint = first < 128 ? HINTS[first] : text === '' ? WORD : TEXT;
  if (hint === TEXT) {
    return text;
  }
  if (hint === NUMBER && SMALL_INTEGER.test(text)) {
    return Number(text);
  }
  const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
  return word !== undefined ? word : hint === NUMBER ? numberOf(text)?.value ?? text : text;
}

/** The key that a plain scalar gives in JSON, or undefined where kubectl refuses it (null, and numbers beyond 63 bits). */
export function plainKey(text: string): string | undefined {
  const value = plainValue(text);
  if (typeof value === 'string') {
    return value;
  }
  if (value === null || typeof value === 'boolean') {
    return value === null ? undefined : String(value);
  }
  const integer = Number.isFinite(value) ? numberOf(text)?.integer : undefined;
  if (integer !== undefined) {
    return integer > MAX_INT64 ? undefined : String(integer);
  }
  return floatKey(value);
}

interface Numeric {
  readonly value: number;
  /** The exact value, where it is an integer for go-yaml. */
  readonly integer?: bigint;
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;
/** Underscores may stand anywhere in these, and are gone before they are matched. */
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** A number that starts with its point takes another way, on which an underscore stands between digits or nowhere. */
const POINT_FLOAT = /^\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?$/;

/** A text as a number, or undefined where go-yaml takes it for text: dates, sexagesimal numbers, overflow. */
function numberOf(text: string): Numeric | undefined {
  if (text[0] === '.') {
    return POINT_FLOAT.test(text) ? float(text.replace(/_/g, '')) : undefined;
  }
  const plain = text.includes('_') ? text.replace(/_/g, '') : text;
  const match = INTEGER.exec(plain);
  if (match) {
    const [, sign, digits] = match;
    const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
    const integer = sign === '-' ? -magnitude : magnitude;
    if (integer >= MIN_INT64 && integer <= (sign === '' ? MAX_UINT64 : MAX_INT64)) {
      return { value: Number(integer), integer };
    }
  }
  return FLOAT.test(plain) ? float(plain) : undefined;
}

function float(text: string): Numeric | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { value } : undefined;
}

/** As Go's `FormatFloat(key, 'g', -1, 32)`: the shortest digits that are the same 32-bit number. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) {
    return '.nan';
  }
  const single = Math.fround(value);
  if (!Number.isFinite(single)) {
    return single > 0 ? '.inf' : '-.inf';
  }
  if (single === 0) {
    return Object.is(single, -0) ? '-0' : '0';
  }
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) {
    precision++;
  }
  const [digits, exponent] = single.toExponential(precision - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) {
    return String(Number(single.toPrecision(precision)));
  }
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
