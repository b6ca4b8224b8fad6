import { RuleContext } from './rule';
import { isNeverInjected } from '../mesh/workloads/data-plane';
import { Workload } from '../mesh/workloads/workload';

const INJECT = 'sidecar.istio.io/inject';

/** How to give a workload a proxy that has none, by undoing what keeps it from one. */
export function joinMesh({ model, settings }: RuleContext, { key, object, namespace, dataPlane: { decidedBy } }: Workload): string {
  if (decidedBy.field.includes('hostNetwork')) return `Take ${key} off the host's network (hostNetwork), so that it can get a proxy`;
  if (isNeverInjected(namespace)) return `Move ${key} out of namespace ${namespace}, whose pods never get a proxy`;
  const { labels } = model.inventory.namespace(namespace);
  const revision = settings.revision === undefined || settings.revision === 'default' ? undefined : settings.revision;
  const join = revision === undefined ? 'istio-injection: enabled' : `istio.io/rev: ${revision}`;
  const ask = revision === undefined ? `${INJECT}: "true"` : `istio.io/rev: ${revision}`;
  if (decidedBy.object === object && decidedBy.field[decidedBy.field.length - 1] === INJECT) {
    const refusal = `Give ${key} a proxy: remove the ${decidedBy.field.includes('annotations') ? 'annotation' : 'label'} ${INJECT}: "false" from its pods`;
    const isJoined = labels.get('istio-injection') === 'enabled' || (labels.has('istio.io/rev') && !labels.has('istio-injection'));
    return isJoined ? refusal : `${refusal}, and label Namespace ${namespace} with ${join}`;
  }
  // A namespace that says something is not overruled by its pods.
  return labels.has('istio-injection') || labels.has('istio.io/rev')
    ? `Give ${key} a proxy: label Namespace ${namespace} with ${join}`
    : `Give ${key} a proxy: label its pods with ${ask}, or Namespace ${namespace} with ${join}`;
}
