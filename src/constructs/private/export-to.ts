import { IConstruct } from 'constructs';
import { fail, show } from './errors';
import { isDnsLabel, requireArray } from './require';

/**
 * Where an object of Istio may be seen, if the webhook accepts it
 * (`validateExportTo`).
 */
export function requireExportTo(owner: IConstruct, exportTo: readonly string[], namespace: string, hasSelector: boolean): string[] {
  requireArray(owner, 'exportTo', exportTo, 'namespaces');
  const seen = new Map<string, string>();
  for (const entry of exportTo) {
    if (entry !== '.' && entry !== '*' && !isDnsLabel(entry)) {
      fail(owner, `'exportTo' must have '.', '*' or names of namespaces; got ${show(entry)}`);
    }
    const meant = entry === '.' ? namespace : entry;
    const other = seen.get(meant);
    if (other !== undefined) {
      fail(owner, `'exportTo' names the namespace ${show(meant)} twice; got ${show([...exportTo])}`);
    }
    seen.set(meant, entry);
  }
  if (seen.has('*') && seen.size > 1) {
    fail(owner, `'exportTo' must be '*' alone, or namespaces; got ${show([...exportTo])}`);
  }
  if (hasSelector && [...seen.keys()].some(entry => entry !== namespace)) {
    fail(owner, `'exportTo' can only be ['.'] beside 'workloadSelector', whose rule counts in its own namespace only; got ${show([...exportTo])}`);
  }
  return [...exportTo];
}
