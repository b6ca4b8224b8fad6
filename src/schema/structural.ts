/**
 * The API server's part: structural schema, pruning of unknown fields, CEL rules.
 *
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema (pruning, defaulting, listtype, cel) and
 * k8s.io/kube-openapi pkg/validation/validate, over the CRDs in Istio's manifests/charts/base/files/crd-all.gen.yaml.
 */

import { isUsualDuration } from './durations';
import { codePointsExceed } from './hosts';
import { Shape } from './notation';
import { Report, Step, shown } from './report';

/** No request to the API server may be larger than 3 MiB, so no list that reaches it is longer than this. */
const MOST_ITEMS = 1_572_864;

/** Stands for a list that is too long to be looked at. */
const OVERSIZE = Symbol('a list that no request can carry');

/** An object of JSON: no list, no class instance. Prototypes are compared so that objects of another realm count. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null
    || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty'));
}

/** An integer that JSON readers in Go take as int64. */
function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

/**
 * True when nothing at all is odd: the CRD accepts the value, there is no unknown field, null or undefined, and the
 * webhook decodes the value to itself. False when something is: then the other functions find out what.
 */
export function isSound(shape: Shape, value: unknown): boolean {
  if (shape.usual !== undefined && shape.usual(value)) return true;
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string' || codePointsExceed(value, shape.maxLength)) return false;
      break;
    case 'enum':
      return typeof value === 'string' && shape.words.has(value);
    case 'boolean':
      return typeof value === 'boolean' || (value === null && shape.nullable);
    case 'integer':
      if (!isInteger(value) || value < shape.minimum || value > shape.maximum) return value === null && shape.nullable;
      break;
    case 'number':
      if (typeof value !== 'number' || !(value >= shape.minimum && value <= shape.maximum)) return value === null && shape.nullable;
      break;
    case 'duration':
      return typeof value === 'string' && isUsualDuration(value);
    case 'object':
      if (!isSoundObject(shape, value)) return false;
      break;
    case 'map':
      if (!isSoundMap(shape, value)) return false;
      break;
    case 'array':
      if (!isSoundArray(shape, value)) return false;
      break;
    default:
      return false;
  }
  for (const rule of shape.rules) {
    if (rule.test(value) !== true) return false;
  }
  return true;
}

function isSoundObject(shape: Shape, value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  // `for in` makes no list of the keys; what another prototype than ours might add is no field.
  for (const key in value) {
    const field = shape.fields.get(key);
    if (field === undefined || !isSound(field, value[key])) return false;
  }
  for (const key of shape.required) {
    if (!Object.hasOwn(value, key)) return false;
  }
  for (const group of shape.exclusive) {
    if (countOf(group, value) > 1) return false;
  }
  return true;
}

/** A numeric key is sound when it is written as the webhook would write it; 0 is left to the CRD's rule. */
const PLAIN_NUMBER = /^[1-9]\d{0,8}$/;

function isSoundMap(shape: Shape, value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  let count = 0;
  for (const key in value) {
    if (shape.numericKeys && !PLAIN_NUMBER.test(key)) return false;
    if (!isSound(shape.items!, value[key])) return false;
    count++;
  }
  return count >= shape.minCount && count <= shape.maxCount;
}

function isSoundArray(shape: Shape, value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MOST_ITEMS || value.length < shape.minCount || value.length > shape.maxCount) return false;
  for (let i = 0; i < value.length; i++) {
    if (!isSound(shape.items!, value[i])) return false;
  }
  return shape.listKey === undefined || value.length < 2 || duplicates(shape.listKey, value).length === 0;
}

function countOf(keys: readonly string[], value: Record<string, unknown>): number {
  let count = 0;
  for (const key of keys) {
    if (Object.hasOwn(value, key)) count++;
  }
  return count;
}

/** The items whose key was there before; of three equal ones the API server names only the second. */
function duplicates(key: string, items: readonly any[]): readonly number[] {
  const seen = new Map<unknown, number>();
  const found: number[] = [];
  for (let i = 0; i < items.length; i++) {
    const times = seen.get(items[i][key]) ?? 0;
    if (times === 1) found.push(i);
    seen.set(items[i][key], times + 1);
  }
  return found;
}

