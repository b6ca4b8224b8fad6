import { PictureNamespace } from './data';
import { lockOf } from './ports';
import { Reasons } from './reasons';
import { Decision } from '../../mesh/decision';
import { inCluster, namespaceOf } from '../../mesh/facts';
import { Kinds } from '../../mesh/kinds';
import { Mesh } from '../../mesh/mesh';
import { compareText, MeshObject } from '../../mesh/object';
import { ServerMode } from '../../mesh/server/server-mode';
import { DataPlane, judgeDataPlane } from '../../mesh/workloads/data-plane';
import { PodWorkload } from '../../mesh/workloads/pod-workload';
import { Workload } from '../../mesh/workloads/workload';

/** The namespaces that have something to do with the mesh: those with workloads, with a policy, or with an object of their own. */
export function namespacesOf(mesh: Mesh, workloads: readonly Workload[], reasons: Reasons): Omit<PictureNamespace, 'findings'>[] {
  const planes = new Map<string, Partial<Record<DataPlane, number>>>();
  for (const object of inCluster(mesh, Kinds.NAMESPACE)) planes.set(object.name, {});
  for (const policy of inCluster(mesh, Kinds.PEER_AUTHENTICATION)) planes.set(namespaceOf(policy), {});
  for (const { namespace, dataPlane } of workloads) {
    let counts = planes.get(namespace);
    if (counts === undefined) planes.set(namespace, counts = {});
    counts[dataPlane.value] = (counts[dataPlane.value] ?? 0) + 1;
  }
  return [...planes].sort(([a], [b]) => compareText(a, b)).map(([name, counts]) => {
    const pod = ordinaryPod(mesh, name);
    const mode = modeOf(mesh, pod);
    const { decidedBy } = mode;
    const isOwn = decidedBy.object !== undefined && namespaceOf(decidedBy.object) === name;
    return {
      name,
      ownMode: mesh.model.policiesIn(name).general[0]?.mode ?? null,
      mode: mode.value,
      lock: pod.dataPlane.value === 'none' ? 'open' : pod.dataPlane.value === 'unknown' ? 'unknown' : lockOf(mode.value),
      inheritedFrom: isOwn ? null : decidedBy.object?.title ?? 'Istio\'s default',
      because: reasons.all(mode.because),
      dataPlane: pod.dataPlane.value,
      dataPlaneBecause: reasons.all(pod.dataPlane.because).map(reason => reason.object === `Pod ${name}/` ? { ...reason, object: `Namespace ${name}`, place: null } : reason),
      workloads: counts,
    };
  });
}

/** What sidecars take that no policy for single workloads selects; in ambient, what ztunnel does, which knows no DISABLE. */
function modeOf({ model }: Mesh, pod: Workload): Decision<ServerMode> {
  return pod.dataPlane.value === 'ambient' ? model.serverMode(pod, 0) : model.namespaceMode(pod.namespace);
}

/** A pod that says nothing itself, as most of a namespace do. */
function ordinaryPod({ model, settings }: Mesh, namespace: string): Workload {
  const object = new MeshObject({ apiVersion: 'v1', kind: 'Pod', namespace, name: '' }, { place: '', isConstruct: false, judged: false }, {}, {});
  return new OrdinaryPod(object, pods => ({
    namespace, hasAnnotations: false, plane: judgeDataPlane(pods, model.inventory.namespace(namespace), settings), settings,
  }));
}

class OrdinaryPod extends PodWorkload {
  /** As reasons name it. */
  override get key(): string {
    return `namespace ${this.namespace}`;
  }
}
