import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { AppIndex } from './app-index';
import { fail, show } from './errors';
import { requireNamespace } from './metadata';
import { requireEnum, requireInstance } from './require';
import { nameOfWorkload, WorkloadView } from './workload-view';
import { MtlsMode } from '../../mesh/mtls-mode';
import { SecurityApiVersion } from '../api-version';
import { WorkloadSelector } from '../workload-selector';

/** The spec of a PeerAuthentication. */
export interface PolicySpec {
  selector?: { matchLabels: unknown };
  mtls?: { mode: MtlsMode };
  portLevelMtls?: unknown;
}

/** Writes a PeerAuthentication. */
export function writePolicy(
  scope: Construct, id: string, apiVersion: SecurityApiVersion | undefined, metadata: ApiObjectMetadata, spec: PolicySpec,
): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: requireEnum(scope, 'apiVersion', apiVersion ?? SecurityApiVersion.V1, SecurityApiVersion),
    kind: 'PeerAuthentication',
    metadata,
    spec,
  });
}

/** The selector of a policy, checked as far as it can be before synth. */
export function requireWorkload(owner: IConstruct, workload: WorkloadSelector): WorkloadSelector {
  requireInstance(owner, 'workload', workload, WorkloadSelector, 'WorkloadSelector.of(deployment) or WorkloadSelector.labels({ … })');
  workload._check(owner, 'workload');
  return workload;
}

/**
 * The namespace of a policy with a selector: that of the workload, since a policy
 * selects pods of its own namespace only, and never the root namespace.
 */
export function requireWorkloadNamespace(
  owner: IConstruct, props: { readonly namespace?: string; readonly metadata?: ApiObjectMetadata }, workload: WorkloadSelector, rootNamespace: string,
): string {
  const own = workload._namespace(owner, 'workload');
  const namespace = requireNamespace(owner, props, own);
  if (own !== undefined && own !== namespace) {
    fail(owner, `'namespace' is ${show(namespace)}, but the workload is in namespace ${show(own)}, and a policy selects pods of its own namespace only; `
      + "leave 'namespace' out");
  }
  if (namespace === rootNamespace) {
    fail(owner, `${show(namespace)} is the root namespace, where Istio ignores policies with a selector; `
      + 'move the workload to another namespace, or use MeshMtls for a mode of the whole mesh');
  }
  return namespace;
}

/** The line that refuses DISABLE in ambient, if that is where the workloads are. */
export function ambientFaults(index: AppIndex, namespace: string, workloads: readonly WorkloadView[] = []): string[] {
  const ofNamespace = index.namespaceLabels(namespace)?.[DATA_PLANE] === 'ambient';
  const captured = workloads.filter(workload => isCaptured(workload, ofNamespace));
  if (workloads.length > 0 ? captured.length === 0 : !ofNamespace) {
    return [];
  }
  const which = ofNamespace ? `namespace ${show(namespace)} is ambient` : `${nameOfWorkload(captured[0])} is ambient`;
  return [`DISABLE does not exist in ambient, where ztunnel treats it as PERMISSIVE, and ${which}; use MtlsMode.PERMISSIVE`];
}

const DATA_PLANE = 'istio.io/dataplane-mode';

function isCaptured(workload: WorkloadView, ofNamespace: boolean): boolean {
  const own = workload.podLabels[DATA_PLANE];
  // A pod that has a sidecar keeps it, and ztunnel leaves it alone.
  return (own === 'ambient' || (ofNamespace && own !== 'none')) && workload.podLabels['sidecar.istio.io/inject'] !== 'true';
}
