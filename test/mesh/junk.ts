import { runInNewContext } from 'node:vm';
import { deployment, Fields, istio, namespace, service } from './build';

const circle: Record<string, unknown> = { mode: 'STRICT' };
circle.mtls = circle;
circle.tls = circle;
/** Values that no field should have. */
export const JUNK: readonly unknown[] = [
  undefined, null, '', 'x', 0, -1, 1.5, NaN, Infinity, true, [], {}, [null], [[]], { a: null }, circle, 10n, new Date(0), () => 1,
  JSON.parse('{"__proto__": {"mode": "STRICT"}, "constructor": 1, "toString": 2, "hasOwnProperty": 3}'), runInNewContext('({ mode: "STRICT" })'),
];

/** Objects of every kind that is read, with one value in each place that is read. */
export function junkObjects(value: unknown): unknown[] {
  const odd = (kind: string, apiVersion: string, spec: unknown): Fields => ({ kind, apiVersion, metadata: { name: 'odd', namespace: 'sv', labels: value, annotations: value }, spec });
  const template = { metadata: { labels: value, annotations: value }, spec: { containers: value, hostNetwork: value, serviceAccountName: value } };
  return [
    namespace('cl'), namespace('sv'), deployment('cl/client'), deployment('sv/web'), service('sv/web'),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'odd', labels: value } },
    odd('Deployment', 'apps/v1', value), odd('Deployment', 'apps/v1', { template }), odd('StatefulSet', 'apps/v1', { template: value }),
    odd('CronJob', 'batch/v1', { jobTemplate: { spec: { template: { metadata: { labels: { app: value } }, spec: { containers: [value, { ports: [value, { name: value, containerPort: value }] }] } } } } }),
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'sv', ownerReferences: value }, spec: value },
    odd('Service', 'v1', value), odd('Service', 'v1', { selector: value, ports: value, clusterIP: value, type: value, externalName: value }),
    odd('Service', 'v1', { selector: { app: 'web' }, ports: [value, { port: value, name: value, targetPort: value, protocol: value, appProtocol: value }, { port: 80, targetPort: value }] }),
    odd('Service', 'v1', { type: 'ExternalName', externalName: value, ports: [{ port: 80 }] }),
    istio('PeerAuthentication sv/a', value), istio('PeerAuthentication sv/b', { mtls: value, selector: value, portLevelMtls: value }),
    istio('PeerAuthentication sv/c', { mtls: { mode: value }, selector: { matchLabels: value }, portLevelMtls: { 8080: value, x: value } }),
    istio('PeerAuthentication sv/d', { selector: { matchLabels: { app: value } }, portLevelMtls: { 8080: { mode: value } } }, { creationTimestamp: value }),
    istio('DestinationRule sv/a', value), istio('DestinationRule sv/b', { host: value, trafficPolicy: value, subsets: value, exportTo: value, workloadSelector: value }),
    istio('DestinationRule sv/c', { host: 'web', trafficPolicy: { tls: value, loadBalancer: value, portLevelSettings: value }, subsets: [value, { name: value, labels: value, trafficPolicy: value }] }),
    istio('DestinationRule sv/d', { host: 'web', exportTo: [value], workloadSelector: { matchLabels: value }, trafficPolicy: { tls: { mode: value, subjectAltNames: value, credentialName: value } } }),
    istio('DestinationRule sv/e', { host: 'web', trafficPolicy: { portLevelSettings: [value, { port: value, tls: value }, { port: { number: value }, tls: { mode: value } }] } }),
    istio('ServiceEntry sv/a', value), istio('ServiceEntry sv/b', { hosts: value, ports: value, endpoints: value, location: value, resolution: value, workloadSelector: value, exportTo: value }),
    istio('ServiceEntry sv/c', { hosts: [value, 'x.example.com'], ports: [value, { number: value, protocol: value }, { number: 80, name: value, targetPort: value }], endpoints: [value, { address: value, ports: value, labels: value, serviceAccount: value }] }),
    istio('WorkloadEntry sv/a', value), istio('WorkloadEntry sv/b', { address: value, labels: value, ports: value, serviceAccount: value }),
    istio('Sidecar sv/a', value), istio('Sidecar cl/b', { egress: value, workloadSelector: value, outboundTrafficPolicy: value }),
    istio('Sidecar cl/c', { egress: [value, { hosts: value }, { hosts: [value], port: value }], workloadSelector: { labels: value } }),
    istio('Gateway sv/a', value), istio('Gateway sv/b', { selector: value, servers: value }), istio('Gateway sv/c', { selector: {}, servers: [value, { port: value, tls: value }, { port: { number: value, protocol: value }, tls: { mode: value } }] }),
  ];
}
