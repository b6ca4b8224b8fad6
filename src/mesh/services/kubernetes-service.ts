import { createdAt } from '../age';
import { namespaceOf } from '../facts';
import { asList, asObject, asText, FieldPath, Fields } from '../json';
import { Kinds } from '../kinds';
import { Selector, selectorOf, selectsAll } from '../labels';
import { MeshObject } from '../object';
import { portProtocol } from './protocol';
import { ListedEndpoint, Resolution, Service, ServicePort } from './service';

/** A Kubernetes Service as Istio sees it (`ConvertService` in pilot/pkg/serviceregistry/kube/conversion.go). */
export class KubernetesService implements Service {
  readonly host: string;
  readonly createdAt: number;
  readonly ports: readonly ServicePort[];
  readonly selector: Selector | undefined;
  private readonly particulars: Particulars;

  constructor(readonly object: MeshObject, clusterDomain: string, readonly place: number) {
    const spec = object.spec as Fields;
    this.host = `${object.name}${domainOf(namespaceOf(object), clusterDomain)}`;
    this.createdAt = createdAt(object);
    this.ports = portsOf(spec);
    const externalName = spec?.type === 'ExternalName' ? asText(spec.externalName) ?? '' : undefined;
    this.selector = externalName === undefined ? selectorIn(spec) : undefined;
    const isHeadless = externalName === undefined && spec?.clusterIP === 'None';
    const exportTo = namesIn(object.annotation('networking.istio.io/exportTo'));
    const listed = isApiServer(object) && externalName === undefined && this.selector === undefined ? API_SERVER : NONE;
    this.particulars = isHeadless || exportTo.length > 0 || listed.length > 0 || externalName !== undefined
      ? { isHeadless, exportTo, listed, aliasOf: externalName }
      : ORDINARY;
  }

  get namespace(): string {
    return namespaceOf(this.object);
  }

  get name(): string {
    return this.object.name;
  }

  get isKubernetes(): boolean {
    return true;
  }

  get isExternal(): boolean {
    return false;
  }

  get isHeadless(): boolean {
    return this.particulars.isHeadless;
  }

  get resolution(): Resolution {
    return this.isHeadless ? 'passthrough' : 'endpoints';
  }

  get exportTo(): readonly string[] {
    return this.particulars.exportTo;
  }

  get listed(): readonly ListedEndpoint[] {
    return this.particulars.listed;
  }

  get aliasOf(): string | undefined {
    return this.particulars.aliasOf;
  }
}

const NONE: readonly never[] = [];

/** What few Services have. */
type Particulars = Pick<Service, 'isHeadless' | 'exportTo' | 'listed' | 'aliasOf'>;

const ORDINARY: Particulars = { isHeadless: false, exportTo: NONE, listed: NONE, aliasOf: undefined };

let lastDomain = { namespace: '', clusterDomain: '', domain: '' };

/** What follows the name in the hosts of a namespace. Services of a namespace follow each other, and a text put together once takes less room. */
function domainOf(namespace: string, clusterDomain: string): string {
  if (lastDomain.namespace !== namespace || lastDomain.clusterDomain !== clusterDomain) {
    lastDomain = { namespace, clusterDomain, domain: `.${namespace}.svc.${clusterDomain}` };
  }
  return lastDomain.domain;
}

function namesIn(list: string | undefined): readonly string[] {
  return list === undefined ? NONE : list.split(',').map(item => item.trim()).filter(item => item !== '');
}

/** The API server has no pods of the cluster behind its Service, yet it is always there, and never has a proxy. */
const API_SERVER: readonly ListedEndpoint[] = [{ address: '', ports: new Map(), labels: new Map(), tlsMode: 'disabled', path: ['spec'] }];

/** Whether an object is the Service of the API server, which every cluster has. */
export function isApiServer(object: MeshObject): boolean {
  return object.name === 'kubernetes' && namespaceOf(object) === 'default' && object.key === Kinds.SERVICE;
}

function selectorIn(spec: Fields): Selector | undefined {
  const selector = selectorOf(spec?.selector);
  return selectsAll(selector) ? undefined : selector;
}

function portsOf(spec: Fields): ServicePort[] {
  const listed = asList(spec?.ports);
  const ports = new Array<ServicePort>(listed.length);
  let count = 0;
  for (let i = 0; i < listed.length; i++) {
    const port = asObject(listed[i]);
    const number = port?.port;
    // Only TCP is proxied; what else a Service carries is not Istio's business.
    if (port === undefined || typeof number !== 'number' || (port.protocol ?? 'TCP') !== 'TCP') continue;
    const name = asText(port.name) ?? '';
    ports[count++] = {
      number,
      name,
      protocol: portProtocol(number, name, asText(port.appProtocol) || undefined),
      target: targetOf(port.targetPort, number),
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
