/** DestinationRule: its CRD, its message and its webhook validation. */

import { isIpAddress } from './addresses';
import { Labels, Meta, WORKLOAD_SELECTOR, checkExportTo, checkLabels, checkWorkloadSelector } from './common';
import {
  CONNECTION_POOL, ConnectionPool, OUTLIER_DETECTION, OutlierDetection, checkConnectionPool, checkOutlierDetection,
} from './connection-pool';
import { fqdnProblem, isDnsLabel, portProblem, wildcardDomainProblem } from './hosts';
import { LOAD_BALANCER, LoadBalancer, checkLoadBalancer } from './load-balancer';
import { double, duration, list, map, message, text, uint32, words } from './notation';
import { Report, shown } from './report';
import { TLS_SETTINGS, TlsSettings, checkTls } from './tls';

interface PortPolicy {
  readonly port?: object;
  readonly loadBalancer?: LoadBalancer;
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
  readonly tls?: TlsSettings;
}

interface Tunnel {
  readonly protocol?: string;
  readonly targetHost?: string;
  readonly targetPort?: number;
}

interface TrafficPolicy extends PortPolicy {
  readonly portLevelSettings?: readonly PortPolicy[];
  readonly tunnel?: Tunnel;
  readonly proxyProtocol?: { readonly version?: string | number };
  readonly retryBudget?: object;
}

interface Subset {
  readonly name?: string;
  readonly labels?: Labels;
  readonly trafficPolicy?: TrafficPolicy;
}

/** A spec as the webhook sees it. */
interface Spec {
  readonly host?: string;
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets?: readonly Subset[];
  readonly exportTo?: readonly string[];
  readonly workloadSelector?: { readonly matchLabels?: Labels };
}

/** CRD and proto: istio.networking.v1alpha3.TrafficPolicy, the same at the top and in every subset. */
const TRAFFIC_POLICY = message({
  loadBalancer: LOAD_BALANCER,
  connectionPool: CONNECTION_POOL,
  outlierDetection: OUTLIER_DETECTION,
  tls: TLS_SETTINGS,
  portLevelSettings: list(message({
    port: message({ number: uint32() }),
    loadBalancer: LOAD_BALANCER,
    connectionPool: CONNECTION_POOL,
    outlierDetection: OUTLIER_DETECTION,
    tls: TLS_SETTINGS,
  }), { maxCount: 4096 }),
  tunnel: message({ protocol: text(), targetHost: text(), targetPort: uint32() }, { required: ['targetHost', 'targetPort'] }),
  proxyProtocol: message({ version: words('istio.networking.v1alpha3.TrafficPolicy.ProxyProtocol.VERSION', 'V1', 'V2') }),
  retryBudget: message({ percent: double({ minimum: 0, maximum: 100 }), minRetryConcurrency: uint32(), budgetInterval: duration() }),
});

/** CRD: destinationrules.networking.istio.io, and proto: istio.networking.v1alpha3.DestinationRule. */
export const DESTINATION_RULE = message({
  host: text(),
  trafficPolicy: TRAFFIC_POLICY,
  subsets: list(message({ name: text(), labels: map(text()), trafficPolicy: TRAFFIC_POLICY }, { required: ['name'] })),
  exportTo: list(text()),
  workloadSelector: WORKLOAD_SELECTOR,
}, {
  required: ['host'],
});

const POLICY_FIELDS = 'loadBalancer, connectionPool, outlierDetection, tls, portLevelSettings, tunnel, proxyProtocol, retryBudget';
const PORT_POLICY_FIELDS = 'loadBalancer, connectionPool, outlierDetection, tls';

/** istiod: pkg/config/validation/validation.go ValidateDestinationRule. */
export function checkDestinationRule(spec: Spec, meta: Meta, report: Report): void {
  const problem = wildcardDomainProblem(spec.host ?? '');
  if (problem !== undefined) report.webhook(problem, 'host', 'a domain name');
  checkTrafficPolicy(spec.trafficPolicy, meta.namespace, report, true);
  if (spec.subsets !== undefined && spec.subsets.length > 0) checkSubsets(spec.subsets, meta.namespace, report);
  checkExportTo(spec.exportTo, meta.namespace, report, { none: false, ownNamespaceOnly: spec.workloadSelector !== undefined });
  checkWorkloadSelector(spec.workloadSelector, report, 'workloadSelector');
}

