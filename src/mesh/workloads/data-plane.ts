import { Decision, decide, Reason } from '../decision';
import { Fields } from '../json';
import { Kinds } from '../kinds';
import { MeshObject } from '../object';
import { ResolvedMeshSettings } from '../settings';
import { Labels, OwnProxy, PodTemplate, ProxyRole, templateIn } from './pod-template';

/** What carries a workload's traffic. */
export type DataPlane = 'sidecar' | 'ambient' | 'none' | 'unknown';

/** What is known of a namespace. */
export interface NamespaceFacts {
  readonly name: string;
  /** The Namespace object; undefined when the input has none. */
  readonly object?: MeshObject;
  readonly labels: Labels;
  /** Whether the labels may be others than those we see. */
  readonly isUnknown: boolean;
}

/** Namespaces in which istiod's webhook never injects (`IgnoredNamespaces` in pkg/kube/inject/inject.go). */
const NEVER_INJECTED = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

const INJECT = 'sidecar.istio.io/inject';
/** What the webhook, and `istioctl kube-inject`, write into the pods that they have changed. */
const STATUS = 'sidecar.istio.io/status';
const REVISION = 'istio.io/rev';
const INJECTION = 'istio-injection';
/** The label that puts a namespace or a pod into ambient. */
export const DATAPLANE_MODE = 'istio.io/dataplane-mode';

/** Whether the pods of a namespace never get a sidecar, whatever its labels say. */
export function isNeverInjected(namespace: string): boolean {
  return NEVER_INJECTED.has(namespace);
}

