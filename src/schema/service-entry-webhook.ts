/** The webhook's validation of ServiceEntries. */

import { isIpAddress, subnetProblem } from './addresses';
import { Labels, Meta, checkExportTo, checkLabels, checkSelectorLabels, isEmpty } from './common';
import { fqdnProblem, isPartialWildcard, portNameProblem, portProblem, wildcardDomainProblem } from './hosts';
import { Report, quoted, shown } from './report';

interface Port {
  readonly number?: number;
  readonly name?: string;
  readonly protocol?: string;
  readonly targetPort?: number;
}

interface Endpoint {
  readonly address?: string;
  readonly network?: string;
  readonly ports?: Readonly<Record<string, number>>;
  readonly labels?: Labels;
}

/** A spec as the webhook sees it. */
export interface ServiceEntrySpec {
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  readonly ports?: readonly Port[];
  readonly location?: string | number;
  readonly resolution?: string | number;
  readonly endpoints?: readonly Endpoint[];
  readonly workloadSelector?: { readonly labels?: Labels };
  readonly exportTo?: readonly string[];
}

/** The spec with empty lists where there are none. */
interface Entry {
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
  readonly endpoints: readonly Endpoint[];
  readonly resolution: string | number;
  readonly portNames: ReadonlySet<string>;
}

const NOTHING: readonly never[] = [];
const PROTOCOLS = 'TCP, UDP, GRPC, GRPC-Web, HTTP, HTTP_PROXY, HTTP2, HTTPS, TLS, Mongo, Redis, MySQL';

/** istiod: pkg/config/protocol, by lower-case name. */
const HTTP = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const TLS = new Set(['https', 'tls']);
const TCP = new Set(['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql']);
const DYNAMIC = new Set(['http', 'http2', 'grpc', 'tls']);

/** Go lower-cases the Turkish capital I with dot to a plain i; JavaScript keeps the dot. */
function protocolOf(port: Port): string {
  return (port.protocol ?? '').replace(/\u0130/g, 'i').toLowerCase();
}

/** istiod: pkg/config/validation/validation.go ValidateServiceEntry. */
export function checkServiceEntry(spec: ServiceEntrySpec, meta: Meta, report: Report): void {
  const selector = spec.workloadSelector;
  if (selector !== undefined) {
    report.down('workloadSelector');
    const fine = checkSelectorLabels(selector.labels, report, 'labels');
    report.up();
    // istiod stops at a wrong selector, and forgets the warnings.
    if (!fine) return;
    if (isEmpty(selector.labels)) {
      report.warn('service entry: workload selector specified without labels, will be applied to all services in namespace');
    }
  }
  const ports = spec.ports ?? NOTHING;
  const entry: Entry = {
    hosts: spec.hosts ?? NOTHING,
    addresses: spec.addresses ?? NOTHING,
    ports,
    endpoints: spec.endpoints ?? NOTHING,
    resolution: spec.resolution ?? 'NONE',
    portNames: new Set(ports.map(port => port.name ?? '')),
  };
  if (selector !== undefined && entry.endpoints.length > 0) {
    report.webhook('only one of WorkloadSelector or Endpoints is allowed in Service Entry', 'endpoints');
  }
  checkHosts(entry, report);
  checkAddresses(entry, report);
  checkPorts(entry, meta, report);
  checkResolution(entry, spec, meta, report);
  if (entry.resolution !== 'NONE' && entry.hosts.length > 1) {
    const index = ports.findIndex(port => !HTTP.has(protocolOf(port)) && !TLS.has(protocolOf(port)));
    if (index >= 0) report.webhook('multiple hosts provided with non-HTTP, non-TLS ports', ['ports', index, 'protocol'], 'HTTP or TLS protocols');
  }
  checkExportTo(spec.exportTo, meta.namespace, report, { none: true, ownNamespaceOnly: false });
}

function checkHosts({ hosts, resolution }: Entry, report: Report): void {
  if (hosts.length === 0) report.webhook('service entry must have at least one host', 'hosts');
  for (let i = 0; i < hosts.length; i++) {
    const host = hosts[i];
    if (host === '*') {
      report.webhook('invalid host *', ['hosts', i]);
      continue;
    }
    const problem = wildcardDomainProblem(host);
    if (problem !== undefined) report.webhook(problem, ['hosts', i], 'a domain name');
    if (resolution !== 'DYNAMIC_DNS' && isPartialWildcard(host)) report.warn(`partial wildcard ${quoted(host)} not allowed`);
  }
}

