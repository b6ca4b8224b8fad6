import { Change, CHANGES } from './change';
import { Action } from './objects';
import { FieldPath, pathText } from '../mesh/json';
import { compareText, MeshObject } from '../mesh/object';
import { Outcome } from '../mesh/server/outcome';
import { ServerMode } from '../mesh/server/server-mode';

/** A workload port, or a scope, that accepts something else. */
export interface ModeChange {
  /** `shop/web`, or in words for what is no workload: `namespace shop`. */
  readonly subject: string;
  /** The workload port; absent for all those that are not named. */
  readonly port?: number;
  /** Absent where there was no such workload. */
  readonly from?: ServerMode;
  readonly to?: ServerMode;
}

/** A call that ends otherwise. */
export interface CallChange {
  readonly client: string;
  readonly host: string;
  /** The service port. */
  readonly port: number;
  readonly subset: string;
  /** The workload that answers; absent outside the mesh. */
  readonly server?: string;
  readonly from?: Outcome;
  readonly to?: Outcome;
  /** Whether the manifests show that the call is made. */
  readonly known: boolean;
}

/** What made a change. */
export interface Cause {
  /** Undefined for settings that no object of the input holds. */
  readonly object?: MeshObject;
  readonly action: Action;
  readonly field: FieldPath;
  /** What the field does now, or did. */
  readonly text: string;
}

/** What must hold for a change to be real. */
export interface Condition {
  /** `proxy`: pods have sidecars, of which the input has no Namespace. `pods`: there are pods that the policy is for. */
  readonly kind: 'proxy' | 'pods';
  /** The namespaces, or whom the policy is for. */
  readonly name: string;
}

/** Why somebody wants an exception, and for how long. */
export interface ExceptionReason {
  readonly reason: string;
  readonly owner?: string;
  readonly expires?: string;
}

/** One change with everything that it changes. */
export interface Entry {
  readonly change: Change;
  readonly cause: Cause;
  /** The first few by name. */
  readonly modes: readonly ModeChange[];
  readonly modeCount: number;
  /** The first few: those first that the manifests show to be made. */
  readonly calls: readonly CallChange[];
  readonly callCount: number;
  /** How many of the calls the manifests show to be made. */
  readonly knownCount: number;
  readonly condition?: string;
  readonly exception?: ExceptionReason;
}

/** So many are named, and the others counted. */
export const NAMED = 5;

/** Collects what one object has changed in one direction. */
export class EntryBuilder {
  private readonly modes: ModeChange[] = [];
  private modeCount = 0;
  private readonly calls: CallChange[] = [];
  private callCount = 0;
  private knownCount = 0;
  private readonly conditions = new Set<string>();

  constructor(readonly change: Change, private cause: Cause, private readonly kind?: Condition['kind']) {}

  /** What made the change. */
  get object(): MeshObject | undefined {
    return this.cause.object;
  }

  addMode(mode: ModeChange, cause: Cause, condition?: Condition): void {
    this.modeCount++;
    insert(this.modes, mode, byMode);
    this.prefer(cause);
    if (condition !== undefined) this.conditions.add(condition.name);
  }

  addCalls(calls: readonly CallChange[], count: number, knownCount: number, cause: Cause): void {
    this.callCount += count;
    this.knownCount += knownCount;
    for (const call of calls) insert(this.calls, call, byCall);
    this.prefer(cause);
  }

  build(exception: ExceptionReason | undefined): Entry {
    const { change, cause, modes, modeCount, calls, callCount, knownCount } = this;
    return { change, cause, modes, modeCount, calls, callCount, knownCount, condition: this.condition(), exception };
  }

  /** One object can be blamed by several of its fields; which of them is named must not hang on the order of the input. */
  private prefer(cause: Cause): void {
    if (compareText(causeKey(cause), causeKey(this.cause)) < 0) this.cause = cause;
  }

  private condition(): string | undefined {
    if (this.kind === undefined) return undefined;
    const names = [...this.conditions].sort();
    const shown = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');
    const one = names.length === 1;
    return this.kind === 'proxy'
      ? `the pods of ${one ? 'namespace' : 'namespaces'} ${shown} have sidecars (${one ? 'that Namespace is' : 'those Namespaces are'} not in the input)`
      : `there are pods for ${shown} (the input has none)`;
  }
}

function causeKey({ field, text }: Cause): string {
  return `${pathText(field)} ${text}`;
}

function insert<T>(list: T[], item: T, compare: (a: T, b: T) => number): void {
  if (list.length === NAMED && compare(item, list[NAMED - 1]) >= 0) return;
  const at = list.findIndex(one => compare(item, one) < 0);
  list.splice(at < 0 ? list.length : at, 0, item);
  if (list.length > NAMED) list.pop();
}

function byMode(a: ModeChange, b: ModeChange): number {
  return compareText(a.subject, b.subject) || (a.port ?? 0) - (b.port ?? 0);
}

/** Known calls first, then by name. */
export function byCall(a: CallChange, b: CallChange): number {
  return Number(b.known) - Number(a.known) || compareText(a.client, b.client) || compareText(a.host, b.host) || a.port - b.port
    || compareText(a.subset, b.subset) || compareText(a.server ?? '', b.server ?? '') || compareText(a.to ?? '', b.to ?? '') || compareText(a.from ?? '', b.from ?? '');
}

/** What a reviewer has to see first, then by the name of the cause. */
export function byEntry(a: Entry, b: Entry): number {
  return CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change)
    || compareText(a.cause.object?.title ?? '', b.cause.object?.title ?? '') || compareText(a.cause.object?.key ?? '', b.cause.object?.key ?? '')
    || compareText(a.condition ?? '', b.condition ?? '');
}
