import { Decision, Reason } from '../decision';
import { FieldPath } from '../json';
import { Listed } from '../labels';
import { MeshObject } from '../object';
import { DataPlane } from './data-plane';

/** The label that tells clients whether a pod speaks Istio mTLS; absent counts as `disabled`. */
export const TLS_MODE = 'security.istio.io/tlsMode';

/** The label that tells clients that a pod's sidecar speaks HBONE. */
export const TUNNEL = 'networking.istio.io/tunnel';

/** Pods of one kind: clients, and servers behind services. */
export interface Workload extends Listed {
  readonly object: MeshObject;
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name`. */
  readonly key: string;
  readonly dataPlane: Decision<DataPlane>;
  /** Whether the proxy is a gateway, whose listeners come from Gateway objects. */
  readonly isGateway: boolean;
  /** Whether the pods are a waypoint, which the mesh itself calls and no application. */
  readonly isWaypoint: boolean;
  readonly serviceAccount: string;
  /** The label that clients read: `istio` for pods that speak Istio mTLS. */
  readonly tlsMode: string;
  /** Whether the pods' own sidecar takes HBONE. */
  readonly hasTunnel: boolean;
  annotation(name: string): string | undefined;
  /** The number of a named port. */
  port(name: string): number | undefined;
  /** A reason that stands in a label or an annotation of the pods. */
  labelReason(name: string, text: string): Reason;
  annotationReason(name: string, text: string): Reason;
  objectReason(field: FieldPath, text: string): Reason;
  /** The same pods with another data plane: one of the possibilities where it is unknown. */
  withDataPlane(dataPlane: Decision<DataPlane>): Workload;
}

/** Whether a label's value names the tunnel that Istio knows (`model.SupportsTunnel`). */
export function namesTunnel(value: string | undefined): boolean {
  return value !== undefined && value.split(',').includes('http');
}
