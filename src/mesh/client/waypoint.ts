import { Reason } from '../decision';
import { Inventory } from '../inventory';
import { asText, at } from '../json';
import { MeshObject } from '../object';
import { Service } from '../services/service';

const USE_WAYPOINT = 'istio.io/use-waypoint';

/** A waypoint through which ztunnel sends what goes to a service. */
export interface Waypoint {
  readonly namespace: string;
  readonly name: string;
  /** The label that names it. */
  readonly reason: Reason;
}

/**
 * The waypoint of a service, by the label of the service or of its namespace.
 * Sidecars and gateways do not use waypoints of services (pilot/pkg/xds/endpoints/endpoint_builder.go).
 */
export function waypointOf(service: Service, inventory: Inventory): Waypoint | undefined {
  return named(service.object, service) ?? named(inventory.namespace(service.namespace).object, service);
}

function named(object: MeshObject | undefined, service: Service): Waypoint | undefined {
  const label = (name: string): string | undefined => asText(at(object?.metadata, 'labels', name)) || undefined;
  const name = label(USE_WAYPOINT);
  // `none` on a service takes it out of what its namespace says.
  if (object === undefined || name === undefined) return undefined;
  const namespace = label(`${USE_WAYPOINT}-namespace`) ?? service.namespace;
  return {
    namespace,
    name,
    reason: {
      object,
      field: ['metadata', 'labels', USE_WAYPOINT],
      text: name === 'none'
        ? 'the label keeps the calls from going through a waypoint' : `the client's ztunnel sends the call through the waypoint ${namespace}/${name}`,
    },
  };
}
