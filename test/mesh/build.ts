import { connectionJson, ConnectionJson } from '../../src/mesh/connection';
import { Mesh } from '../../src/mesh/mesh';
import { MeshSettings } from '../../src/mesh/settings';
import { meshOf } from '../conformance/connections';

/** The fields of a manifest, which tests may fill with anything. */
export type Fields = { readonly [key: string]: unknown };

const INJECTED: Fields = { 'istio-injection': 'enabled' };

/** A Namespace; its pods get sidecars unless other labels are given. */
export function namespace(name: string, labels: Fields = INJECTED): Fields {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A Deployment `namespace/name` with the label `app: name` and more, and a container port `web` 8080. */
export function deployment(key: string, labels: Fields = {}, template: { readonly annotations?: Fields; readonly spec?: Fields } = {}): Fields {
  const [place, name] = key.split('/');
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: place, name },
    spec: {
      template: {
        metadata: { labels: { app: name, ...labels }, annotations: template.annotations },
        spec: { containers: [{ name: 'app', ports: [{ name: 'web', containerPort: 8080 }] }], ...template.spec },
      },
    },
  };
}

/** A Service `namespace/name` that selects `app: name`, with port 80 to workload port 8080 unless the spec says otherwise. */
export function service(key: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  const [place, name] = key.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: place, name, ...metadata },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  };
}

/** A headless Service `namespace/name` with one port. */
export function headless(key: string, portName = 'http', metadata: Fields = {}): Fields {
  return service(key, { clusterIP: 'None', ports: [{ name: portName, port: 8080 }] }, metadata);
}

/** An Istio object `Kind namespace/name`. */
export function istio(title: string, spec: unknown, metadata: Fields = {}): Fields {
  const [kind, key] = title.split(' ');
  const [place, name] = key.split('/');
  const group = kind === 'PeerAuthentication' ? 'security' : 'networking';
  return { apiVersion: `${group}.istio.io/v1`, kind, metadata: { namespace: place, name, ...metadata }, spec };
}

/** A PeerAuthentication with a mode, for a namespace, or for `app: …` and its ports. */
export function policy(key: string, mode?: string, app?: string, ports?: { readonly [port: string]: string }, metadata: Fields = {}): Fields {
  return istio(`PeerAuthentication ${key}`, {
    ...app === undefined ? {} : { selector: { matchLabels: { app } } },
    ...mode === undefined ? {} : { mtls: { mode } },
    ...ports === undefined ? {} : { portLevelMtls: Object.fromEntries(Object.entries(ports).map(([port, one]) => [port, { mode: one }])) },
  }, metadata);
}

/** A DestinationRule with a TLS mode and more. */
export function rule(key: string, host: string, mode?: string, more: Fields = {}, metadata: Fields = {}): Fields {
  return istio(`DestinationRule ${key}`, { host, ...mode === undefined ? {} : { trafficPolicy: { tls: { mode } } }, ...more }, metadata);
}

/** A mesh in which nothing is unknown, unless the settings say otherwise. */
export function mesh(objects: readonly unknown[], settings: MeshSettings = {}): Mesh {
  return meshOf(objects, { openWorld: false, ...settings });
}

/** Every connection as plain data. */
export function connections(objects: readonly unknown[], settings?: MeshSettings): ConnectionJson[] {
  return [...mesh(objects, settings).model.connections()].map(connectionJson);
}

/** What a connection amounts to, on one line: `istio-mtls to STRICT: mtls`. */
export function inShort({ clientSends, serverMode, outcome, hangs }: ConnectionJson): string {
  return `${clientSends} to ${serverMode}: ${outcome}${hangs ? ' (hangs)' : ''}`;
}

/** The answers to `client server[/subset]`, for the default service port; several where several endpoints answer. */
export function calls(objects: readonly unknown[], client: string, host: string, settings?: MeshSettings): string[] {
  const [name, subset = ''] = host.split('/');
  return connections(objects, settings)
    .filter(one => one.client === client && (one.host === name || one.host.startsWith(`${name}.`)) && one.subset === subset)
    .map(one => `${one.server ?? 'outside'}: ${inShort(one)}`);
}

/** A client in namespace `cl`, and a server `web` with a Service in namespace `sv`, both with sidecars. */
export const PAIR: readonly Fields[] = [namespace('cl'), namespace('sv'), deployment('cl/client'), deployment('sv/web', { version: 'v1' }), service('sv/web')];

/** The host of the pair's server. */
export const WEB = 'web.sv.svc.cluster.local';

/** What the pair's client gets from its server, with more objects in the mesh. */
export function web(more: readonly unknown[], settings?: MeshSettings, host = WEB): string {
  const answers = calls([...PAIR, ...more], 'cl/client', host, settings);
  return answers.map(answer => answer.replace('sv/web: ', '')).join(' | ');
}
