import { RuleContext } from './rule';
import { at } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { isNeverInjected, NamespaceFacts } from '../mesh/workloads/data-plane';
import { Workload } from '../mesh/workloads/workload';

const INJECT = 'sidecar.istio.io/inject';

/** How to give a workload without a proxy one, by what keeps it from having one now. */
export function joinMesh(context: Pick<RuleContext, 'model' | 'settings'>, { key, namespace, dataPlane }: Workload): string {
  const { object, field } = dataPlane.decidedBy;
  const { revision } = context.settings;
  const label = revision === undefined || revision === 'default' ? 'istio-injection: enabled' : `istio.io/rev: ${revision}`;
  if (field.includes('hostNetwork')) return `Take ${key} off the host's network (hostNetwork), so that it can get a proxy`;
  if (isNeverInjected(namespace)) return `Move ${key} out of namespace ${namespace}, whose pods never get a proxy`;
  if (field.includes(INJECT)) {
    const facts = context.model.inventory.namespace(namespace);
    return `Give ${key} a proxy: change ${INJECT} of its pods to "true"${agrees(facts, revision) ? '' : `, and label Namespace ${namespace} with ${label}`}`;
  }
  const isDefault = label.startsWith('istio-injection');
  const said = object?.key === Kinds.NAMESPACE ? ['istio-injection', 'istio.io/rev'].find(name => at(object.metadata, 'labels', name) !== undefined) : undefined;
  if (said !== undefined) {
    // The labels of the namespace outweigh those of its pods, and of the two the first does.
    return `Give ${key} a proxy: ${said === 'istio-injection' && !isDefault ? 'remove the label istio-injection, and ' : ''}label Namespace ${namespace} with ${label}`;
  }
  const pods = isDefault ? `${INJECT}: "true"` : label;
  return `Give ${key} a proxy: label its pods with ${pods}, or Namespace ${namespace} with ${label}`;
}

/** Whether a pod that asks for a sidecar gets one, in a namespace with these labels. */
function agrees({ labels }: NamespaceFacts, revision: string | undefined): boolean {
  const injection = labels.get('istio-injection');
  const isDefault = revision === undefined || revision === 'default';
  if (injection !== undefined) return injection === 'enabled' && isDefault;
  const named = labels.get('istio.io/rev');
  return named === undefined ? isDefault : revision === undefined || named === revision;
}