function checkAddresses({ addresses, resolution }: Entry, report: Report): void {
  let cidr = false;
  for (let i = 0; i < addresses.length; i++) {
    if (addresses[i].includes('/')) cidr = true;
    const problem = subnetProblem(addresses[i]);
    if (problem !== undefined) report.webhook(`${shown(addresses[i])} ${problem}`, ['addresses', i], 'an IP address or CIDR block');
  }
  if (cidr && resolution !== 'NONE' && resolution !== 'STATIC') {
    report.webhook('CIDR addresses are allowed only for NONE/STATIC resolution types', 'addresses', 'IP addresses');
  }
}

/** istiod: pilot/pkg/networking/serviceentry ShouldV2AutoAllocateIPFromConfig, for an entry without addresses. */
function allocatesAddresses(resolution: string | number, labels: Labels): boolean {
  const label = 'networking.istio.io/enable-autoallocate-ip';
  return resolution !== 'NONE' && !(Object.hasOwn(labels, label) && labels[label].toLowerCase() === 'false');
}

function checkPorts({ ports, addresses, resolution }: Entry, meta: Meta, report: Report): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const needsAddresses = addresses.length === 0 && !allocatesAddresses(resolution, meta.labels);
  for (let i = 0; i < ports.length && !report.full; i++) {
    const { name = '', number = 0, protocol = '', targetPort = 0 } = ports[i];
    report.down('ports');
    report.down(i);
    if (names.has(name)) report.webhook(`service entry port name ${quoted(name)} already defined`, 'name');
    if (numbers.has(number)) report.webhook(`service entry port ${number} already defined`, 'number');
    names.add(name);
    numbers.add(number);
    if (targetPort !== 0) checkPort(targetPort, report, 'targetPort');
    if (needsAddresses && (protocol === '' || protocol === 'TCP')) {
      report.warn('addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled');
    }
    const problem = portNameProblem(name);
    if (problem !== undefined) report.webhook(problem, 'name', 'a DNS label');
    const known = protocolOf(ports[i]);
    if (protocol !== '' && known !== 'udp' && !HTTP.has(known) && !TCP.has(known)) {
      report.webhook(`unsupported protocol: ${shown(protocol)}`, 'protocol', PROTOCOLS);
    }
    checkPort(number, report, 'number');
    report.up();
    report.up();
  }
}

function checkPort(port: number, report: Report, step: string): void {
  const problem = portProblem(port);
  if (problem !== undefined) report.webhook(problem, step, '1 to 65535');
}

function checkResolution(entry: Entry, spec: ServiceEntrySpec, meta: Meta, report: Report): void {
  switch (entry.resolution) {
    case 'NONE':
      if (entry.endpoints.length > 0) report.webhook('no endpoints should be provided for resolution type none', 'endpoints');
      if (spec.workloadSelector !== undefined) report.warn('workloadSelector should not be set when resolution mode is NONE');
      break;
    case 'STATIC':
      checkEndpoints(entry, report, checkStaticEndpoint);
      break;
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      checkDns(entry, report);
      break;
    case 'DYNAMIC_DNS':
      checkDynamicDns(entry, spec, meta, report);
      break;
    default:
      report.webhook('unsupported resolution type ', 'resolution', 'NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS');
  }
}

function checkEndpoints(entry: Entry, report: Report, check: (endpoint: Endpoint, entry: Entry, report: Report) => void): void {
  report.down('endpoints');
  for (let i = 0; i < entry.endpoints.length && !report.full; i++) {
    report.down(i);
    check(entry.endpoints[i], entry, report);
    report.up();
  }
  report.up();
}

/** istiod: validation.go validateWorkloadEntry, with IP addresses only. */
function checkStaticEndpoint(endpoint: Endpoint, entry: Entry, report: Report): void {
  const { address = '', network = '' } = endpoint;
  if (address === '' && network === '') {
    report.webhook('address is required', 'address', 'an IP address');
    return;
  }
  if (address === '') report.warn(`address is unset with network ${quoted(network)}`);
  const unix = address.startsWith('unix://');
  if (unix) {
    const path = address.slice('unix://'.length);
    if (path === '') {
      report.webhook('unix address must not be empty', 'address', 'unix://PATH');
    } else if (!path.startsWith('@') && (!path.startsWith('/') || path.endsWith('/'))) {
      report.webhook(`${shown(path)} is not an absolute path to a file`, 'address', 'unix:///PATH');
    }
    if (!isEmpty(endpoint.ports)) report.webhook(`unix endpoint ${shown(address)} must not include ports`, 'ports');
  } else if (address !== '' && !isIpAddress(address)) {
    report.webhook(`endpoint address ${quoted(address)} is not a valid IP address`, 'address', 'an IP address');
  }
  checkEndpointPorts(endpoint, entry, report);
  checkLabels(endpoint.labels, report, 'labels');
  if (unix && entry.portNames.size !== 1) report.webhook('exactly 1 service port required for unix endpoints');
}

