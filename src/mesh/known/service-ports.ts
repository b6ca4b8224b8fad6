import { Service } from '../services/service';

/** The ports that schemes stand for. */
const SCHEME_PORTS: { readonly [scheme: string]: number } = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  amqp: 5672,
  amqps: 5671,
  mysql: 3306,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  mongodb: 27017,
  ldap: 389,
  ldaps: 636,
};

/**
 * The service ports that are called: the one that is written, and none where
 * the service has no such port; else the one of the scheme, where the service
 * has it; else all of them, for then the program knows and the manifests do not
 * say.
 */
export function portsCalled(service: Service, port?: number, scheme?: string): readonly number[] {
  const all = service.ports.map(({ number }) => number);
  if (port !== undefined) return all.includes(port) ? [port] : [];
  const usual = schemePort(scheme);
  return usual !== undefined && all.includes(usual) ? [usual] : all;
}

/** The port that a scheme stands for. */
export function schemePort(scheme: string | undefined): number | undefined {
  return scheme !== undefined && Object.prototype.hasOwnProperty.call(SCHEME_PORTS, scheme) ? SCHEME_PORTS[scheme] : undefined;
}

/** The service port to which a route goes that names one or none (`GetDestinationCluster` in pilot/pkg/networking/core/route/route.go). */
export function portRouted(service: Service, port: number | string | undefined, listener: number | undefined): number | undefined {
  if (port !== undefined) return service.ports.find(({ number, name }) => number === port || name === port)?.number;
  return service.ports.length === 1 ? service.ports[0].number : service.ports.find(({ number }) => number === listener)?.number;
}
