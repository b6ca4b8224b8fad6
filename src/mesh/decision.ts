import { FieldPath, pathText } from './json';
import { MeshObject } from './object';

/** One step of an answer: the field that it hangs on, and what the field does. */
export interface Reason {
  /** The object that says so; undefined for the mesh configuration and for what Istio does by itself. */
  readonly object?: MeshObject;
  /** The field of the object, or of the mesh configuration; empty for what Istio does by itself. */
  readonly field: FieldPath;
  readonly text: string;
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