/** istiod: validation.go validateSubset. The warnings of a subset's policy are lost in istiod. */
function checkSubsets(subsets: readonly Subset[], namespace: string, report: Report): void {
  const names = new Set<string>();
  report.down('subsets');
  for (let i = 0; i < subsets.length && !report.full; i++) {
    const { name = '', labels, trafficPolicy } = subsets[i];
    report.down(i);
    if (names.has(name)) report.webhook(`duplicate subset names: ${shown(name)}`, 'name');
    names.add(name);
    if (name === '') report.webhook('subset name cannot be empty', 'name', 'a DNS label');
    else if (!isDnsLabel(name)) report.webhook(`subset name is invalid: ${shown(name)}`, 'name', 'a DNS label');
    checkLabels(labels, report, 'labels');
    checkTrafficPolicy(trafficPolicy, namespace, report, false);
    report.up();
  }
  report.up();
}

/** istiod: validation.go validateTrafficPolicy. */
function checkTrafficPolicy(policy: TrafficPolicy | undefined, namespace: string, report: Report, warn: boolean): void {
  if (policy === undefined) return;
  const ports = policy.portLevelSettings ?? [];
  report.down('trafficPolicy');
  if (isEmptyPolicy(policy) && ports.length === 0
    && policy.tunnel === undefined && policy.proxyProtocol === undefined && policy.retryBudget === undefined) {
    report.webhook('traffic policy must have at least one field', undefined, POLICY_FIELDS);
  } else if (policy.tunnel !== undefined && policy.proxyProtocol !== undefined) {
    report.webhook('tunnel and proxyProtocol must not be set together', undefined, 'tunnel or proxyProtocol');
  } else {
    checkPolicy(policy, namespace, report, warn);
    if (ports.length > 0) checkPortPolicies(ports, namespace, report);
    if (policy.tunnel !== undefined) checkTunnel(policy.tunnel, report);
    const version = policy.proxyProtocol?.version;
    if (typeof version === 'number') report.webhook(`proxy protocol version is invalid: ${version}`, ['proxyProtocol', 'version'], 'V1, V2');
  }
  report.up();
}

function isEmptyPolicy(policy: PortPolicy): boolean {
  return policy.outlierDetection === undefined && policy.connectionPool === undefined
    && policy.loadBalancer === undefined && policy.tls === undefined;
}

/** What policies have in common, whether for all ports or for one. */
function checkPolicy(policy: PortPolicy, namespace: string, report: Report, warn: boolean): void {
  checkOutlierDetection(policy.outlierDetection, report, warn);
  checkConnectionPool(policy.connectionPool, report);
  checkLoadBalancer(policy.loadBalancer, policy.outlierDetection, report, warn);
  checkTls(policy.tls, namespace, report);
}

/** istiod: validation.go validatePortTrafficPolicies. The port's number itself is not looked at. */
function checkPortPolicies(policies: readonly PortPolicy[], namespace: string, report: Report): void {
  report.down('portLevelSettings');
  for (let i = 0; i < policies.length && !report.full; i++) {
    report.down(i);
    if (policies[i].port === undefined) report.webhook('portTrafficPolicy must have valid port', 'port', 'port.number');
    if (isEmptyPolicy(policies[i])) report.webhook('port traffic policy must have at least one field', undefined, PORT_POLICY_FIELDS);
    else checkPolicy(policies[i], namespace, report, false);
    report.up();
  }
  report.up();
}

/** istiod: validation.go validateTunnelSettings. */
function checkTunnel(tunnel: Tunnel, report: Report): void {
  report.down('tunnel');
  const { protocol = '', targetHost = '', targetPort = 0 } = tunnel;
  if (protocol !== '' && protocol !== 'CONNECT' && protocol !== 'POST') {
    report.webhook('tunnel protocol must be "CONNECT" or "POST"', 'protocol', 'CONNECT, POST');
  }
  const hostProblem = fqdnProblem(targetHost);
  if (hostProblem !== undefined && !isIpAddress(targetHost)) {
    report.webhook(
      `tunnel target host must be valid FQDN or IP address: ${hostProblem}; ${shown(targetHost)} is not a valid IP`, 'targetHost');
  }
  const problem = portProblem(targetPort);
  if (problem !== undefined) report.webhook(`tunnel target port is invalid: ${problem}`, 'targetPort', '1 to 65535');
  report.up();
}
