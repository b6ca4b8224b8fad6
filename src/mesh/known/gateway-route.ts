import { namespaceOf } from '../facts';
import { asList, asText, FieldPath, own } from '../json';
import { Kinds } from '../kinds';
import { MeshObject } from '../object';
import { apiGateway, Branch, MESH, Target } from './branch';

/** The kinds of routes of the Gateway API. */
export const ROUTE_KINDS: readonly string[] = [Kinds.HTTP_ROUTE, Kinds.GRPC_ROUTE, Kinds.TCP_ROUTE, Kinds.TLS_ROUTE];

/** The branches of a route of the Gateway API: one for each parent, a Gateway or a Service whose callers it is for. */
export function gatewayRouteBranches(object: MeshObject, clusterDomain: string): Branch[] {
  const { spec } = object;
  const namespace = namespaceOf(object);
  const hostOf = (reference: unknown): string => `${asText(own(reference, 'name')) ?? ''}.${asText(own(reference, 'namespace')) || namespace}.svc.${clusterDomain}`;
  const targets = targetsOf(spec, hostOf);
  return targets.length === 0 ? [] : asList(own(spec, 'parentRefs')).flatMap((parent): Branch[] => {
    const kind = own(parent, 'kind') ?? 'Gateway';
    const name = asText(own(parent, 'name'));
    const port = own(parent, 'port');
    const common = { object, targets, exportTo: [], port: typeof port === 'number' ? port : undefined };
    if (name === undefined) return [];
    if (kind === 'Gateway') return [{ ...common, hosts: [], gateway: apiGateway(asText(own(parent, 'namespace')) || namespace, name) }];
    return kind === 'Service' ? [{ ...common, hosts: [hostOf(parent)], gateway: MESH }] : [];
  });
}

function targetsOf(spec: unknown, hostOf: (reference: unknown) => string): Target[] {
  const targets: Target[] = [];
  const read = (reference: unknown, field: FieldPath): void => {
    const kind = own(reference, 'kind') ?? 'Service';
    const name = asText(own(reference, 'name'));
    const port = own(reference, 'port');
    if (name === undefined || (kind !== 'Service' && kind !== 'Hostname')) return;
    targets.push({ host: kind === 'Service' ? hostOf(reference) : name, subset: '', field, port: typeof port === 'number' ? port : undefined });
  };
  asList(own(spec, 'rules')).forEach((rule, index) => {
    const path = ['spec', 'rules', index];
    const backends = asList(own(rule, 'backendRefs'));
    backends.forEach((backend, at) => {
      // Weight 0 gets nothing, also where there is no other backend.
      if (own(backend, 'weight') !== 0) read(backend, [...path, 'backendRefs', at, 'name']);
    });
    asList(own(rule, 'filters')).forEach((filter, at) => {
      const mirror = own(own(filter, 'requestMirror'), 'backendRef');
      if (mirror !== undefined) read(mirror, [...path, 'filters', at, 'requestMirror', 'backendRef', 'name']);
    });
  });
  return targets;
}
