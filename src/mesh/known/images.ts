import { asList, asText, at, own } from '../json';
import { templatePath } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** The images that the pods of a workload run, without tag and digest. */
export function imagesOf(workload: Workload): readonly string[] {
  const containers = asList(at(workload.object.body, ...templatePath(workload.object), 'spec', 'containers'));
  return containers.map(container => withoutTag(asText(own(container, 'image')) ?? '')).filter(image => image !== '');
}

/** `quay.io/prometheus/prometheus:v3.5.0@sha256:...` -> `quay.io/prometheus/prometheus`. A colon before a slash is a port. */
function withoutTag(image: string): string {
  const digest = image.indexOf('@');
  const name = digest < 0 ? image : image.slice(0, digest);
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

/** Whether a workload scrapes what monitors name. */
export function isPrometheus(workload: Workload): boolean {
  return imagesOf(workload).some(image => /(^|\/)(prometheus|vmagent)$/.test(image));
}

/** Whether a workload is KEDA's operator, which asks what the triggers of ScaledObjects name. */
export function isKeda(workload: Workload): boolean {
  return imagesOf(workload).some(image => /(^|\/)(kedacore\/keda|keda-operator)$/.test(image));
}