/** A field of which the schema knows nothing. */
export interface Unknown {
  readonly path: readonly Step[];
}

/**
 * The value as the API server keeps it: undefined is absent (as in JSON), and so is null where the schema does not
 * allow it (apiextensions-apiserver: PruneNonNullableNullsWithoutDefaults). Unknown fields go into `unknown`, and out
 * of the value when `prune` says so. Nothing below an unknown field is looked at, so neither depth nor cycles matter.
 */
export function tidied(shape: Shape, value: unknown, prune: boolean, unknown: Unknown[], path: Step[] = []): unknown {
  if (shape.kind === 'array' && Array.isArray(value)) {
    if (value.length > MOST_ITEMS) return OVERSIZE;
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      items.push(value[i] === undefined ? null : tidied(shape.items!, value[i], prune, unknown, path));
      path.pop();
    }
    return items;
  }
  if ((shape.kind !== 'object' && shape.kind !== 'map') || !isPlainObject(value)) return value;
  const result = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    const entry = value[key];
    if (entry === undefined) continue;
    const field = shape.kind === 'map' ? shape.items : shape.fields.get(key);
    if (field === undefined) {
      if (!shape.preserve) unknown.push({ path: [...path, key] });
      if (!prune) result[key] = entry;
    } else if (entry !== null || field.nullable) {
      path.push(key);
      result[key] = tidied(field, entry, prune, unknown, path);
      path.pop();
    }
  }
  return result;
}

/** JSON's name of what the value is. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isPlainObject(value)) return 'object';
  if (isInteger(value)) return 'integer';
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : 'no JSON value';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : 'no JSON value';
}

/** The JSON type that each kind wants. */
const TYPES: Readonly<Record<Shape['kind'], string>> = {
  string: 'string',
  enum: 'string',
  duration: 'string',
  time: 'string',
  boolean: 'boolean',
  integer: 'integer',
  number: 'number',
  object: 'object',
  map: 'object',
  array: 'array',
  intOrString: 'integer,string',
};

/** Reports what the structural schema has against a tidied value: types, enums, limits, required fields, duplicates. */
export function checkStructure(shape: Shape, value: unknown, report: Report): void {
  if (report.full || (value === null && shape.nullable)) return;
  const wanted = TYPES[shape.kind];
  if (value === OVERSIZE) {
    report.crd(`Request entity too large: a list may not have more than ${MOST_ITEMS} items`);
    return;
  }
  const type = typeOf(value);
  const fits = type === wanted || (type === 'integer' && wanted === 'number') || (shape.kind === 'intOrString' && wanted.includes(type));
  if (!fits && !(shape.kind === 'time' && type === 'array')) {
    report.crd(`must be of type ${wanted}: "${type}"`, undefined, shape.kind === 'enum' ? namesOf(shape) : wanted);
  }
  if (shape.kind === 'enum' && !(typeof value === 'string' && shape.words.has(value))) {
    report.crd('Unsupported value', undefined, namesOf(shape));
  }
  if (!fits) return;
  switch (shape.kind) {
    case 'string':
      if (codePointsExceed(value as string, shape.maxLength)) {
        report.crd(`Too long: may not be more than ${shape.maxLength} bytes`, undefined, `at most ${shape.maxLength} characters`);
      }
      break;
    case 'time':
      if (!isDateTime(value as string)) report.crd('must be of type date-time', undefined, 'a time such as 2026-01-31T12:00:00Z');
      break;
    case 'integer':
    case 'number':
      checkRange(shape, value as number, report);
      break;
    case 'object':
      checkObject(shape, value as Record<string, unknown>, report);
      break;
    case 'map':
      checkMap(shape, value as Record<string, unknown>, report);
      break;
    case 'array':
      checkArray(shape, value as readonly unknown[], report);
      break;
    default:
  }
}

/** The values of an enum, for people. */
function namesOf(shape: Shape): string {
  return [...shape.words.keys()].join(', ');
}

