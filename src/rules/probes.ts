import { asList, asObject, asText, at, FieldPath, own } from '../mesh/json';
import { templatePath } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** A call of the kubelet to a container. */
export interface Probe {
  /** `readinessProbe`, or the hook's name. */
  readonly name: string;
  readonly container: string;
  /** How it calls: `httpGet`, `tcpSocket` or `grpc`. */
  readonly kind: string;
  /** The workload port. */
  readonly port: number;
  readonly path: FieldPath;
}

const PROBES: readonly FieldPath[] = [['livenessProbe'], ['readinessProbe'], ['startupProbe'], ['lifecycle', 'postStart'], ['lifecycle', 'preStop']];

const KINDS = ['httpGet', 'tcpSocket', 'grpc'];

/** The probes and hooks by which the kubelet calls the pods of a workload. A command is run in the container and calls nobody. */
export function* probesOf(workload: Workload): Generator<Probe> {
  const spec = [...templatePath(workload.object), 'spec'];
  for (const list of ['containers', 'initContainers']) {
    const containers = asList(at(workload.object.body, ...spec, list));
    for (let index = 0; index < containers.length; index++) {
      const container = containers[index];
      for (const place of PROBES) {
        const probe = asObject(at(container, ...place));
        for (const kind of probe === undefined ? [] : KINDS) {
          const call = asObject(own(probe, kind));
          // With a host of its own it goes elsewhere.
          if (call === undefined || own(call, 'host') !== undefined) continue;
          const port = portOf(own(call, 'port'), container);
          if (port === undefined) continue;
          yield { name: String(place[place.length - 1]), container: asText(own(container, 'name')) ?? '', kind, port, path: [...spec, list, index, ...place] };
        }
      }
    }
  }
}

/** The kubelet looks a name up in the same container. */
function portOf(port: unknown, container: unknown): number | undefined {
  if (typeof port === 'number') return port;
  if (typeof port !== 'string') return undefined;
  const named = asList(own(container, 'ports')).find(one => own(one, 'name') === port);
  const number = own(named, 'containerPort');
  return typeof number === 'number' ? number : undefined;
}
