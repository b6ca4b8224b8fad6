import { Connection } from '../../mesh/connection';
import { Service, ServicePort } from '../../mesh/services/service';
import { RuleContext } from '../rule';

/** A service port that a rule looks at. */
export interface CalledPort {
  readonly service: Service;
  readonly port: ServicePort;
}

/** What tells the ports apart. */
export function keyOf({ host, port }: Pick<Connection, 'host' | 'port'>): string {
  return `${host} ${port}`;
}

/** The service ports of the mesh of which something holds. */
export function portsWhere({ model }: RuleContext, holds: (service: Service, port: ServicePort) => boolean): ReadonlyMap<string, CalledPort> {
  const ports = new Map<string, CalledPort>();
  for (const service of model.inventory.services) {
    for (const port of service.ports) {
      if (holds(service, port)) ports.set(keyOf({ host: service.host, port: port.number }), { service, port });
    }
  }
  return ports;
}

/** The calls to some service ports that the manifests show to be made, of clients with and without a proxy. */
export function* knownCallsTo({ model }: RuleContext, ports: ReadonlyMap<string, CalledPort>): Generator<Connection> {
  // Most inputs have no such port, and the calls of their clients need not be looked at.
  if (ports.size === 0) return;
  for (const client of model.inventory.workloads) {
    for (const call of model.known.callsOf(client)) {
      const called = ports.get(keyOf(call));
      if (called === undefined) continue;
      for (const connection of model.callsTo(client, called.service, called.port)) {
        if (connection.subset === call.subset) yield connection;
      }
    }
  }
}