function checkRange(shape: Shape, value: number, report: Report): void {
  if (value >= shape.minimum && value <= shape.maximum) return;
  const allowed = shape.maximum === Infinity ? `at least ${shape.minimum}` : `${shape.minimum} to ${shape.maximum}`;
  if (shape.wire === 'int32') report.crd('Checked value must be of type integer with format int32', undefined, allowed);
  else if (value < shape.minimum) report.crd(`should be greater than or equal to ${shape.minimum}`, undefined, allowed);
  else report.crd(`should be less than or equal to ${shape.maximum}`, undefined, allowed);
}

function checkObject(shape: Shape, value: Record<string, unknown>, report: Report): void {
  for (const key of Object.keys(value)) {
    const field = shape.fields.get(key);
    if (field === undefined) continue;
    report.down(key);
    checkStructure(field, value[key], report);
    report.up();
  }
  for (const key of shape.required) {
    if (!Object.hasOwn(value, key)) report.crd('Required value', key);
  }
  for (const group of shape.exclusive) {
    const count = countOf(group, value);
    if (count > 1) report.crd(`must validate one and only one schema (oneOf). Found ${count} valid alternatives`, undefined, `one of ${group.join(', ')}`);
  }
}

function checkMap(shape: Shape, value: Record<string, unknown>, report: Report): void {
  const keys = Object.keys(value);
  if (keys.length < shape.minCount) report.crd(`should have at least ${shape.minCount} properties`);
  if (keys.length > shape.maxCount) report.crd(`Too many: ${keys.length}: must have at most ${shape.maxCount} items`);
  for (const key of keys) {
    report.down(key);
    checkStructure(shape.items!, value[key], report);
    report.up();
  }
}

function checkArray(shape: Shape, value: readonly unknown[], report: Report): void {
  const before = report.rejections.length;
  if (value.length < shape.minCount) report.crd(`should have at least ${shape.minCount} items`);
  if (value.length > shape.maxCount) report.crd(`Too many: ${value.length}: must have at most ${shape.maxCount} items`);
  for (let i = 0; i < value.length && !report.full; i++) {
    report.down(i);
    checkStructure(shape.items!, value[i], report);
    report.up();
  }
  if (shape.listKey === undefined || report.rejections.length > before) return;
  for (const index of duplicates(shape.listKey, value)) {
    const key = (value[index] as Record<string, unknown>)[shape.listKey];
    report.crd(`Duplicate value: ${shown(JSON.stringify({ [shape.listKey]: key }))}`, index);
  }
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:.\d+)?(?:z|[+-]\d\d:\d\d)$/;

/** kube-openapi: strfmt.IsDateTime. Letters may be small, and what follows another `t` is not looked at. */
function isDateTime(value: string): boolean {
  const [day, clock = ''] = value.toLowerCase().split('t', 2);
  const date = DATE.exec(day);
  const time = TIME.exec(clock);
  if (date === null || time === null) return false;
  const parsed = new Date(0);
  parsed.setUTCFullYear(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  return parsed.getUTCMonth() === Number(date[2]) - 1 && parsed.getUTCDate() === Number(date[3])
    && time[1] <= '23' && time[2] <= '59' && time[3] <= '59';
}

/** Reports the CEL rules that do not hold. The value is tidied and structurally right, unknown fields apart. */
export function checkRules(shape: Shape, value: unknown, report: Report): void {
  if (report.full || value === null) return;
  for (const rule of shape.rules) {
    const result = rule.test(value);
    if (result !== true) report.crd(result === false ? rule.message : `${result} evaluating rule: ${rule.message}`);
  }
  if (shape.kind === 'array') {
    const items = value as readonly unknown[];
    for (let i = 0; i < items.length; i++) {
      report.down(i);
      checkRules(shape.items!, items[i], report);
      report.up();
    }
  } else if (shape.kind === 'object' || shape.kind === 'map') {
    const entries = value as Record<string, unknown>;
    for (const key of Object.keys(entries)) {
      const field = shape.kind === 'map' ? shape.items : shape.fields.get(key);
      if (field === undefined) continue;
      report.down(key);
      checkRules(field, entries[key], report);
      report.up();
    }
  }
}
