import { IConstruct } from 'constructs';
import { AppIndex } from './private/app-index';
import { fail, show } from './private/errors';
import { isPortNumber, requireInstance, requirePortNumber, requireText } from './private/require';
import { DeclaredServicePort, listServicePorts, nameOfService, ServiceView, targetNumber } from './private/service-view';
import { nameOfWorkload, WorkloadView } from './private/workload-view';
import { ServicePort } from './service-port';
import { ServiceRef } from './service-ref';

/** Where a workload port is looked up. */
interface PortContext {
  readonly owner: IConstruct;
  readonly what: string;
  readonly clusterDomain: string;
  readonly namespace: string;
  readonly workloads: readonly WorkloadView[];
  readonly index: AppIndex;
}

/**
 * A port on which a workload listens (a *workload port*): the target port of a
 * Service, the `containerPort` of a container.
 *
 * A PeerAuthentication counts workload ports, while clients call service ports;
 * the two numbers often differ. Faults of a port are reported by the construct
 * that it is given to.
 */
export class WorkloadPort {
  /**
   * A workload port by its number.
   *
   * Where the app shows the workload, a number that is a service port which leads
   * to another workload port is an error. A number that no container declares is
   * allowed, as Kubernetes does not ask containers to declare their ports.
   *
   * @param port the number, 1 to 65535
   */
  static number(port: number): WorkloadPort {
    return new WorkloadPort(port, undefined, undefined, undefined);
  }

  /**
   * A workload port by the name that a container gives it.
   *
   * The number is read from the workload at synth, so the app (or the context of
   * the IstioMesh) must have the workload.
   *
   * @param containerPortName the name of a container port
   */
  static named(containerPortName: string): WorkloadPort {
    return new WorkloadPort(undefined, containerPortName, undefined, undefined);
  }

  /**
   * The workload port behind a port of a Service.
   *
   * The number is read from the Service at synth (its `targetPort`), and from the
   * workload where the Service names a container port.
   *
   * @param service the Service
   * @param servicePort the service port. May be left out for a Service with one
   * port
   */
  static behind(service: ServiceRef, servicePort?: ServicePort): WorkloadPort {
    return new WorkloadPort(undefined, undefined, service, servicePort);
  }

  /**
   * A key of a map of ports: a number, or the name of a container port.
   * @internal
   */
  public static _ofKey(key: string): WorkloadPort {
    return /^[+-]?\d+(\.\d+)?$/.test(key) ? WorkloadPort.number(Number(key)) : WorkloadPort.named(key);
  }

  private constructor(
    private readonly port: number | undefined,
    private readonly containerPortName: string | undefined,
    private readonly service: ServiceRef | undefined,
    private readonly servicePort: ServicePort | undefined,
  ) {}

  /**
   * Refuses what is known to be wrong before synth.
   * @internal
   */
  public _check(owner: IConstruct, what: string, clusterDomain: string): void {
    if (this.service !== undefined) {
      requireInstance(owner, what, this.service, ServiceRef, 'ServiceRef.of(service)')._nameAndNamespace(owner, what, clusterDomain)
        ?? fail(owner, `'${what}' must be behind a Service; got the host of something else`);
      this.servicePortKey(owner, what);
    } else if (this.containerPortName !== undefined) {
      requireText(owner, what, this.containerPortName);
    } else {
      requirePortNumber(owner, what, this.port);
    }
  }

  /**
   * The number, where it does not hang on another object.
   * @internal
   */
  public _fixed(): number | undefined {
    return this.port;
  }

  /**
   * The number, or the line that says why there is none.
   * @internal
   */
  public _resolve(context: PortContext): { readonly number: number } | { readonly fault: string } {
    if (this.service !== undefined) {
      return this.behindService(context);
    }
    return this.containerPortName !== undefined
      ? this.ofContainer(context, this.containerPortName, `'${context.what}' names the container port ${show(this.containerPortName)}`)
      : this.checkedNumber(context, this.port!);
  }

