import { decide } from '../mesh/decision';
import { JsonObject } from '../mesh/json';
import { MeshObject } from '../mesh/object';
import { Workload } from '../mesh/workloads/workload';
import { WorkloadEntryWorkload } from '../mesh/workloads/workload-entry';

/**
 * A workload with a proxy that the input does not have, with these labels: what
 * policies would mean for it. Without labels, it is the general answer of a
 * namespace, below which policies with a selector stand.
 */
export function standIn(object: MeshObject, namespace: string, labels: JsonObject = {}): Workload {
  const { origin, name } = object;
  const body: JsonObject = { spec: { labels } };
  const stub = new MeshObject({ apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', namespace, name }, origin, {}, body);
  return new WorkloadEntryWorkload(stub, namespace, decide('sidecar', { object, field: [], text: 'the machines have a proxy' }));
}

/** No policy can name this port, so that its mode is that of the workload in general. */
export const ANY_PORT = 0;
