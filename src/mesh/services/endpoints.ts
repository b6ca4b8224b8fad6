import { byAge } from '../age';
import { revalued } from '../decision';
import { FieldPath } from '../json';
import { Kinds } from '../kinds';
import { isSelected, Listed } from '../labels';
import { Service, ServicePort } from './service';
import { DataPlane } from '../workloads/data-plane';
import { Workload } from '../workloads/workload';

/** Something that answers behind a service port. */
export interface Endpoint extends Listed {
  /** The workload that answers; undefined outside the mesh. */
  readonly workload?: Workload;
  /** The workload to which the address of a ServiceEntry's endpoint leads; clients are told nothing of it. */
  readonly behind?: Workload;
  /** The workload port. */
  readonly port: number;
  /** What clients are told: `istio` for endpoints that speak Istio mTLS. */
  readonly tlsMode: string;
  readonly namespace: string;
  /** Where the endpoint stands in the object of the service; its spec for workloads. */
  readonly path: FieldPath;
}

/** Which workloads are behind which service, worked out once for all of them. */
export class Endpoints {
  private servicesOfWorkload?: Map<Workload, Service[]>;
  private readonly assumed = new Map<Workload, Map<DataPlane, Workload>>();
  private byHost?: ReadonlyMap<string, Service>;
  private readonly cache = new Map<ServicePort, readonly Endpoint[]>();

  /** @param workloadsOf the workloads that a service selects, by its place */
  constructor(private readonly services: readonly Service[], private readonly workloadsOf: readonly (readonly Workload[] | undefined)[]) {}

  /** The workloads that a service selects. */
  workloads(service: Service): readonly Workload[] {
    return this.workloadsOf[service.place] ?? NONE;
  }

  /** Whether a service selects a workload; calls to oneself are not looked at. */
  selects(service: Service, workload: Workload): boolean {
    return service.isKubernetes && service.namespace === workload.namespace
      && service.selector !== undefined && isSelected(workload, service.selector);
  }

  /** The services that select a workload, the oldest first. */
  servicesOf(workload: Workload): readonly Service[] {
    if (this.servicesOfWorkload === undefined) {
      const inverse = new Map<Workload, Service[]>();
      for (const service of this.services) {
        for (const one of this.workloads(service)) {
          const list = inverse.get(one);
          if (list === undefined) inverse.set(one, [service]);
          else list.push(service);
        }
      }
      inverse.forEach(list => list.length > 1 && list.sort(byAge));
      this.servicesOfWorkload = inverse;
    }
    return this.servicesOfWorkload.get(workload) ?? [];
  }

  /** Whether it is not known of some workload of a service what carries its traffic. */
  areOpen(service: Service): boolean {
    return this.workloads(service).some(({ dataPlane }) => dataPlane.value === 'unknown');
  }

  /** The endpoints of one port of a service, with the given data plane where it is unknown. */
  of(service: Service, port: ServicePort, assumed?: DataPlane): readonly Endpoint[] {
    let endpoints = this.cache.get(port);
    if (endpoints === undefined) {
      this.cache.set(port, endpoints = this.find(service, port));
    }
    return assumed === undefined ? endpoints : endpoints.map(endpoint =>
      endpoint.workload?.dataPlane.value === 'unknown' ? new WorkloadEndpoint(this.assume(endpoint.workload, assumed), endpoint.port) : endpoint);
  }

  private assume(workload: Workload, plane: DataPlane): Workload {
    let copies = this.assumed.get(workload);
    if (copies === undefined) this.assumed.set(workload, copies = new Map());
    let copy = copies.get(plane);
    if (copy === undefined) {
      copies.set(plane, copy = workload.withDataPlane(revalued(workload.dataPlane, plane)));
      this.servicesOf(workload);
      this.servicesOfWorkload!.set(copy, this.servicesOfWorkload!.get(workload) ?? []);
    }
    return copy;
  }

  /** The pods behind a port of a Service whose name an endpoint gives as its address, as DNS leads to them. */
  private behindName(address: string, servicePort: number): { readonly workload: Workload; readonly port: number }[] {
    this.byHost ??= new Map(this.services.filter(({ isKubernetes }) => isKubernetes).map(service => [service.host, service]));
    const service = this.byHost.get(address);
    const port = service?.ports.find(({ number }) => number === servicePort);
    if (service === undefined || port === undefined) return [];
    return this.workloads(service).flatMap(workload => {
      const number = workloadPort(service, port, workload);
      return number === undefined ? [] : [{ workload, port: number }];
    });
  }

  private find(service: Service, port: ServicePort): Endpoint[] {
    const found: Endpoint[] = [];
    for (const workload of this.workloads(service)) {
      const number = workloadPort(service, port, workload);
      if (number !== undefined) found.push(new WorkloadEndpoint(workload, number));
    }
    for (const { ports, labels, tlsMode, path, address } of service.listed) {
      const number = ports.get(port.name) ?? Number(port.target);
      const inside = service.resolution === 'dns' ? this.behindName(address, number) : [];
      const endpoint = outside(service, number, tlsMode, labels, path);
      if (inside.length > 0) found.push(...inside.map(one => ({ ...endpoint, port: one.port, behind: one.workload })));
      else found.push(endpoint);
    }
    if (found.length === 0 && !service.isKubernetes && service.selector === undefined && service.resolution !== 'endpoints') {
      // A ServiceEntry that lists nothing stands for its own host (`convertServiceEntryToInstances`).
      found.push(outside(service, Number(port.target), 'disabled', new Map(), ['spec', 'hosts']));
    }
    return found;
  }
}

const NONE: readonly Workload[] = [];

/** A workload as the endpoint of one of its ports. */
class WorkloadEndpoint implements Endpoint {
  constructor(readonly workload: Workload, readonly port: number) {}

  get path(): FieldPath {
    return SPEC;
  }

  get tlsMode(): string {
    return this.workload.tlsMode;
  }

  get namespace(): string {
    return this.workload.namespace;
  }

  label(name: string): string | undefined {
    return this.workload.label(name);
  }

  eachLabel(visit: (key: string, value: string) => void): void {
    this.workload.eachLabel(visit);
  }
}

const SPEC: FieldPath = ['spec'];

function outside({ namespace }: Service, port: number, tlsMode: string, labels: ReadonlyMap<string, string>, path: FieldPath): Endpoint {
  return {
    path,
    port,
    tlsMode,
    namespace,
    label: name => labels.get(name),
    eachLabel: visit => labels.forEach((value, key) => visit(key, value)),
  };
}

/** A workload as an endpoint on a port that need not be one of a Service. */
export function endpointOf(workload: Workload, port: number): Endpoint {
  return new WorkloadEndpoint(workload, port);
}

/** The workload port behind a service port; undefined where a named port has no container port. */
export function workloadPort(service: Service, port: ServicePort, workload: Workload): number | undefined {
  if (!service.isKubernetes) {
    // Only a WorkloadEntry's ports answer to a ServiceEntry's port names.
    return (workload.object.key === Kinds.WORKLOAD_ENTRY ? workload.port(port.name) : undefined) ?? Number(port.target);
  }
  if (typeof port.target === 'number') return port.target;
  const named = workload.port(port.target);
  if (named !== undefined) return named;
  const number = /^\d+$/.test(port.target) ? Number(port.target) : 0;
  return number > 0 ? number : undefined;
}
