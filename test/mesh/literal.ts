/**
 * A literal, slow transcription of the precedence and lookup sections of
 * istio-semantics.md (3.1, 4.1, 4.2), to hold the indexed model against. It
 * shares nothing with the model but the manifests.
 */

import { Fields } from './build';

/** The manifests that the transcription reads, as tests write them. */
export interface Manifest {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly creationTimestamp?: string };
  readonly spec: Fields;
}

type Labels = { readonly [key: string]: string };

const labelsIn = (selector: unknown): Labels => ((selector as Fields | undefined)?.matchLabels ?? {}) as Labels;
const isSubset = (small: Labels, big: Labels): boolean => Object.entries(small).every(([key, value]) => big[key] === value);
const sign = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;
const isGeneral = (policy: Manifest): boolean => Object.keys(labelsIn(policy.spec.selector)).length === 0;
const modeIn = (mtls: unknown): string => ((mtls as Fields | undefined)?.mode ?? 'UNSET') as string;

function byAge(a: Manifest, b: Manifest): number {
  return sign(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '')
    || sign(a.metadata.name, b.metadata.name) || sign(a.metadata.namespace, b.metadata.namespace);
}

/** Section 3.1: what a sidecar accepts on a workload port. */
export function literalMode(policies: readonly Manifest[], root: string, place: string, labels: Labels, port: number): string {
  const kept: Manifest[] = [];
  for (const policy of [...policies].sort(byAge)) {
    if (isGeneral(policy) && kept.some(other => other.metadata.namespace === policy.metadata.namespace && isGeneral(other))) continue;
    kept.push(policy);
  }
  const found = kept.filter(({ metadata, spec }) =>
    (metadata.namespace === place || metadata.namespace === root) && isSubset(labelsIn(spec.selector), labels));
  const mesh = found.find(one => isGeneral(one) && one.metadata.namespace === root);
  const namespace = found.find(one => isGeneral(one) && one.metadata.namespace !== root);
  const workload = found.find(one => !isGeneral(one) && one.metadata.namespace !== root);
  let mode = 'PERMISSIVE';
  for (const one of [mesh, namespace, workload]) {
    if (one !== undefined && modeIn(one.spec.mtls) !== 'UNSET') mode = modeIn(one.spec.mtls);
  }
  const ports = (workload?.spec.portLevelMtls ?? {}) as Fields;
  if (!(String(port) in ports)) return mode;
  const own = modeIn(ports[String(port)]);
  return own === 'UNSET' ? mode : own;
}

interface Merged {
  readonly first: Manifest;
  readonly from: Manifest[];
}

const exportOf = (rule: Manifest): string[] => rule.spec.workloadSelector === undefined ? (rule.spec.exportTo ?? []) as string[] : ['.'];
const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.every(item => b.includes(item)) && b.every(item => a.includes(item));

function fullHost(rule: Manifest): string {
  const host = rule.spec.host as string;
  return host === '*' || host.includes('.') ? host : `${host}.${rule.metadata.namespace}.svc.cluster.local`;
}

/** Section 4.2: the rules of one namespace and host. */
function merge(rules: readonly Manifest[]): Merged[] {
  const list: Merged[] = [];
  for (const rule of rules) {
    let separately = true;
    for (const merged of list) {
      const mine = exportOf(rule);
      const its = exportOf(merged.first);
      if (sameSet(mine, its)) {
        separately = false;
      } else {
        separately = true;
        if (!(its.length > 0 && its.every(item => mine.includes(item)))) continue;
      }
      const a = rule.spec.workloadSelector;
      const b = merged.first.spec.workloadSelector;
      const both = a !== undefined && b !== undefined;
      const match = isSubset(labelsIn(a), labelsIn(b)) && isSubset(labelsIn(b), labelsIn(a));
      if (both && !match) {
        separately = true;
        continue;
      }
      if ((a === undefined && b === undefined) || (both && match)) separately = false;
      merged.from.push(rule);
    }
    if (separately) list.push({ first: rule, from: [rule] });
  }
  return list;
}

function best(rules: readonly Manifest[], host: string): Merged[] {
  const covers = (pattern: string): boolean => pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
  const isWild = (pattern: string): number => Number(pattern.startsWith('*'));
  const hosts = [...new Set(rules.map(fullHost))].filter(covers).sort((a, b) => isWild(a) - isWild(b) || b.length - a.length);
  return hosts.length === 0 ? [] : merge(rules.filter(rule => fullHost(rule) === hosts[0]));
}

/** Section 4.1: the names of the rules that hold for a client, the first of the merged ones first. */
export function literalRule(rules: readonly Manifest[], root: string,
  client: { readonly place: string; readonly labels: Labels }, service: { readonly host: string; readonly place: string }): string[] {
  const last = ({ spec }: Manifest): number => Number(spec.workloadSelector === undefined);
  const sorted = [...rules].sort((a, b) => last(a) - last(b) || byAge(a, b));
  const isPrivate = (rule: Manifest): boolean => sameSet(exportOf(rule), ['.']) || sameSet(exportOf(rule), [rule.metadata.namespace]);
  const isLocal = (rule: Manifest): boolean => exportOf(rule).length === 0 || exportOf(rule).some(item => ['.', '*', rule.metadata.namespace].includes(item));
  const of = (place: string): Manifest[] => sorted.filter(({ metadata }) => metadata.namespace === place);
  let found = best(of(client.place).filter(client.place === root ? isPrivate : isLocal), service.host);
  for (const place of [service.place, root]) {
    if (found.length > 0) break;
    found = best(of(place).filter(rule => !isPrivate(rule)), service.host)
      .filter(({ first }) => exportOf(first).length === 0 || exportOf(first).some(item => item === '*' || item === client.place));
  }
  let general: Merged | undefined;
  for (const one of found) {
    const selector = one.first.spec.workloadSelector;
    if (selector === undefined) general = one;
    else if (one.first.metadata.namespace === client.place && isSubset(labelsIn(selector), client.labels)) return names(one);
  }
  return general === undefined ? [] : names(general);
}

function names({ from }: Merged): string[] {
  return from.map(({ metadata }) => metadata.name);
}
