import { ambientWorkloads } from './ambient-workloads';
import { tlsBlocks } from './client-tls';
import { Severity } from './finding';
import { MODEL, Rule, RuleContext } from './rule';
import { workloadsByNamespace } from './selections';
import { waypointOf } from '../mesh/client/waypoint';
import { Kinds } from '../mesh/kinds';
import { isSelected } from '../mesh/labels';
import { DestinationRule, destinationRule } from '../mesh/rules/destination-rule';
import { Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: cart, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: cart}}
          spec: {containers: [{name: cart, env: [{name: PARTNER, value: "http://partner.example.com"}]}]}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: partner, namespace: shop}
      spec: {host: partner.example.com, trafficPolicy: {tls: {mode: SIMPLE}}}
      ---`;

export const rule: Rule = {
  code: 'MTLS403',
  name: 'client-tls-ignored-in-ambient',
  severity: Severity.WARNING,
  reads: [Kinds.DESTINATION_RULE, MODEL],
  summary: 'A DestinationRule originates TLS for a host that only clients in ambient call, and no waypoint is in between.',
  why: 'ztunnel reads no DestinationRules. The call leaves as the application wrote it: plaintext where TLS was meant, and an error from a port that expects TLS.',
  fix: 'Send the calls through a waypoint, which originates the TLS: label the Service or ServiceEntry with istio.io/use-waypoint.',
  references: [
    { title: 'How a waypoint applies the rule of a destination', where: 'pilot/pkg/networking/core/cluster_waypoint.go' },
    { title: 'Istio: Configure waypoint proxies', where: 'https://istio.io/latest/docs/ambient/usage/waypoint/' },
  ],
  examples: {
    settings: { ambient: true },
    invalid: `${WORLD}
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: partner, namespace: shop}
      spec:
        hosts: [partner.example.com]
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
        resolution: DNS
    `,
    fixed: `${WORLD}
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: partner, namespace: shop, labels: {istio.io/use-waypoint: egress}}
      spec:
        hosts: [partner.example.com]
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
        resolution: DNS
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: egress, namespace: shop, labels: {istio.io/waypoint-for: service}}
      spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
    `,
    valid: `${WORLD}
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: partner, namespace: shop}
      spec:
        hosts: [partner.example.com]
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
        resolution: DNS
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: batch, namespace: shop}
      spec: {template: {metadata: {labels: {app: batch, sidecar.istio.io/inject: "true"}}}}
    `,
  },
  each(object, context) {
    // Only TLS of one's own is missed: to the mesh's, and to none, ztunnel has its own answer.
    if (!context.settings.ambient || ambientWorkloads(context).length === 0) return;
    const block = tlsBlocks(object).find(({ mode }) => mode === 'SIMPLE' || mode === 'MUTUAL');
    if (block === undefined || context.acceptance(object)?.accepted !== true) return;
    const found = destinationRule(object, context.settings.clusterDomain);
    const services = found === undefined ? [] : context.model.inventory.servicesOf(found.host);
    // A host that nothing of the input has is MTLS216's.
    if (found === undefined || services.length === 0 || services.some(service => usesWaypoint(service, context))) return;
    const clients = clientsOf(found, context);
    if (clients === undefined || !clients.hasAmbient || clients.hasOther) return;
    const calls = callers(context).get(found.host)?.filter(({ client }) => sees(found, client)) ?? [];
    const { kind, namespace, name } = services[0].object;
    context.report({
      at: object,
      field: [...block.path, 'mode'],
      see: [...new Set([services[0].object, ...calls.map(({ client }) => client.object)])].slice(0, 5),
      calls: calls.map(({ client, port }) => `${client.key} -> ${found.host}:${port}`),
      what: `${block.mode!} for ${block.scope} is not applied: its clients are in ambient, and no waypoint stands in between`,
      fix: `Label ${kind} ${namespace}/${name} with istio.io/use-waypoint: egress, and create the waypoint: a Gateway egress in namespace `
        + `${services[0].namespace} with gatewayClassName: istio-waypoint and one listener {name: mesh, port: 15008, protocol: HBONE}.`,
      ...calls.length > 0 ? {} : { condition: `no client with a sidecar, which the input does not show, calls ${found.host}` },
    });
  },
};

function usesWaypoint(service: Service, context: RuleContext): boolean {
  const waypoint = waypointOf(service, context.model.inventory);
  return waypoint !== undefined && waypoint.name !== 'none';
}

/** What carries the traffic of a group of clients. */
interface Clients {
  readonly hasAmbient: boolean;
  /** Whether some of them have a sidecar, or may have one. */
  readonly hasOther: boolean;
}

/** The clients that find a rule. */
function clientsOf(found: DestinationRule, context: RuleContext): Clients | undefined {
  const byNamespace = clientsByNamespace(context);
  const isForAll = found.exportTo.size === 0 ? context.settings.exportDestinationRules : found.exportTo.has('*');
  if (isForAll) return byNamespace.get('*');
  if (found.workloadSelector !== undefined) {
    return merge((workloadsByNamespace(context).get(found.namespace) ?? []).filter(one => isSelected(one, found.workloadSelector!)));
  }
  const places = new Set([...found.exportTo].map(place => place === '.' ? found.namespace : place)).add(found.namespace);
  const groups = [...places].flatMap(place => byNamespace.get(place) ?? []);
  return { hasAmbient: groups.some(({ hasAmbient }) => hasAmbient), hasOther: groups.some(({ hasOther }) => hasOther) };
}

/** The clients of each namespace, and those of all under `*`. */
function clientsByNamespace(context: RuleContext): ReadonlyMap<string, Clients> {
  return context.once(clientsByNamespace, () => {
    const all = [...workloadsByNamespace(context)].map(([namespace, workloads]): [string, Clients] => [namespace, merge(workloads)]);
    const hasAmbient = all.some(([, clients]) => clients.hasAmbient);
    return new Map([...all, ['*', { hasAmbient, hasOther: all.some(([, clients]) => clients.hasOther) }]]);
  });
}

function merge(workloads: readonly Workload[]): Clients {
  return {
    hasAmbient: workloads.some(({ dataPlane }) => dataPlane.value === 'ambient'),
    hasOther: workloads.some(({ dataPlane }) => dataPlane.value === 'sidecar' || dataPlane.value === 'unknown'),
  };
}

/** Whether a client is among those for whom a rule is. */
function sees({ exportTo, namespace, workloadSelector }: DestinationRule, client: Workload): boolean {
  if (workloadSelector !== undefined) return client.namespace === namespace && isSelected(client, workloadSelector);
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has(client.namespace) || client.namespace === namespace;
}

interface Call {
  readonly client: Workload;
  readonly port: number;
}

/** The calls that clients in ambient are shown to make, by host. */
function callers(context: RuleContext): ReadonlyMap<string, readonly Call[]> {
  return context.once(callers, () => {
    const byHost = new Map<string, Call[]>();
    for (const client of ambientWorkloads(context)) {
      for (const { host, port } of context.model.known.callsOf(client)) {
        const list = byHost.get(host) ?? [];
        // A route that names subsets makes several calls of one, which follow each other.
        const last = list[list.length - 1];
        if (last?.client !== client || last.port !== port) list.push({ client, port });
        byHost.set(host, list);
      }
    }
    return byHost;
  });
}
