import { createdAt } from '../age';
import { namespaceOf } from '../facts';
import { asList, asObject, asText, FieldPath, own } from '../json';
import { Kinds } from '../kinds';
import { Selector, selectorOf, selectsAll } from '../labels';
import { MeshObject } from '../object';
import { portProtocol } from './protocol';
import { ListedEndpoint, Service, ServicePort } from './service';

/** A Kubernetes Service as Istio sees it (`ConvertService` in pilot/pkg/serviceregistry/kube/conversion.go). */
export function kubernetesService(object: MeshObject, clusterDomain: string): Service {
  const namespace = namespaceOf(object);
  const spec = object.spec;
  const externalName = own(spec, 'type') === 'ExternalName' ? asText(own(spec, 'externalName')) ?? '' : undefined;
  const isHeadless = externalName === undefined && own(spec, 'clusterIP') === 'None';
  const exportTo = object.annotation('networking.istio.io/exportTo');
  return {
    object,
    createdAt: createdAt(object),
    host: `${object.name}.${namespace}.svc.${clusterDomain}`,
    namespace,
    name: object.name,
    ports: portsOf(spec),
    isKubernetes: true,
    isHeadless,
    resolution: isHeadless ? 'passthrough' : 'endpoints',
    isExternal: false,
    exportTo: exportTo === undefined ? NONE : exportTo.split(',').map(item => item.trim()).filter(item => item !== ''),
    selector: externalName === undefined ? selectorIn(spec) : undefined,
    listed: isApiServer(object) && externalName === undefined && selectorIn(spec) === undefined ? API_SERVER : NONE,
    aliasOf: externalName,
  };
}

const NONE: readonly never[] = [];

/** The API server has no pods of the cluster behind its Service, yet it is always there, and never has a proxy. */
const API_SERVER: readonly ListedEndpoint[] = [{ address: '', ports: new Map(), labels: new Map(), tlsMode: 'disabled', path: ['spec'] }];

/** Whether an object is the Service of the API server, which every cluster has. */
export function isApiServer(object: MeshObject): boolean {
  return object.name === 'kubernetes' && namespaceOf(object) === 'default' && object.key === Kinds.SERVICE;
}

function selectorIn(spec: unknown): Selector | undefined {
  const selector = selectorOf(own(spec, 'selector'));
  return selectsAll(selector) ? undefined : selector;
}

function portsOf(spec: unknown): ServicePort[] {
  const listed = asList(own(spec, 'ports'));
  const ports = new Array<ServicePort>(listed.length);
  let count = 0;
  for (let i = 0; i < listed.length; i++) {
    const port = listed[i];
    const number = own(port, 'port');
    // Only TCP is proxied; what else a Service carries is not Istio's business.
    if (typeof number !== 'number' || asObject(port) === undefined || (own(port, 'protocol') ?? 'TCP') !== 'TCP') continue;
    const name = asText(own(port, 'name')) ?? '';
    ports[count++] = {
      number,
      name,
      protocol: portProtocol(number, name, asText(own(port, 'appProtocol')) || undefined),
      target: targetOf(own(port, 'targetPort'), number),
      path: portPath(i),
    };
  }
  ports.length = count;
  return ports;
}

const PATHS: FieldPath[] = [];

/** The place of a port, which thousands of Services share. */
function portPath(index: number): FieldPath {
  return PATHS[index] ??= ['spec', 'ports', index];
}

/** The workload port or its name; the API server fills in the service port where there is none. */
function targetOf(target: unknown, servicePort: number): number | string {
  if (typeof target === 'number') return target === 0 ? servicePort : target;
  return asText(target) || servicePort;
}
