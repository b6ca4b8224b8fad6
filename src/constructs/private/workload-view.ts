import { Labels, labelsOf } from './labels';
import { asList, asText, at } from '../../mesh/json';

/** The kinds whose pods a policy can select. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];

/** A port that a container declares. */
export interface ContainerPort {
  readonly number: number;
  readonly name?: string;
}

/** What the constructs read of a workload. */
export interface WorkloadView {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly podLabels: Labels;
  readonly ports: readonly ContainerPort[];
  /** The labels by which the workload itself selects its pods. */
  readonly matchLabels: Labels;
  /** Whether it also selects them by expressions, which Istio's selectors cannot say. */
  readonly hasExpressions: boolean;
}

/** Reads a workload; `undefined` for any other object. */
export function workloadView(json: unknown, namespace?: string): WorkloadView | undefined {
  const kind = asText(at(json, 'kind'));
  if (kind === undefined || !WORKLOAD_KINDS.includes(kind)) {
    return undefined;
  }
  const spec = kind === 'CronJob' ? at(json, 'spec', 'jobTemplate', 'spec') : at(json, 'spec');
  const pod = kind === 'Pod' ? json : at(spec, 'template');
  const podLabels = labelsOf(at(pod, 'metadata', 'labels'));
  const selector = kind === 'Pod' ? undefined : at(spec, 'selector');
  // Kubernetes itself makes the selector of a Job, out of the pod's labels and a generated one.
  const labelsSelect = kind === 'Pod' || ((kind === 'Job' || kind === 'CronJob') && selector === undefined);
  return {
    kind,
    name: asText(at(json, 'metadata', 'name')) ?? '',
    namespace: asText(at(json, 'metadata', 'namespace')) ?? namespace,
    podLabels,
    ports: containerPorts(at(pod, 'spec')),
    matchLabels: labelsSelect ? podLabels : labelsOf(at(selector, 'matchLabels')),
    hasExpressions: asList(at(selector, 'matchExpressions')).length > 0,
  };
}

/** `Deployment shop/web`, as errors name it. */
export function nameOfWorkload(workload: WorkloadView): string {
  return `${workload.kind} ${workload.namespace === undefined ? '' : `${workload.namespace}/`}${workload.name}`;
}

function containerPorts(podSpec: unknown): ContainerPort[] {
  const containers = [...asList(at(podSpec, 'containers')), ...asList(at(podSpec, 'initContainers'))];
  return containers.flatMap(container => asList(at(container, 'ports'))).flatMap(port => {
    const number = at(port, 'containerPort');
    return typeof number === 'number' ? [{ number, name: asText(at(port, 'name')) }] : [];
  });
}
