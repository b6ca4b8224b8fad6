/** Names: domain names, DNS labels, Kubernetes label keys and values, as istiod checks them. */

import { quoted, shown } from './report';

/** istiod: pkg/config/labels. Upper case is allowed, unlike in Kubernetes. */
const DNS_LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const QUALIFIED_NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const LONGEST_LABEL = 63;
const LONGEST_PREFIX = 253;
const LONGEST_DOMAIN = 255;

/** The part of a domain name that the CRD's CEL rule for port names calls valid (length apart). */
export function hasLabelSyntax(value: string): boolean {
  return DNS_LABEL.test(value);
}

/** istiod: labels.IsDNS1123Label. */
export function isDnsLabel(value: string): boolean {
  return value.length <= LONGEST_LABEL && DNS_LABEL.test(value);
}

/** istiod: agent ValidateFQDN. The reason for which the name is no domain name. */
export function fqdnProblem(name: string): string | undefined {
  return lengthProblem(name) ?? labelsProblem(name);
}

/** istiod: agent ValidateWildcardDomain. A wildcard may stand in the first label: `*`, `*.foo`, `*-foo.bar`. */
export function wildcardDomainProblem(name: string): string | undefined {
  const problem = lengthProblem(name);
  if (problem !== undefined) return problem;
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  if (first.length > LONGEST_LABEL || !WILDCARD_LABEL.test(first)) {
    return `domain name ${quoted(name)} invalid (label ${quoted(first)} invalid)`;
  }
  return dot < 0 ? undefined : labelsProblem(name.slice(dot + 1));
}

/** istiod: agent ValidatePartialWildCard, a warning only. */
export function isPartialWildcard(name: string): boolean {
  return name !== '*' && name.includes('*') && !name.startsWith('*.');
}

function lengthProblem(name: string): string | undefined {
  if (name === '') return 'empty domain name not allowed';
  return isLongerThan(name, LONGEST_DOMAIN) ? `domain name ${quoted(name)} too long (max 255)` : undefined;
}

/** istiod: agent ValidateDNS1123Labels. The last label may be empty, for names that end with a dot. */
function labelsProblem(name: string): string | undefined {
  const parts = name.split('.');
  const last = parts[parts.length - 1];
  if (isInt64(last)) return `domain name ${quoted(name)} invalid (top level domain ${quoted(last)} cannot be all-numeric)`;
  for (let i = 0; i < parts.length; i++) {
    if (i === parts.length - 1 && parts[i] === '') return undefined;
    if (!isDnsLabel(parts[i])) return `domain name ${quoted(name)} invalid (label ${quoted(parts[i])} invalid)`;
  }
  return undefined;
}

/** Go's strconv.Atoi succeeds: signs and leading zeros count, numbers beyond int64 do not. */
function isInt64(value: string): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  if (value.length <= 18) return true;
  const number = BigInt(value.startsWith('+') ? value.slice(1) : value);
  return BigInt.asIntN(64, number) === number;
}

/** Length in UTF-8 bytes, in which Go counts. */
function isLongerThan(value: string, bytes: number): boolean {
  if (value.length > bytes) return true;
  return value.length * 3 > bytes && Buffer.byteLength(value) > bytes;
}

/** Length in code points, in which OpenAPI's maxLength and CEL's size() count. */
export function codePointsExceed(value: string, most: number): boolean {
  if (value.length <= most) return false;
  if (value.length > most * 2) return true;
  let count = 0;
  for (const _ of value) count++;
  return count > most;
}

/** istiod: labels.Instance.Validate, for one label. The reasons for which it is no Kubernetes label. */
export function labelProblems(key: string, value: string): readonly string[] {
  const keyProblem = tagKeyProblem(key);
  const problems = keyProblem === undefined ? [] : [keyProblem];
  if (value !== '' && !QUALIFIED_NAME.test(value)) problems.push(`invalid tag value: ${quoted(value)}`);
  return problems;
}

/** Whether there is anything for labelProblems() to say. Cheap, for the healthy path. */
export function isLabel(key: string, value: string): boolean {
  return (value === '' || QUALIFIED_NAME.test(value)) && tagKeyProblem(key) === undefined;
}

/** A key is a name of at most 63 characters, after an optional domain name and a slash. */
function tagKeyProblem(key: string): string | undefined {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  if (!QUALIFIED_NAME.test(name) || (slash >= 0 && !key.slice(0, slash).split('.').every(hasLabelSyntax))) {
    return `invalid tag key: ${quoted(key)}`;
  }
  if (slash > LONGEST_PREFIX) return `invalid tag key: ${quoted(key)} (DNS prefix is too long)`;
  return name.length > LONGEST_LABEL ? `invalid tag key: ${quoted(key)} (name is too long)` : undefined;
}

/** istiod: ValidatePortName. */
export function portNameProblem(name: string): string | undefined {
  return isDnsLabel(name) ? undefined : `invalid port name: ${shown(name)}`;
}

/** istiod: agent ValidatePort. */
export function portProblem(port: number): string | undefined {
  return port >= 1 && port <= 65535 ? undefined : `port number ${port} must be in the range 1..65535`;
}
