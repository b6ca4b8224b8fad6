/** A JSON object of unknown content, as it comes from a manifest. */
export type JsonObject = { readonly [key: string]: unknown };

/** The steps from an object to one of its fields: `['spec', 'subsets', 0, 'name']`. */
export type FieldPath = readonly (string | number)[];

/** The value as an object, or undefined for anything else (lists and null included). */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}

/** The value as a list; empty for anything else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NOTHING;
}

const NOTHING: readonly never[] = [];

/** Any value as text. `String` asks the value itself, which throws where a manifest has a field that is called `toString`. */
export function asWritten(value: unknown): string {
  return typeof value === 'object' && value !== null ? '(not a text)' : String(value);
}

/** The value as text, or undefined for anything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The value at a path, or undefined where a step does not exist.
 *
 * Only own properties count, so that a manifest with a key such as `toString`
 * never reads something of JavaScript's.
 */
export function at(value: unknown, ...path: FieldPath): unknown {
  let current = value;
  for (let i = 0; i < path.length; i++) {
    current = own(current, path[i]);
  }
  return current;
}

/** The value under one key, or undefined where there is none. */
export function own(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as { [key: string | number]: unknown })[key];
  // What plain data inherits are functions and its prototype. The exact question costs as much as the look itself, and is asked millions of times.
  return (typeof found !== 'function' && key !== '__proto__') || Object.prototype.hasOwnProperty.call(value, key) ? found : undefined;
}

/**
 * Any value, for those who read many thousands of them: a field under a name
 * that no value inherits (`spec`, `labels`) may be read as `(value as Fields)?.spec`.
 * V8 then remembers where the field is, place by place; `own` asks for all fields
 * of all objects in one place, where it cannot.
 */
export type Fields = JsonObject | null | undefined;

/** Whether an object has no keys of its own. */
export function isEmpty(object: JsonObject): boolean {
  for (const key in object) {
    if (Object.prototype.hasOwnProperty.call(object, key)) {
      return false;
    }
  }
  return true;
}

/** The key of an object that has one; undefined where there is none, and where there are several. */
export function onlyKey(object: JsonObject): string | undefined {
  let only: string | undefined;
  for (const key in object) {
    if (!Object.prototype.hasOwnProperty.call(object, key)) continue;
    if (only !== undefined) return undefined;
    only = key;
  }
  return only;
}

/** The entries of an object whose values are text: labels and annotations. */
export function textEntries(value: unknown): [string, string][] {
  const object = asObject(value);
  return object ? Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string') : [];
}

/** A path as people write it: `spec.subsets[0].name`, `metadata.labels["a.b/c"]`. */
export function pathText(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') {
      text += `[${step}]`;
    } else if (/^[A-Za-z0-9_-]+$/.test(step)) {
      text += text ? `.${step}` : step;
    } else {
      text += `[${JSON.stringify(step)}]`;
    }
  }
  return text;
}
