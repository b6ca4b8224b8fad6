import { yamlDocuments } from './yaml';
import { findMeshConfig, FoundMeshConfig, settingsOf } from '../mesh/mesh-config';
import { MeshObject } from '../mesh/object';
import { MeshSettings } from '../mesh/settings';

/**
 * The facts of the mesh that the objects state themselves. Where several do, the
 * last by name counts; a field that only one of them has is taken from that one.
 */
export function settingsIn(objects: readonly MeshObject[]): MeshSettings {
  const found = objects.map(findMeshConfig).filter(one => one !== undefined);
  return Object.assign({}, ...found.map(settingsFrom)) as MeshSettings;
}

function settingsFrom({ value, text, beside }: FoundMeshConfig): MeshSettings {
  return { ...beside, ...settingsOf(text === undefined ? value : parsed(text)) };
}

/** Text that cannot be parsed states nothing; istiod keeps what it had before. */
function parsed(text: string): unknown {
  try {
    return yamlDocuments(text)[0];
  } catch {
    return undefined;
  }
}
