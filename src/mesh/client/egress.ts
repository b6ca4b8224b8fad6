import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { asList, asText, own } from '../json';
import { Kinds } from '../kinds';
import { Branch, MESH } from '../known/branch';
import { isSeen } from '../known/branches';
import { fullHost, gatewaysIn } from '../known/virtual-service';
import { MeshObject } from '../object';
import { isCovered } from '../rules/host-index';
import { Service, ServicePort } from '../services/service';

/** A host of an egress listener, `~` and namespace apart. */
interface EgressHost {
  readonly isExcluded: boolean;
  /** `*` for all. */
  readonly namespace: string;
  readonly name: string;
}

/** A host to which a VirtualService leads the calls of sidecars. */
interface Destination extends Pick<Branch, 'object' | 'hosts' | 'exportTo'> {
  /** The service port; undefined for all. */
  readonly port?: number;
  /** The namespaces whose callers it is for; undefined for all. */
  readonly sources?: readonly string[];
}

/** What the egress listeners of Sidecar objects import: services, and the services to which imported VirtualServices lead. */
export class Egress {
  /** By the host to which they lead; undefined until they are asked for. */
  private byHost?: ReadonlyMap<string, readonly Destination[]>;

  constructor(private readonly facts: MeshFacts) {}

  /**
   * Whether a listener imports a service port, by itself (`selectServices` in
   * pilot/pkg/model/sidecar.go) or by a VirtualService (`collectImportedServices`).
   */
  imports(listener: unknown, clientNamespace: string, service: Service, port: ServicePort): boolean {
    const number = own(own(listener, 'port'), 'number');
    const isForPort = typeof number === 'number' && number !== 0;
    if (isForPort && number !== port.number) return false;
    const hosts = hostsOf(listener, clientNamespace);
    const covers = (host: string): boolean => isCovered(service.host, host);
    // The port of a listener counts instead of those that routes name.
    return selects(hosts, service.namespace, covers, covers) || this.importsRoute(hosts, clientNamespace, service, isForPort ? undefined : port);
  }

  private importsRoute(hosts: readonly EgressHost[], clientNamespace: string, service: Service, port?: ServicePort): boolean {
    const isImported = (name: string, namespace: string): boolean =>
      selects(hosts, namespace, host => isCovered(name, host) || isCovered(host, name), host => isCovered(name, host));
    return (this.destinations.get(service.host) ?? []).some(one => isSeen(one, clientNamespace)
      && (port === undefined || one.port === undefined || one.port === port.number)
      && (one.sources === undefined || one.sources.includes(clientNamespace))
      && one.hosts.some(name => isImported(name, namespaceOf(one.object))));
  }

  private get destinations(): ReadonlyMap<string, readonly Destination[]> {
    if (this.byHost === undefined) {
      const byHost = new Map<string, Destination[]>();
      for (const object of inCluster(this.facts, Kinds.VIRTUAL_SERVICE)) {
        eachDestination(object, this.facts.settings.clusterDomain, (host, destination) => {
          const list = byHost.get(host);
          if (list === undefined) byHost.set(host, [destination]);
          else list.push(destination);
        });
      }
      this.byHost = byHost;
    }
    return this.byHost;
  }
}

/**
 * Calls back for every destination, whatever its weight:
 * `virtualServiceDestinationsFilteredBySourceNamespace` in
 * pilot/pkg/model/push_context.go, which looks at the namespaces of HTTP routes only.
 */
function eachDestination(object: MeshObject, clusterDomain: string, visit: (host: string, destination: Destination) => void): void {
  const { spec } = object;
  const namespace = namespaceOf(object);
  if (gatewaysIn(spec, namespace)?.includes(MESH) === false) return;
  const hosts = texts(own(spec, 'hosts')).map(host => fullHost(host, namespace, clusterDomain));
  const common = { object, hosts, exportTo: texts(own(spec, 'exportTo')) };
  const read = (destination: unknown, sources: readonly string[]): void => {
    const host = asText(own(destination, 'host'));
    const port = own(own(destination, 'port'), 'number');
    if (host === undefined) return;
    visit(fullHost(host, namespace, clusterDomain), {
      ...common, port: typeof port === 'number' && port > 0 ? port : undefined, sources: sources.length > 0 ? sources : undefined,
    });
  };
  for (const protocol of ['http', 'tls', 'tcp']) {
    for (const route of asList(own(spec, protocol))) {
      const sources = protocol === 'http' ? texts(asList(own(route, 'match')).map(match => own(match, 'sourceNamespace'))).filter(one => one !== '') : [];
      for (const way of [...asList(own(route, 'route')), ...asList(own(route, 'mirrors'))]) read(own(way, 'destination'), sources);
      read(own(route, 'mirror'), sources);
    }
  }
}

function texts(value: unknown): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string');
}

function hostsOf(listener: unknown, clientNamespace: string): EgressHost[] {
  return asList(own(listener, 'hosts')).flatMap(host => {
    const match = /^(~?)([^/]*)\/([^/]+)$/.exec(asText(host) ?? '');
    if (match === null) return [];
    const [, tilde, place, name] = match;
    if (tilde === '' && place === '') return [];
    return [{ isExcluded: tilde !== '', namespace: place === '.' ? clientNamespace : place === '' ? '*' : place, name }];
  });
}

/** Whether some host of a listener is one that includes, and none of those that are to be left out is one that excludes. */
function selects(
  hosts: readonly EgressHost[], namespace: string, includes: (host: string) => boolean, excludes: (host: string) => boolean,
): boolean {
  let isIncluded = false;
  for (const host of hosts) {
    if (host.namespace !== '*' && host.namespace !== namespace) continue;
    if (host.isExcluded) {
      if (excludes(host.name)) return false;
    } else {
      isIncluded ||= includes(host.name);
    }
  }
  return isIncluded;
}
