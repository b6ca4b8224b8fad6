/** What acceptance() answers, and the notebook in which the checks write it down. */

/** One step of a path: a key or an index. */
export type Step = string | number;

/** Who refuses: the API server (CRD schema and CEL rules) or istiod's validating webhook. */
export type Source = 'crd' | 'webhook';

/** One reason for which the API server or istiod refuses the object. */
export interface Rejection {
  /** `spec.trafficPolicy.tls.mode`, `spec.subsets[0].name`; empty for the whole object. */
  readonly field: string;
  /** The same as steps, for finding a line in YAML. */
  readonly path: readonly Step[];
  /** What is wrong, in the words of the API server or istiod. */
  readonly message: string;
  readonly source: Source;
  /** The value seen, when there is one and it is short. */
  readonly value?: unknown;
  /** The values allowed, in words. */
  readonly allowed?: string;
}

/** What Istio says about an object. */
export interface Acceptance {
  /** Nobody refuses. */
  readonly accepted: boolean;
  /** The reasons, the CRD's first; the first fifty when there are more. */
  readonly rejections: readonly Rejection[];
  /** What istiod warns about. */
  readonly warnings: readonly string[];
  /** Fields that Istio does not have, sorted: the API server drops them silently. */
  readonly unknownFields: readonly string[];
  /** The same fields in the same order, as steps. */
  readonly unknownPaths: readonly (readonly Step[])[];
}

/** Later reasons are not written down: nobody reads them, and a huge wrong object would make a huge answer. */
const MOST = 50;

/** Longer texts are cut before they are put into a message or an answer. */
const LONGEST = 512;

/** `spec.ports[0].name` for `['spec', 'ports', 0, 'name']`, as the API server writes it. */
export function fieldName(path: readonly Step[]): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else name += name === '' ? step : `.${step}`;
  }
  return name;
}

/** A text for a message: cut when it is very long. */
export function shown(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}

/** A text in double quotes, as Go's `%q`. */
export function quoted(value: string): string {
  return JSON.stringify(shown(value));
}

/** Collects rejections and warnings, and knows where in the object the check is. */
export class Report {
  readonly rejections: Rejection[] = [];
  readonly warnings: string[] = [];
  private readonly path: Step[] = [];

  /** Nothing was written down. */
  get isEmpty(): boolean {
    return this.rejections.length === 0 && this.warnings.length === 0;
  }

  /** Nothing more will be written down. */
  get full(): boolean {
    return this.rejections.length >= MOST;
  }

  /** Enters a field or an item. */
  down(step: Step): void {
    this.path.push(step);
  }

  /** Leaves it. */
  up(): void {
    this.path.pop();
  }

  /** The API server refuses the field at the current place, or one below it. */
  crd(reason: string, below?: Step | readonly Step[], allowed?: string): void {
    this.refuse('crd', reason, below, allowed);
  }

  /** istiod refuses the field at the current place, or one below it. */
  webhook(reason: string, below?: Step | readonly Step[], allowed?: string): void {
    this.refuse('webhook', reason, below, allowed);
  }

  /** istiod warns. */
  warn(reason: string): void {
    if (this.warnings.length < MOST) this.warnings.push(reason);
  }

  private refuse(source: Source, reason: string, below: Step | readonly Step[] | undefined, allowed: string | undefined): void {
    if (this.full) return;
    const path = below === undefined ? [...this.path] : this.path.concat(below);
    this.rejections.push({ field: fieldName(path), path, message: reason, source, ...(allowed === undefined ? {} : { allowed }) });
  }
}

/** The value at a path when it is short enough to show, else undefined. */
export function valueAt(root: unknown, path: readonly Step[]): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<Step, unknown>)[step];
  }
  if (typeof value === 'string') return shown(value);
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : undefined;
}
