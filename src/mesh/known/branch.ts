import { FieldPath } from '../json';
import { MeshObject } from '../object';

/** Where a route leads. */
export interface Target {
  /** The full host. */
  readonly host: string;
  /** The service port or its name, where the route says it. */
  readonly port?: number | string;
  /** The subset, or empty. */
  readonly subset: string;
  readonly field: FieldPath;
}

/** What happens to the calls of some hosts at one gateway, or in the sidecars of the callers (`MESH`). */
export interface Branch {
  readonly object: MeshObject;
  /** Whether it is for HTTP, or for what is not read as HTTP; undefined where it is for whatever arrives. */
  readonly isHttp?: boolean;
  /** Full hosts, wildcards included. */
  readonly hosts: readonly string[];
  /** `MESH`, or the key of a gateway. */
  readonly gateway: string;
  /** The port on which the calls arrive, where only one counts. */
  readonly port?: number;
  /** The namespace whose callers it is for; undefined for all. */
  readonly sourceNamespace?: string;
  /** The namespaces that see it; empty means all. */
  readonly exportTo: readonly string[];
  readonly targets: readonly Target[];
}

/** The sidecars of the callers, as VirtualServices name them. */
export const MESH = 'mesh';

/** The key of an Istio Gateway. */
export function istioGateway(namespace: string, name: string): string {
  return `istio ${namespace}/${name}`;
}

/** The key of a Gateway of the Gateway API. */
export function apiGateway(namespace: string, name: string): string {
  return `api ${namespace}/${name}`;
}

/** The gateways that serve the Ingresses of class `istio`. */
export const INGRESS = 'ingress';
