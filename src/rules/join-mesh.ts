import { RuleContext } from './rule';
import { at } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Workload } from '../mesh/workloads/workload';

const INJECT = 'sidecar.istio.io/inject';

/** How to give a workload without a proxy one, by what keeps it from having one now. */
export function joinMesh(context: RuleContext, { key, namespace, dataPlane }: Workload): string {
  const { object, field } = dataPlane.decidedBy;
  const { revision } = context.settings;
  const label = revision === undefined || revision === 'default' ? 'istio-injection: enabled' : `istio.io/rev: ${revision}`;
  if (field.includes('hostNetwork')) return `Take ${key} off the host's network (hostNetwork), so that it can get a proxy`;
  if (field.includes(INJECT)) return `Give ${key} a proxy: change ${INJECT} of its pods to "true"`;
  if (object?.key === Kinds.NAMESPACE && at(object.metadata, 'labels', 'istio-injection') !== undefined) {
    // The label of the namespace outweighs those of its pods.
    return `Give ${key} a proxy: ${label.startsWith('istio-injection') ? '' : 'remove the label istio-injection, and '}label Namespace ${namespace} with ${label}`;
  }
  const pods = label.startsWith('istio-injection') ? `${INJECT}: "true"` : label;
  return `Give ${key} a proxy: label its pods with ${pods}, or its namespace with ${label}`;
}
