/** What the three kinds have in common: workload selectors, labels, exportTo, metadata, status. */

import { isDnsLabel, isLabel, labelProblems } from './hosts';
import { Shape, intOrString, list, map, message, text, time, words } from './notation';
import { Report, Step, quoted } from './report';

/** Text by text: labels and the like. */
export type Labels = Readonly<Record<string, string>>;

/** What the webhook knows of an object besides its spec. */
export interface Meta {
  readonly name: string;
  /** Never empty: the API server fills in `default` at the latest. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** istiod: pkg/config/constants and istio.io/api annotation. */
const DRY_RUN = 'istio.io/dry-run';
const ALWAYS_REJECT = 'internal.istio.io/webhook-always-reject';
const FOR_ISTIOD_ONLY = ['internal.istio.io/parent-namespace', 'internal.istio.io/parents'];

/** CRD: the value of a label in a selector. */
export function selectorValue(wildcardMessage: string): Shape {
  return text({ maxLength: 63, rules: [{ message: wildcardMessage, test: (value: string) => !value.includes('*') }] });
}

/** CRD and proto: istio.type.v1beta1.WorkloadSelector, of PeerAuthentication and DestinationRule. */
export const WORKLOAD_SELECTOR = message({
  matchLabels: map(selectorValue('wildcard not allowed in label value match'), {
    maxCount: 4096,
    usual: areUsualLabels,
    rules: [
      { message: 'wildcard not allowed in label key match', test: (labels: Labels) => everyKey(labels, key => !key.includes('*')) },
      { message: 'key must not be empty', test: (labels: Labels) => everyKey(labels, key => key !== '') },
    ],
  }),
});

/** A few short labels without a wildcard: what every selector is made of. */
function areUsualLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  let count = 0;
  for (const key in value) {
    const label = (value as Record<string, unknown>)[key];
    if (typeof label !== 'string' || label.length > 63 || key === '' || ++count > 64 || key.includes('*') || label.includes('*')) return false;
  }
  return true;
}

/** CRD: the status of every Istio kind, in which unknown fields of the top level are kept. */
export const STATUS = message({
  conditions: list(message({
    lastProbeTime: time(),
    lastTransitionTime: time(),
    message: text(),
    observedGeneration: intOrString(),
    reason: text(),
    status: text(),
    type: text(),
  })),
  observedGeneration: intOrString(),
  validationMessages: list(message({
    documentationUrl: text(),
    level: words('', 'UNKNOWN', 'ERROR', 'WARNING', 'INFO'),
    type: message({ code: text(), name: text() }),
  })),
}, { preserve: true });

/** Whether a condition holds for every key of an object. */
export function everyKey(object: object, holds: (key: string) => boolean): boolean {
  for (const key in object) {
    if (!holds(key)) return false;
  }
  return true;
}

/** Whether an object has no entries; an absent one has none. */
export function isEmpty(object: object | undefined): boolean {
  for (const _ in object) return false;
  return true;
}

/** istiod: validation.go validateMetadata. False ends the validation there. */
export function checkMetadata(meta: Meta, report: Report): boolean {
  const { annotations } = meta;
  let annotation: string | undefined;
  if (Object.hasOwn(annotations, DRY_RUN)) annotation = DRY_RUN;
  else if (Object.hasOwn(annotations, ALWAYS_REJECT)) annotation = ALWAYS_REJECT;
  else annotation = FOR_ISTIOD_ONLY.find(name => Object.hasOwn(annotations, name));
  if (annotation === undefined) return true;
  let reason = `"${annotation}" annotation found, this may not be set by users`;
  if (annotation === DRY_RUN) {
    reason = `${meta.namespace}/${meta.name} has unsupported annotation istio.io/dry-run, please remove the annotation`;
  } else if (annotation === ALWAYS_REJECT) {
    reason = `"${ALWAYS_REJECT}" annotation found, rejecting`;
  }
  report.down('metadata');
  report.webhook(reason, ['annotations', annotation]);
  report.up();
  return false;
}

/** istiod: the part that validateWorkloadSelector and ValidateAlphaWorkloadSelector share. False when it refuses. */
export function checkSelectorLabels(labels: Labels | undefined, report: Report, step: string): boolean {
  let fine = true;
  if (labels === undefined) return fine;
  for (const key in labels) {
    const value = labels[key];
    if (key !== '' && !key.includes('*') && !value.includes('*')) continue;
    fine = false;
    if (key === '') report.webhook(`empty key is not supported in selector: ${quoted(`${key}=${value}`)}`, [step, key]);
    if (key.includes('*') || value.includes('*')) {
      report.webhook(`wildcard is not supported in selector: ${quoted(`${key}=${value}`)}`, [step, key]);
    }
  }
  return fine;
}

/** istiod: validation.go validateWorkloadSelector. */
export function checkWorkloadSelector(selector: { readonly matchLabels?: Labels } | undefined, report: Report, step: string): void {
  if (selector === undefined) return;
  report.down(step);
  checkSelectorLabels(selector.matchLabels, report, 'matchLabels');
  if (isEmpty(selector.matchLabels)) report.warn('workload selector specified without labels');
  report.up();
}

/** istiod: labels.Instance.Validate. */
export function checkLabels(labels: Labels | undefined, report: Report, step: Step): void {
  if (labels === undefined) return;
  for (const key of Object.keys(labels)) {
    if (isLabel(key, labels[key])) continue;
    for (const problem of labelProblems(key, labels[key])) report.webhook(problem, [step, key]);
  }
}

const EXPORT_TO = '., * or the name of a namespace';

/**
 * istiod: validation.go validateExportTo. `~` is for ServiceEntries only; a DestinationRule with a workload selector
 * may only be exported to its own namespace.
 */
export function checkExportTo(
  exportTo: readonly string[] | undefined,
  namespace: string,
  report: Report,
  { none, ownNamespaceOnly }: { none: boolean; ownNamespaceOnly: boolean },
): void {
  if (exportTo === undefined || exportTo.length === 0) return;
  report.down('exportTo');
  const seen = new Set<string>();
  for (let i = 0; i < exportTo.length; i++) {
    const entry = exportTo[i];
    const key = entry === '.' ? namespace : entry;
    if (seen.has(key)) {
      report.webhook(key === entry
        ? `duplicate entries in exportTo for entry ${entry}`
        : `duplicate entries in exportTo: . and current namespace ${namespace}`, i);
    } else if (key === '~' && !(none && entry === '~')) {
      report.webhook('exportTo ~ (none) is not allowed for Istio configuration objects', i, EXPORT_TO);
    } else if (key !== '.' && key !== '*' && key !== '~' && !isDnsLabel(key)) {
      report.webhook('only .,*, or a valid DNS 1123 label is allowed as exportTo entry', i, EXPORT_TO);
    } else {
      seen.add(key);
    }
  }
  if (ownNamespaceOnly && seen.size > 0) {
    if (!seen.has(namespace)) {
      report.webhook('destination rule with workload selector cannot have exportTo beyond current namespace', undefined, `. or ${namespace}`);
    } else if (seen.size > 1) {
      report.webhook('destination rule with workload selector cannot have multiple entries in exportTo', undefined, `. or ${namespace}`);
    }
  }
  if (exportTo.length > 1) {
    if (seen.has('*')) report.webhook('cannot have both public (*) and non-public exportTo values for a resource');
    if (seen.has('~')) report.webhook('cannot export service entry to no one (~) and someone');
  }
  report.up();
}
