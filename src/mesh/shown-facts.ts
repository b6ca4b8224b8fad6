import { own } from './json';
import { Kinds } from './kinds';
import { MeshObject } from './object';
import { MeshSettings } from './settings';
import { DATAPLANE_MODE } from './workloads/data-plane';
import { POD_KINDS, PodTemplate } from './workloads/pod-template';

const POD_KEYS: ReadonlySet<string> = new Set(POD_KINDS);

/**
 * The facts with those that nobody stated and the objects show: nobody puts a
 * namespace or a pod into ambient where the control plane has no ambient mode.
 */
export function withShownFacts(stated: MeshSettings, objects: readonly MeshObject[]): MeshSettings {
  return stated.ambient === undefined && objects.some(asksForAmbient) ? { ...stated, ambient: true } : stated;
}

function asksForAmbient(object: MeshObject): boolean {
  if (object.key === Kinds.NAMESPACE) {
    return own(own(object.metadata, 'labels'), DATAPLANE_MODE) === 'ambient';
  }
  return POD_KEYS.has(object.key) && new PodTemplate(object).ownLabel(DATAPLANE_MODE) === 'ambient';
}
