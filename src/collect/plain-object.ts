import { ApiObject, App } from 'cdk8s';
import { JsonObject } from '../mesh/json';

/*
 * What `toJson()` makes of an object that holds plain data alone, without what
 * it does to find that out: cdk8s asks every resolver about every value and
 * copies everything twice.
 *
 * Some of this looks at fields of `ApiObject` that are private. Where a version of
 * cdk8s names them otherwise, nothing counts as plain, and `toJson()` is asked.
 */

/**
 * The body of an object as the user gave it. It is the same as that of `toJson()`
 * if it holds plain data alone; that is for the caller to find out. Undefined
 * where even then it might differ.
 */
export function rawBody(object: ApiObject, metadata: JsonObject): JsonObject | undefined {
  const { props } = object as unknown as { props?: unknown };
  if (!isSimple(props)) {
    return undefined;
  }
  const body: { [key: string]: unknown } = {};
  for (const key in props) {
    if (key === '__proto__') {
      return undefined;
    }
    body[key] = props[key];
  }
  body.metadata = metadata;
  return body;
}

/**
 * Metadata that has only name, namespace, labels and annotations, in the form
 * that `toJson()` gives it; undefined for any other. Whether its values are
 * plain is for the caller to see.
 */
export function plainMetadata(definition: object): JsonObject | undefined {
  const { name, namespace, labels, annotations, finalizers, ownerReferences, _additionalAttributes: more } =
    definition as { [key: string]: unknown };
  if (!isSimple(labels) || !isSimple(annotations) || !isSimple(more)
    || !Array.isArray(finalizers) || finalizers.length > 0 || !Array.isArray(ownerReferences) || ownerReferences.length > 0) {
    return undefined;
  }
  for (const key in more) {
    if (key !== 'name' && key !== 'namespace' && key !== 'labels' && key !== 'annotations') {
      return undefined;
    }
  }
  if (!areTexts(labels) || !areTexts(annotations) || typeof name !== 'string' || !(namespace === undefined || typeof namespace === 'string')) {
    return undefined;
  }
  const metadata: { [key: string]: unknown } = { name };
  if (namespace !== undefined) {
    metadata.namespace = namespace;
  }
  if (hasKeys(labels)) {
    metadata.labels = labels;
  }
  if (hasKeys(annotations)) {
    metadata.annotations = annotations;
  }
  return metadata;
}

/** Lists and objects in labels would be filtered when empty; there is no need to know how. */
function areTexts(object: { [key: string]: unknown }): boolean {
  for (const key in object) {
    if (typeof object[key] !== 'string') {
      return false;
    }
  }
  return true;
}

function isSimple(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function hasKeys(value: object): boolean {
  for (const _ in value) {
    return true;
  }
  return false;
}

/** Lazy, implicit tokens and number-or-string unions: none of these changes plain data. Resolvers of the user may. */
export function hasOnlyBuiltInResolvers(app: App): boolean {
  const { resolvers } = app as unknown as { resolvers?: unknown };
  return Array.isArray(resolvers) && resolvers.length === 3;
}

/**
 * What `toJson()` gives for an object of plain data, key by key in the same
 * order; undefined for an object of which that is not certain.
 */
export function plainJson(object: ApiObject): JsonObject | undefined {
  const { patches, metadata: definition } = object as unknown as { patches?: unknown; metadata: object };
  if (!Array.isArray(patches) || patches.length > 0) return undefined;
  const metadata = plainMetadata(definition);
  const body = metadata && rawBody(object, metadata);
  const sorted = body && sortedCopy(body, 0);
  if (!isPlainCopy(sorted)) return undefined;
  const json: { [key: string]: unknown } = {};
  for (const key of HEAD) {
    if (sorted[key] !== undefined) json[key] = sorted[key];
  }
  for (const key in sorted) {
    if (!HEAD.includes(key)) json[key] = sorted[key];
  }
  return json;
}

/** The fields that cdk8s writes first. */
const HEAD = ['apiVersion', 'kind', 'metadata'];

const MAX_DEPTH = 64;

/** Stands for a value that is not plain. */
const NOT_PLAIN = Symbol('not plain');

function isPlainCopy(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

/** A copy with the keys of every object sorted. */
function sortedCopy(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : NOT_PLAIN;
    case 'object':
      if (value === null || depth > MAX_DEPTH) return NOT_PLAIN;
      return Array.isArray(value) ? sortedList(value, depth) : sortedObject(value, depth);
    default:
      return NOT_PLAIN;
  }
}

function sortedList(list: readonly unknown[], depth: number): unknown {
  const copy: unknown[] = [];
  for (let i = 0; i < list.length; i++) {
    const item = sortedCopy(list[i], depth + 1);
    if (item === NOT_PLAIN) return NOT_PLAIN;
    copy.push(item);
  }
  return copy;
}

function sortedObject(object: object, depth: number): unknown {
  if (Object.getPrototypeOf(object) !== Object.prototype) return NOT_PLAIN;
  const keys = Object.keys(object);
  if (keys.length > 1) keys.sort();
  const copy: { [key: string]: unknown } = {};
  for (const key of keys) {
    if (key === 'constructor' || key === '__proto__') return NOT_PLAIN;
    const value = sortedCopy((object as { [key: string]: unknown })[key], depth + 1);
    if (value === NOT_PLAIN) return NOT_PLAIN;
    copy[key] = value;
  }
  return copy;
}
