import { Construct, IConstruct } from 'constructs';
import { describe } from '../../validate/app-state';

const LONGEST = 120;

/** Throws the one-line error of a construct. */
export function fail(construct: IConstruct, message: string): never {
  throw new Error(`${describe(construct)}: ${message}`);
}

/** A value as errors show it: one line, never long, never a cycle. */
export function show(value: unknown): string {
  return oneLine(render(value));
}

/** Removes what could break out of a line of terminal output. */
export function oneLine(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}

function render(value: unknown): string {
  switch (typeof value) {
    case 'string': return `'${value}'`;
    case 'undefined': return 'nothing';
    case 'function': return value.name ? `(function ${value.name})` : '(function)';
    case 'object': return value === null ? 'null' : renderObject(value);
    default: return String(value);
  }
}

function renderObject(value: object): string {
  if (Construct.isConstruct(value)) {
    return describe(value);
  }
  if (isInstance(value)) {
    return `(${value.constructor.name})`;
  }
  try {
    return JSON.stringify(value, (_, inner) => (isInstance(inner) ? `(${inner.constructor.name})` : inner));
  } catch {
    return Array.isArray(value) ? '(array)' : '(object)';
  }
}

/** Whether a value is of some class, whose content is nothing to show. */
function isInstance(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    && typeof value.constructor === 'function' && value.constructor !== Object;
}
