import { IConstruct } from 'constructs';
import { fail, show } from './errors';

// The compiler makes these checks for TypeScript; JavaScript and Python have only these.

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const HOST_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const FIRST_HOST_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** The value, if it is a member of an enum, or one of those that `allowed` leaves. */
export function requireEnum<T extends string>(
  owner: IConstruct, what: string, value: unknown, type: { [member: string]: T }, allowed: readonly T[] = Object.values(type),
): T {
  if (!allowed.includes(value as T)) {
    fail(owner, `'${what}' must be one of ${allowed.join(', ')}; got ${show(value)}`);
  }
  return value as T;
}

/** The value, if it is an object with keys. */
export function requireObject<T extends object>(owner: IConstruct, what: string, value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail(owner, `'${what}' must be an object; got ${show(value)}`);
  }
  return value;
}

/** The value, if it is an array. */
export function requireArray<T>(owner: IConstruct, what: string, value: readonly T[], of: string): readonly T[] {
  if (!Array.isArray(value)) {
    fail(owner, `'${what}' must be an array of ${of}; got ${show(value)}`);
  }
  return value;
}

/** The value, if it is an array of at least one non-blank text. */
export function requireTexts(owner: IConstruct, what: string, value: readonly string[]): string[] {
  requireArray(owner, what, value, 'strings');
  if (value.length === 0) {
    fail(owner, `'${what}' must have at least one entry; got [], leave '${what}' out instead`);
  }
  return value.map((text, index) => requireText(owner, `${what}[${index}]`, text));
}

/** The value, if it is an instance of one of this library's value classes. */
export function requireInstance<T>(
  owner: IConstruct, what: string, value: T, type: { readonly prototype: T; readonly name: string }, hint: string,
): T {
  if (!(typeof value === 'object' && value instanceof (type as unknown as Function))) {
    fail(owner, `'${what}' must be a ${type.name}; got ${show(value)}, write ${hint}`);
  }
  return value;
}

/** The value, if it is text that is not blank. */
export function requireText(owner: IConstruct, what: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') {
    fail(owner, `'${what}' must be a text that is not blank; got ${show(value)}`);
  }
  return value as string;
}

/** The value, if it is true or false. */
export function requireBoolean(owner: IConstruct, what: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    fail(owner, `'${what}' must be true or false; got ${show(value)}`);
  }
  return value as boolean;
}

/** The value, if it is a port number. */
export function requirePortNumber(owner: IConstruct, what: string, value: unknown): number {
  if (!isPortNumber(value)) {
    fail(owner, `'${what}' must be a whole number from 1 to 65535; got ${show(value)}`);
  }
  return value as number;
}

/** Whether a value is a port number. */
export function isPortNumber(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535;
}

/** The value, if it is a DNS label, as the names of namespaces are. */
export function requireDnsLabel(owner: IConstruct, what: string, value: unknown): string {
  if (!isDnsLabel(value)) {
    fail(owner, `'${what}' must be lower-case letters, digits and '-', at most 63 characters; got ${show(value)}`);
  }
  return value as string;
}

/** Whether a value can name a namespace. */
export function isDnsLabel(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 63 && DNS_LABEL.test(value);
}

/**
 * The value, if Istio accepts it as a host: labels of letters, digits and `-`,
 * with a wildcard only at the start (`ValidateWildcardDomain`).
 */
export function requireHost(owner: IConstruct, what: string, value: unknown): string {
  const reason = hostFault(value);
  if (reason !== undefined) {
    fail(owner, `'${what}' must be a host name, with '*' only at its start; got ${show(value)}${reason}`);
  }
  return value as string;
}

function hostFault(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') {
    return '';
  }
  if (value.length > 255) {
    return `, which has ${value.length} characters and not at most 255`;
  }
  const [first, ...rest] = value.split('.');
  if (!FIRST_HOST_LABEL.test(first) || first.length > 63) {
    return '';
  }
  const last = rest[rest.length - 1];
  if (last !== undefined && /^[+-]?\d+$/.test(last)) {
    return ', which ends in a number (an address is no host name)';
  }
  const labels = last === '' ? rest.slice(0, -1) : rest;
  return labels.every(label => label.length <= 63 && HOST_LABEL.test(label)) ? undefined : '';
}

/** Refuses keys that an options object does not have. */
export function refuseOtherKeys(owner: IConstruct, what: string, options: object, allowed: readonly string[], why = ''): void {
  const other = Object.keys(options).filter(key => !allowed.includes(key) && (options as Record<string, unknown>)[key] !== undefined);
  if (other.length > 0) {
    const takes = allowed.length > 0 ? `takes only ${allowed.join(', ')}` : 'takes no options';
    fail(owner, `'${what}' ${takes}; got ${other.map(show).join(', ')}${why}`);
  }
}

/** The labels, if Istio accepts them in a selector (`validateWorkloadSelector`). */
export function requireLabels(owner: IConstruct, what: string, labels: { readonly [key: string]: string }): { [key: string]: string } {
  requireObject(owner, what, labels);
  for (const [key, value] of Object.entries(labels)) {
    if (key === '' || key.includes('*')) {
      fail(owner, `'${what}' must have keys without '*' that are not empty; got ${show(key)}`);
    }
    if (typeof value !== 'string' || value.includes('*') || value.length > 63) {
      fail(owner, `'${what}' must have text values of at most 63 characters without '*'; got ${show(value)} for ${show(key)}`);
    }
  }
  return { ...labels };
}
