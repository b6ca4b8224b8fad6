import { namespaceOf } from '../facts';
import { asList, asObject, asText, FieldPath, own } from '../json';
import { MeshObject } from '../object';
import { Branch, istioGateway, MESH, Target } from './branch';

/** The branches of a VirtualService: one for each route, match and gateway. */
export function virtualServiceBranches(object: MeshObject, clusterDomain: string): Branch[] {
  const { spec } = object;
  const namespace = namespaceOf(object);
  const full = (host: string): string => fullHost(host, namespace, clusterDomain);
  const hosts = texts(own(spec, 'hosts')).map(full);
  const exportTo = texts(own(spec, 'exportTo'));
  const gateways = gatewaysIn(spec, namespace) ?? [MESH];
  const branches: Branch[] = [];
  for (const protocol of ['http', 'tls', 'tcp']) {
    asList(own(spec, protocol)).forEach((route, index) => {
      const targets = targetsOf(route, ['spec', protocol, index], full);
      if (targets.length === 0) return;
      const matches = asList(own(route, 'match'));
      for (const match of matches.length > 0 ? matches : [undefined]) {
        const port = own(match, 'port');
        const sourceNamespace = asText(own(match, 'sourceNamespace')) || undefined;
        for (const gateway of gatewaysIn(match, namespace) ?? gateways) {
          branches.push({
            object, hosts, exportTo, targets, gateway, sourceNamespace, isHttp: protocol === 'http', port: typeof port === 'number' && port > 0 ? port : undefined,
          });
        }
      }
    });
  }
  return branches;
}

/** A host as a VirtualService of a namespace means it. */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespace}.svc.${clusterDomain}`;
}

/** The keys of the gateways that a VirtualService or a match in it names; undefined where it names none. */
export function gatewaysIn(object: unknown, namespace: string): readonly string[] | undefined {
  const names = texts(own(object, 'gateways'));
  if (names.length === 0) return undefined;
  return [...new Set(names.map(name => {
    const [first, second] = name.split('/');
    return name === MESH ? MESH : second === undefined ? istioGateway(namespace, first) : istioGateway(first, second);
  }))];
}

function targetsOf(route: unknown, path: FieldPath, full: (host: string) => string): Target[] {
  const targets: Target[] = [];
  const read = (destination: unknown, field: FieldPath): void => {
    const host = asText(own(destination, 'host'));
    if (host === undefined || host === '') return;
    const port = own(own(destination, 'port'), 'number');
    targets.push({
      host: full(host), subset: asText(own(destination, 'subset')) ?? '', field, port: typeof port === 'number' && port > 0 ? port : undefined,
    });
  };
  const ways = asList(own(route, 'route'));
  ways.forEach((way, index) => {
    // Beside others, a way without weight is not taken.
    if (ways.length > 1 && own(way, 'weight') === 0) return;
    read(own(way, 'destination'), [...path, 'route', index, 'destination', 'host']);
  });
  if (asObject(own(route, 'mirror')) !== undefined) read(own(route, 'mirror'), [...path, 'mirror', 'host']);
  asList(own(route, 'mirrors')).forEach((mirror, index) => read(own(mirror, 'destination'), [...path, 'mirrors', index, 'destination', 'host']));
  return targets;
}

function texts(value: unknown): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string');
}
