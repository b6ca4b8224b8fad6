import { createdAt } from '../age';
import { namespaceOf } from '../facts';
import { asList, asObject, asText, own, textEntries } from '../json';
import { selectorOf } from '../labels';
import { MeshObject } from '../object';
import { parseProtocol } from './protocol';
import { ListedEndpoint, Resolution, Service, ServicePort } from './service';
import { entryTlsMode } from '../workloads/workload-entry';

/**
 * The hosts of a ServiceEntry, each a service of its own (`convertServices` in pilot/pkg/serviceregistry/serviceentry/conversion.go).
 *
 * @param place of the first among all services
 */
export function serviceEntryHosts(object: MeshObject, place: number): Service[] {
  const spec = object.spec;
  const selector = asObject(own(spec, 'workloadSelector'));
  const listed = asList(own(spec, 'endpoints')).map(listedEndpoint);
  const common = {
    object,
    createdAt: createdAt(object),
    namespace: namespaceOf(object),
    ports: portsOf(spec),
    isKubernetes: false,
    isHeadless: false,
    resolution: resolutionOf(own(spec, 'resolution')),
    isExternal: own(spec, 'location') !== 'MESH_INTERNAL',
    exportTo: asList(own(spec, 'exportTo')).filter((item): item is string => typeof item === 'string'),
    selector: selector === undefined ? undefined : selectorOf(own(selector, 'labels')),
    listed,
  };
  const hosts = asList(own(spec, 'hosts')).filter((host): host is string => typeof host === 'string' && host !== '');
  // The API server takes a host twice, which changes nothing.
  return [...new Set(hosts)].map((host, index) => ({ ...common, host, name: host, place: place + index }));
}

function resolutionOf(value: unknown): Resolution {
  switch (value) {
    case 'STATIC': return 'endpoints';
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
    case 'DYNAMIC_DNS': return 'dns';
    default: return 'passthrough';
  }
}

function portsOf(spec: unknown): ServicePort[] {
  const ports: ServicePort[] = [];
  asList(own(spec, 'ports')).forEach((port, index) => {
    const number = own(port, 'number');
    const protocol = parseProtocol(asText(own(port, 'protocol')) ?? '');
    if (typeof number !== 'number' || protocol === 'udp') return;
    const target = own(port, 'targetPort');
    ports.push({
      number,
      name: asText(own(port, 'name')) ?? '',
      protocol,
      target: typeof target === 'number' && target > 0 ? target : number,
      path: ['spec', 'ports', index],
    });
  });
  return ports;
}

function listedEndpoint(endpoint: unknown, index: number): ListedEndpoint {
  const labels = new Map(textEntries(own(endpoint, 'labels')));
  const ports = Object.entries(asObject(own(endpoint, 'ports')) ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return {
    address: asText(own(endpoint, 'address')) ?? '',
    ports: new Map(ports),
    labels,
    tlsMode: entryTlsMode(labels.get('security.istio.io/tlsMode'), asText(own(endpoint, 'serviceAccount')) ?? ''),
    path: ['spec', 'endpoints', index],
  };
}