function checkDnsEndpoint(endpoint: Endpoint, entry: Entry, report: Report): void {
  const { address = '' } = endpoint;
  if (!isIpAddress(address) && fqdnProblem(address) !== undefined) {
    report.webhook(`endpoint address ${quoted(address)} is not a valid FQDN or an IP address`, 'address', 'a domain name or an IP address');
  }
  checkLabels(endpoint.labels, report, 'labels');
  checkEndpointPorts(endpoint, entry, report);
}

function checkEndpointPorts(endpoint: Endpoint, { portNames }: Entry, report: Report): void {
  const { ports } = endpoint;
  if (ports === undefined) return;
  report.down('ports');
  for (const name of Object.keys(ports)) {
    if (!portNames.has(name)) report.webhook(`endpoint port ${ports[name]} is not defined by the service entry`, name);
    const problem = portNameProblem(name);
    if (problem !== undefined) report.webhook(problem, name, 'a DNS label');
    checkPort(ports[name], report, name);
  }
  report.up();
}

function checkDns(entry: Entry, report: Report): void {
  const { hosts, endpoints, resolution } = entry;
  if (endpoints.length === 0) {
    const index = hosts.findIndex(host => fqdnProblem(host) !== undefined);
    if (index >= 0) {
      report.webhook(
        `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}, ${fqdnProblem(hosts[index])}`,
        ['hosts', index], 'a domain name without wildcard');
    }
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    report.webhook(`there must only be 0 or 1 endpoint for resolution mode ${resolution}`, 'endpoints');
  }
  checkEndpoints(entry, report, checkDnsEndpoint);
  if (entry.addresses.length > 0 && hosts.length > 1 && entry.ports.some(port => TCP.has(protocolOf(port)))) {
    report.warn('service entry can not have more than one host specified simultaneously with address and tcp port');
  }
}

function checkDynamicDns(entry: Entry, spec: ServiceEntrySpec, meta: Meta, report: Report): void {
  const { hosts, addresses, endpoints, ports } = entry;
  if (hosts.length === 0) report.webhook('at least one wildcard host must be provided for resolution type DYNAMIC_DNS', 'hosts');
  hosts.forEach((host, i) => {
    if (!host.startsWith('*')) report.webhook('host must be wildcarded for resolution mode DYNAMIC_DNS', ['hosts', i], '*.DOMAIN');
  });
  if (addresses.length > 0) {
    report.webhook(
      'addresses cannot be set for resolution type DYNAMIC_DNS. HTTP route domains will only be generatedfrom the hosts field values', 'addresses');
  }
  if (endpoints.length > 0) {
    report.webhook(
      'endpoints cannot be set for resolution type DYNAMIC_DNS. Destination IP address determined from hostsfield values', 'endpoints');
  }
  ports.forEach((port, i) => {
    if (!DYNAMIC.has(protocolOf(port))) {
      report.webhook(
        'only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type DYNAMIC_DNS', ['ports', i, 'protocol'], 'HTTP, TLS, GRPC, HTTP2');
    }
  });
  if (typeof spec.location === 'number') {
    report.webhook('location must be MESH_EXTERNAL or MESH_INTERNAL for resolution type DYNAMIC_DNS', 'location', 'MESH_EXTERNAL, MESH_INTERNAL');
  }
  if (spec.location === 'MESH_INTERNAL' && usesWaypoint(meta.labels)) {
    report.webhook('location MESH_INTERNAL with resolution type DYNAMIC_DNS is not supported when using waypoints', 'location', 'MESH_EXTERNAL');
  }
}

/** istiod: validation.go usesWaypoint. */
function usesWaypoint(labels: Labels): boolean {
  const label = 'istio.io/use-waypoint';
  return Object.hasOwn(labels, label) && labels[label] !== '' && labels[label].toLowerCase() !== 'none';
}
