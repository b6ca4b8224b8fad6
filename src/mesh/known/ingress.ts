import { namespaceOf } from '../facts';
import { asList, asText, at, FieldPath, own } from '../json';
import { MeshObject } from '../object';
import { Branch, INGRESS, Target } from './branch';

/** The branch of an Ingress that Istio serves. Who serves the others the manifests do not say. */
export function ingressBranches(object: MeshObject, clusterDomain: string): Branch[] {
  if ((object.annotation('kubernetes.io/ingress.class') ?? own(object.spec, 'ingressClassName')) !== 'istio') return [];
  const targets: Target[] = [];
  const read = (backend: unknown, path: FieldPath): void => {
    const service = own(backend, 'service');
    const name = asText(own(service, 'name'));
    const port = at(service, 'port', 'number') ?? at(service, 'port', 'name');
    if (name === undefined || (typeof port !== 'number' && typeof port !== 'string')) return;
    targets.push({ host: `${name}.${namespaceOf(object)}.svc.${clusterDomain}`, port, subset: '', field: [...path, 'service', 'name'] });
  };
  read(own(object.spec, 'defaultBackend'), ['spec', 'defaultBackend']);
  asList(own(object.spec, 'rules')).forEach((rule, index) => {
    asList(at(rule, 'http', 'paths')).forEach((one, place) => read(own(one, 'backend'), ['spec', 'rules', index, 'http', 'paths', place, 'backend']));
  });
  return targets.length === 0 ? [] : [{ object, targets, hosts: [], exportTo: [], gateway: INGRESS }];
}