  private servicePortKey(owner: IConstruct, what: string): number | string | undefined {
    const place = `${what} service port`;
    return this.servicePort === undefined
      ? undefined
      : requireInstance(owner, place, this.servicePort, ServicePort, 'ServicePort.number(80)')._key(owner, place);
  }

  private checkedNumber({ what, namespace, workloads, index }: PortContext, port: number): { number: number } | { fault: string } {
    const number = { number: port };
    if (workloads.some(workload => workload.ports.some(declared => declared.number === port))) {
      return number;
    }
    let mapped: { service: ServiceView; target: DeclaredServicePort['target'] } | undefined;
    for (const workload of workloads) {
      for (const service of index.servicesFor(workload.namespace ?? namespace, workload.podLabels)) {
        for (const servicePort of service.ports) {
          const target = targetNumber(servicePort, workload);
          if (target === port) {
            return number;
          }
          if (servicePort.number === port) {
            mapped ??= { service, target: target ?? servicePort.target };
          }
        }
      }
    }
    return mapped
      ? { fault: `'${what}' must be a workload port, and ${port} is a service port of ${nameOfService(mapped.service)}; its workload port is ${mapped.target}` }
      : number;
  }

  private ofContainer({ workloads }: PortContext, name: string, saying: string): { number: number } | { fault: string } {
    if (workloads.length === 0) {
      return { fault: `${saying}, but the app does not have the workload; give the number, or WorkloadSelector.of(workload)` };
    }
    const numbers = new Map<number, WorkloadView>();
    for (const workload of workloads) {
      workload.ports.filter(port => port.name === name).forEach(port => numbers.set(port.number, workload));
    }
    if (numbers.size === 1) {
      return { number: [...numbers.keys()][0] };
    }
    if (numbers.size > 1) {
      const list = [...numbers].map(([number, workload]) => `${number} in ${nameOfWorkload(workload)}`).join(', ');
      return { fault: `${saying}, which is ${list}; give the number` };
    }
    const names = workloads.flatMap(workload => workload.ports).map(port => port.name ?? `${port.number} (no name)`);
    const listed = names.length > 0 ? [...new Set(names)].join(', ') : 'none';
    return { fault: `${saying}, which no container of ${workloads.map(nameOfWorkload).join(', ')} has; its ports are ${listed}` };
  }

  private behindService(context: PortContext): { number: number } | { fault: string } {
    const { owner, what, clusterDomain, index, workloads } = context;
    const { name, namespace } = this.service!._nameAndNamespace(owner, what, clusterDomain)!;
    const service = this.service!._service(owner, what, clusterDomain, index);
    if (!service) {
      return { fault: `'${what}' is behind Service ${namespace}/${name}, which the app does not have; give WorkloadPort.number(…)` };
    }
    if (workloads.length > 0 && Object.keys(service.selector).length > 0
      && !workloads.some(workload => index.servicesFor(namespace, workload.podLabels).some(other => other.name === service.name))) {
      return { fault: `'${what}' is behind ${nameOfService(service)}, which does not select the pods of ${workloads.map(nameOfWorkload).join(', ')}` };
    }
    const wanted = this.servicePortKey(owner, what);
    const ports = wanted === undefined ? service.ports : service.ports.filter(port => port.number === wanted || port.name === wanted);
    if (ports.length !== 1) {
      return {
        fault: wanted === undefined
          ? `'${what}' is behind ${nameOfService(service)}, which has ${service.ports.length} ports; give one of ${listServicePorts(service.ports)}`
          : `'${what}' is behind service port ${show(wanted)} of ${nameOfService(service)}, whose ports are ${listServicePorts(service.ports)}`,
      };
    }
    const { target } = ports[0];
    if (typeof target === 'string') {
      return this.ofContainer(context, target, `'${what}' is behind ${nameOfService(service)}, whose targetPort is ${show(target)}`);
    }
    return isPortNumber(target) ? { number: target } : { fault: `'${what}' is behind ${nameOfService(service)}, whose targetPort is ${show(target)}` };
  }
}