/** Whether a pod template says anything about its data plane, so that it may differ from its neighbours. */
export function speaksForItself(pod: PodTemplate): boolean {
  const { labels } = pod;
  return pod.hostNetwork
    || (labels !== undefined && (isText(labels[INJECT]) || isText(labels[REVISION]) || isText(labels[DATAPLANE_MODE])))
    || pod.annotation(INJECT) !== undefined || pod.annotation(STATUS) !== undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

const WORDS: { readonly [role in ProxyRole]: string } = {
  sidecar: 'the manifest brings its sidecar along',
  router: 'the manifest brings its proxy along, which is a gateway',
  waypoint: 'the manifest brings its proxy along, which is a waypoint',
};

/** Whether an object is labelled to be in ambient: a Namespace, or what stands for pods. */
export function asksForAmbient(object: MeshObject): boolean {
  const metadata = object.key === Kinds.NAMESPACE ? object.metadata : (templateIn(object) as Fields)?.metadata as Fields;
  return (metadata?.labels as Fields)?.[DATAPLANE_MODE] === 'ambient';
}

/**
 * What carries the traffic of a pod.
 *
 * A pod with a sidecar is not captured by ambient: istio-cni leaves it alone.
 */
export function judgeDataPlane(
  pod: PodTemplate, namespace: NamespaceFacts, settings: ResolvedMeshSettings, ownProxy?: OwnProxy,
): Decision<DataPlane> {
  if (ownProxy !== undefined) return decide('sidecar', pod.specReason(ownProxy.field, WORDS[ownProxy.role]));
  const injection = judgeInjection(pod, namespace, settings);
  if (injection.value === 'sidecar' || !settings.ambient) {
    return injection;
  }
  const capture = judgeCapture(pod, namespace);
  // A sidecar is still possible: whichever of the two it is hangs on the same unknown labels.
  return injection.value === 'unknown' ? injection : capture.value === 'none' ? injection : capture;
}

/**
 * Whether the webhook gives the pod a sidecar.
 *
 * The conditions are the selectors of the webhook's four entries
 * (manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml)
 * and then `injectRequired` in pkg/kube/inject/inject.go.
 */
function judgeInjection(pod: PodTemplate, namespace: NamespaceFacts, settings: ResolvedMeshSettings): Decision<DataPlane> {
  const called = judgeWebhook(pod, namespace, settings);
  if (called.value === 'none') return called;
  if (pod.hostNetwork) {
    return decide('none', pod.specReason(['hostNetwork'], 'pods on the host\'s network never get a sidecar'));
  }
  if (isNeverInjected(namespace.name)) {
    return decide('none', pod.objectReason(['metadata', 'namespace'], `no pod of namespace ${namespace.name} ever gets a sidecar`));
  }
  // The label wins over the annotation, whose only purpose today is to say no.
  if (pod.ownLabel(INJECT) === undefined && pod.annotation(INJECT) === 'false') {
    return decide('none', pod.annotationReason(INJECT, 'the annotation refuses the sidecar'));
  }
  return called;
}

function judgeWebhook(pod: PodTemplate, namespace: NamespaceFacts, settings: ResolvedMeshSettings): Decision<DataPlane> {
  const revision = settings.revision ?? 'default';
  const isDefault = revision === 'default';
  // Where nobody says which revision the control plane has, a label that names one is taken at its word. In ambient it may be there for waypoints.
  const isAny = settings.revision === undefined && (pod.ownLabel(DATAPLANE_MODE) ?? namespace.labels.get(DATAPLANE_MODE)) !== 'ambient';
  const isServed = (wanted: string | undefined): boolean => wanted !== undefined && (wanted === revision || isAny);
  const inject = pod.ownLabel(INJECT);
  const podRevision = pod.ownLabel(REVISION);
  if (inject === 'false') {
    return decide('none', pod.labelReason(INJECT, 'the label refuses the sidecar'));
  }
  if (namespace.isUnknown) {
    // A pod that asks is taken at its word: only a namespace that forbids injection would refuse it.
    const asks = isServed(podRevision) ? REVISION : inject === 'true' && isDefault && podRevision === undefined ? INJECT : undefined;
    return asks === undefined ? decide('unknown', namespaceUnknown(pod, namespace)) : decide('sidecar', pod.labelReason(asks, 'the label asks for a sidecar'));
  }
  const injection = namespace.labels.get(INJECTION);
  const namespaceRevision = namespace.labels.get(REVISION);
  if (injection === 'enabled' && isDefault) {
    return decide('sidecar', namespaceReason(pod, namespace, INJECTION, 'the namespace\'s pods get a sidecar'));
  }
  if (injection !== undefined) {
    return decide('none', namespaceReason(pod, namespace, INJECTION, injection === 'enabled'
      ? `the namespace's pods get the sidecar of the default revision, not of ${revision}`
      : 'the namespace\'s pods get no sidecar'));
  }
  if (namespaceRevision !== undefined) {
    return isServed(namespaceRevision)
      ? decide('sidecar', namespaceReason(pod, namespace, REVISION, `the namespace's pods get the sidecar of revision ${namespaceRevision}`))
      : decide('none', namespaceReason(pod, namespace, REVISION, `the namespace belongs to revision ${namespaceRevision}, not to ${revision}`));
  }
  if (podRevision !== undefined) {
    return isServed(podRevision)
      ? decide('sidecar', pod.labelReason(REVISION, `the pod gets the sidecar of revision ${podRevision}`))
      : decide('none', pod.labelReason(REVISION, `the pod belongs to revision ${podRevision}, not to ${revision}`));
  }
  if (inject === 'true' && isDefault) {
    return decide('sidecar', pod.labelReason(INJECT, 'the label asks for a sidecar'));
  }
  return decide('none', namespaceReason(pod, namespace, INJECTION, 'neither the namespace nor the pod asks for a sidecar'));
}

/** Whether istio-cni redirects the pod to ztunnel (`ambient.enablementSelectors` in the values of istio-cni). */
function judgeCapture(pod: PodTemplate, namespace: NamespaceFacts): Decision<DataPlane> {
  if (pod.hostNetwork) {
    return decide('none', pod.specReason(['hostNetwork'], 'pods on the host\'s network are not redirected to ztunnel'));
  }
  const mode = pod.ownLabel(DATAPLANE_MODE);
  if (mode !== undefined) {
    return mode === 'ambient'
      ? decide('ambient', pod.labelReason(DATAPLANE_MODE, 'the label puts the pod into ambient'))
      : decide('none', pod.labelReason(DATAPLANE_MODE, 'the label keeps the pod out of ambient'));
  }
  if (namespace.isUnknown) {
    return decide('unknown', namespaceUnknown(pod, namespace));
  }
  return namespace.labels.get(DATAPLANE_MODE) === 'ambient'
    ? decide('ambient', namespaceReason(pod, namespace, DATAPLANE_MODE, 'the namespace\'s pods are in ambient'))
    : decide('none', namespaceReason(pod, namespace, DATAPLANE_MODE, 'nothing puts the pod into ambient'));
}

/** A reason that stands in a label of the namespace; in the pod's choice of namespace, where the input has no Namespace object. */
function namespaceReason(pod: PodTemplate, namespace: NamespaceFacts, label: string, text: string): Reason {
  return namespace.object === undefined
    ? pod.objectReason(['metadata', 'namespace'], text)
    : { object: namespace.object, field: ['metadata', 'labels', label], text };
}

function namespaceUnknown(pod: PodTemplate, namespace: NamespaceFacts): Reason {
  return pod.objectReason(['metadata', 'namespace'], `Namespace ${namespace.name} is not in the input, so its labels are unknown`);
}
