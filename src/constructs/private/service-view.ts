import { Labels, labelsOf } from './labels';
import { WorkloadView } from './workload-view';
import { asList, asObject, asText, at } from '../../mesh/json';

/** One port of a Service. */
export interface DeclaredServicePort {
  readonly number: number;
  readonly name?: string;
  /** The container port behind it, by number or by name. */
  readonly target: number | string;
  readonly appProtocol?: string;
}

/** What the constructs read of a Service. */
export interface ServiceView {
  readonly name: string;
  readonly namespace?: string;
  readonly selector: Labels;
  readonly ports: readonly DeclaredServicePort[];
}

/** Reads a Service; `undefined` for any other object. */
export function serviceView(json: unknown, namespace?: string): ServiceView | undefined {
  if (!isService(asText(at(json, 'apiVersion')), asText(at(json, 'kind')))) {
    return undefined;
  }
  return {
    name: asText(at(json, 'metadata', 'name')) ?? '',
    namespace: asText(at(json, 'metadata', 'namespace')) ?? namespace,
    selector: labelsOf(at(json, 'spec', 'selector')),
    ports: asList(at(json, 'spec', 'ports')).flatMap(port => {
      const { port: number, targetPort, name, appProtocol } = asObject(port) ?? {};
      if (typeof number !== 'number') {
        return [];
      }
      const target = typeof targetPort === 'number' || typeof targetPort === 'string' ? targetPort : number;
      return [{ number, name: asText(name), target, appProtocol: asText(appProtocol) }];
    }),
  };
}

/** Whether an object is a Service of Kubernetes. Knative has another kind of that name. */
export function isService(apiVersion: string | undefined, kind: string | undefined): boolean {
  return kind === 'Service' && apiVersion === 'v1';
}

/** `Service shop/web`, as errors name it. */
export function nameOfService(service: ServiceView): string {
  return `Service ${service.namespace === undefined ? '' : `${service.namespace}/`}${service.name}`;
}

/** The number of the workload port behind a Service's port; `undefined` where no container has the name. */
export function targetNumber(port: DeclaredServicePort, workload?: WorkloadView): number | undefined {
  return typeof port.target === 'number' ? port.target : workload?.ports.find(candidate => candidate.name === port.target)?.number;
}

/** The ports of a Service, as errors list them: `80 (http), 9090`. */
export function listServicePorts(ports: readonly DeclaredServicePort[]): string {
  return ports.length === 0 ? 'none' : ports.map(port => (port.name === undefined ? `${port.number}` : `${port.number} (${port.name})`)).join(', ');
}
