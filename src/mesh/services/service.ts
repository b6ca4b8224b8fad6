import { FieldPath } from '../json';
import { Selector } from '../labels';
import { MeshObject } from '../object';
import { Protocol } from './protocol';

/** A port under which a service is called. */
export interface ServicePort {
  /** The service port. */
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
  /** The workload port behind it, or its name. */
  readonly target: number | string;
  /** Where the port stands in the service's object. */
  readonly path: FieldPath;
}

/**
 * How a client's proxy finds the endpoints. `passthrough`: it does not, it
 * connects to the address that the application chose.
 */
export type Resolution = 'endpoints' | 'passthrough' | 'dns';

/** An endpoint that a ServiceEntry lists by its address. */
export interface ListedEndpoint {
  readonly address: string;
  readonly ports: ReadonlyMap<string, number>;
  readonly labels: ReadonlyMap<string, string>;
  /** `istio` where the endpoint says that it has a mesh certificate. */
  readonly tlsMode: string;
  readonly path: FieldPath;
}

/** A host that can be called: a Kubernetes Service, or one host of a ServiceEntry. */
export interface Service {
  /** The place among all services of the mesh, for those who keep something for each: a list of them takes a fraction of a map. `UNLISTED` for none. */
  readonly place: number;
  readonly object: MeshObject;
  readonly createdAt: number;
  readonly host: string;
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly ServicePort[];
  readonly isKubernetes: boolean;
  /** A Kubernetes Service with `clusterIP: None`. */
  readonly isHeadless: boolean;
  readonly resolution: Resolution;
  /** Outside the mesh (`location: MESH_EXTERNAL`, ServiceEntry's default). */
  readonly isExternal: boolean;
  /** Namespaces that may see the service; empty means all. */
  readonly exportTo: readonly string[];
  /** The pods behind the service; undefined when it selects none. */
  readonly selector?: Selector;
  /** Endpoints that the object itself lists. */
  readonly listed: readonly ListedEndpoint[];
  /** The host for which an ExternalName Service is another name. */
  readonly aliasOf?: string;
}

/** The place of a service that no object of the input is. */
export const UNLISTED = -1;

/** Whether a service is among those of the mesh. */
export function isListed({ place }: Service): boolean {
  return place !== UNLISTED;
}
