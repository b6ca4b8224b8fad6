/**
 * How istiod's webhook decodes a spec: JSON into the protobuf message, with the legacy decoder and its habits.
 *
 * Source: istio pkg/util/protomarshal ApplyJSON, github.com/golang/protobuf v1.5.4 jsonpb/decode.go. Unknown fields are
 * ignored, names of the protobuf files are read as well, an enum may be a number, a number may be a string, a null is
 * the zero value in lists and maps and nothing elsewhere. The first error ends it.
 */

import { badDuration, parseDuration } from './durations';
import { Shape, Wire } from './notation';
import { Report, quoted, shown } from './report';
import { isPlainObject } from './structural';

/** What decode() answers when the webhook cannot decode the value; the reason is in the report. */
export const FAILED = Symbol('not decodable');

/**
 * The value as istiod sees it, in the words of the CRD: enums by name where the number has one, numbers as numbers,
 * fields by their JSON name. Durations stay text. Maps and objects have no prototype.
 */
export function decode(shape: Shape, value: unknown, report: Report): unknown {
  switch (shape.kind) {
    case 'object':
      return decodeObject(shape, value, report);
    case 'map':
      return decodeMap(shape, value, report);
    case 'array':
      return decodeArray(shape, value, report);
    case 'string':
      if (value === null) return '';
      return typeof value === 'string' ? value : fail(report, cannotUnmarshal(value, 'string'));
    case 'boolean':
      if (value === null) return false;
      return typeof value === 'boolean' ? value : fail(report, cannotUnmarshal(value, 'bool'));
    case 'enum':
      return decodeEnum(shape, value, report);
    case 'duration':
      if (typeof value !== 'string') return fail(report, cannotUnmarshal(value, 'string'));
      return parseDuration(value) === undefined ? fail(report, badDuration(value)) : value;
    default:
      return decodeNumber(shape.wire, value, report);
  }
}

function fail(report: Report, reason: string): typeof FAILED {
  report.webhook(reason);
  return FAILED;
}

/** The words of Go's encoding/json for a value of the wrong type. */
function cannotUnmarshal(value: unknown, target: string): string {
  return `json: cannot unmarshal ${goType(value)} into Go value of type ${target}`;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'boolean': return 'bool';
    case 'number': return 'number';
    case 'string': return 'string';
    default: return 'object';
  }
}

function decodeObject(shape: Shape, value: unknown, report: Report): unknown {
  const result = Object.create(null) as Record<string, unknown>;
  if (value === null) return result;
  if (!isPlainObject(value)) return fail(report, cannotUnmarshal(value, 'map[string]json.RawMessage'));
  for (const [name, field] of shape.fields) {
    const protoName = shape.protoNames.get(name)!;
    const key = Object.hasOwn(value, name) ? name : protoName;
    if (!Object.hasOwn(value, key) || value[key] === null || value[key] === undefined) continue;
    report.down(key);
    const decoded = decode(field, value[key], report);
    report.up();
    if (decoded === FAILED) return FAILED;
    for (const group of shape.exclusive) {
      // The members of a protobuf oneof overwrite each other: the last one stays.
      if (group.includes(name)) for (const other of group) delete result[other];
    }
    result[name] = decoded;
  }
  return result;
}

function decodeArray(shape: Shape, value: unknown, report: Report): unknown {
  if (!Array.isArray(value)) return fail(report, cannotUnmarshal(value, '[]json.RawMessage'));
  const result: unknown[] = [];
  for (let i = 0; i < value.length; i++) {
    report.down(i);
    const decoded = decode(shape.items!, value[i], report);
    report.up();
    if (decoded === FAILED) return FAILED;
    result.push(decoded);
  }
  return result;
}

function decodeMap(shape: Shape, value: unknown, report: Report): unknown {
  if (!isPlainObject(value)) return fail(report, cannotUnmarshal(value, 'map[string]json.RawMessage'));
  const result = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    report.down(key);
    const number = shape.numericKeys ? numberIn(withoutQuotes(key), 'uint32') : 0;
    const decoded = typeof number === 'string' ? fail(report, number) : decode(shape.items!, value[key], report);
    report.up();
    if (decoded === FAILED) return FAILED;
    result[shape.numericKeys ? String(number) : key] = decoded;
  }
  return result;
}

function decodeEnum(shape: Shape, value: unknown, report: Report): unknown {
  if (typeof value === 'string') {
    if (shape.words.has(value)) return value;
    return fail(report, `unknown value ${quoted(JSON.stringify(shown(value)))} for enum ${shape.typeName}`);
  }
  const number = value === null ? 0 : value;
  if (typeof number !== 'number') return fail(report, cannotUnmarshal(value, 'protoreflect.EnumNumber'));
  if (!Number.isInteger(number) || Math.abs(number) > 2147483648 || number === 2147483648) {
    return fail(report, `json: cannot unmarshal number ${number} into Go value of type protoreflect.EnumNumber`);
  }
  for (const [name, known] of shape.words) {
    if (known === number) return name;
  }
  return number;
}

/** The decoder strips quotes, without looking inside, and reads what is left as JSON. */
function withoutQuotes(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function decodeNumber(wire: Wire, value: unknown, report: Report): unknown {
  const target = wire === 'double' ? 'float64' : wire;
  let result: number | string;
  if (value === null) {
    result = 0;
  } else if (typeof value === 'number' && Number.isFinite(value)) {
    result = numberIn(String(value), wire);
  } else if (typeof value !== 'string') {
    result = cannotUnmarshal(value, target);
  } else if (wire === 'double' && (value === 'NaN' || value === 'Infinity' || value === '-Infinity')) {
    result = Number(value);
  } else {
    // Strings are read between their quotes but with their escapes, which no number has.
    result = numberIn(JSON.stringify(value).slice(1, -1), wire);
  }
  return typeof result === 'string' ? fail(report, result) : result;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;

/** The number in a JSON text, or the words of Go's encoding/json for why there is none. */
function numberIn(json: string, wire: Wire): number | string {
  const target = wire === 'double' ? 'float64' : wire;
  const trimmed = json.replace(/^[ \t\r\n]+/, '').replace(/(?<![ \t\r\n])[ \t\r\n]+$/, '');
  if (trimmed === '') return 'unexpected end of JSON input';
  if (trimmed === 'null') return 0;
  if (trimmed === 'true' || trimmed === 'false') return `json: cannot unmarshal bool into Go value of type ${target}`;
  const digits = NUMBER.exec(trimmed)?.[0];
  if (digits === undefined) return `invalid character '${trimmed.slice(0, 1)}' looking for beginning of value`;
  if (digits.length < trimmed.length) return `invalid character '${trimmed.slice(digits.length, digits.length + 1)}' after top-level value`;
  const number = Number(digits);
  if (!inRange(digits, number, wire)) return `json: cannot unmarshal number ${shown(digits)} into Go value of type ${target}`;
  return number;
}

/** Go wants integers written as integers: no fraction, no exponent, and no `-0` for the unsigned. */
function inRange(digits: string, number: number, wire: Wire): boolean {
  if (wire === 'double') return Number.isFinite(number);
  if (!/^-?\d+$/.test(digits) || digits.length > 20) return false;
  switch (wire) {
    case 'int32': return number >= -2147483648 && number <= 2147483647;
    case 'uint32': return !digits.startsWith('-') && number <= 4294967295;
    default: return !digits.startsWith('-') && BigInt(digits) < 2n ** 64n;
  }
}
