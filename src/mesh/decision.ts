import { FieldPath, pathText } from './json';
import { MeshObject } from './object';

/**
 * What kind of thing decided, for those who judge answers and not only read
 * them: the rules tell by it which fault a failing call is.
 */
export type Cause =
  // What a DestinationRule tells a client.
  | 'rule-disable' | 'rule-without-mode' | 'rule-istio-mutual' | 'rule-own-tls' | 'rule-at-endpoint' | 'credential-on-sidecar' | 'certificates-missing'
  // What a client does by itself.
  | 'auto' | 'auto-off' | 'external-host' | 'bare-endpoint' | 'namespace-disabled' | 'tls-mode-label' | 'no-sidecar' | 'endpoint-outside'
  | 'undeclared-port' | 'missing-subset' | 'port-disabled' | 'tunnel' | 'ztunnel' | 'waypoint' | 'no-proxy' | 'hidden' | 'excluded-outbound'
  // What a server does.
  | 'excluded-inbound' | 'server-identity' | 'server-untrusted' | 'protocol' | 'gateway' | 'headless-target-port';

/** One step of an answer: the field that it hangs on, and what the field does. */
export interface Reason {
  /** The object that says so; undefined for the mesh configuration and for what Istio does by itself. */
  readonly object?: MeshObject;
  /** The field of the object, or of the mesh configuration; empty for what Istio does by itself. */
  readonly field: FieldPath;
  readonly text: string;
  /** Absent where nobody has to tell it from others. */
  readonly cause?: Cause;
}

/** An answer with what it hangs on. */
export interface Decision<T> {
  readonly value: T;
  /** The field that decided; the first of the reasons. */
  readonly decidedBy: Reason;
  /** What led to the answer, the deciding field first. */
  readonly because: readonly Reason[];
}

/** An answer that the first reason decides. */
export function decide<T>(value: T, decidedBy: Reason, ...more: readonly Reason[]): Decision<T> {
  return { value, decidedBy, because: more.length > 0 ? [decidedBy, ...more] : [decidedBy] };
}

/** The same reasons for another answer. */
export function revalued<T>(source: Decision<unknown>, value: T): Decision<T> {
  return new Revalued(value, source);
}

/**
 * An answer whose reasons are put together when somebody asks for them: a mesh
 * has many thousands of answers, and few are asked why.
 */
export abstract class LazyDecision<T> implements Decision<T> {
  private reasons?: readonly Reason[];

  constructor(readonly value: T) {}

  get decidedBy(): Reason {
    return this.because[0];
  }

  get because(): readonly Reason[] {
    return this.reasons ??= this.explain();
  }

  /** The reasons, the deciding one first. */
  protected abstract explain(): readonly Reason[];
}

class Revalued<T> implements Decision<T> {
  constructor(readonly value: T, private readonly source: Decision<unknown>) {}

  get decidedBy(): Reason {
    return this.source.decidedBy;
  }

  get because(): readonly Reason[] {
    return this.source.because;
  }
}

/** A reason as the command line prints it. */
export interface ReasonJson {
  readonly object: string;
  readonly field: string;
  readonly text: string;
}

/** A reason as plain text: `{ object: 'PeerAuthentication shop/default', field: 'spec.mtls.mode', text }`. */
export function reasonJson({ object, field, text }: Reason): ReasonJson {
  return { object: object?.title ?? (field.length > 0 ? 'MeshConfig' : 'Istio'), field: pathText(field), text };
}
