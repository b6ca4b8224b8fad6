import type * as Yaml from './yaml';
import { findMeshConfig, FoundMeshConfig, ObjectSettings, settingsOf } from '../mesh/mesh-config';
import { MeshObject } from '../mesh/object';
import { MeshSettings } from '../mesh/settings';

/** What each object that holds mesh configuration says about the facts of the mesh. */
export function statementsIn(objects: readonly MeshObject[]): readonly ObjectSettings[] {
  return objects.map(findMeshConfig).filter(one => one !== undefined)
    .map(found => ({ object: found.object, path: found.path, settings: settingsFrom(found) }));
}

/**
 * The facts of the mesh that the objects state themselves. Where several do, the
 * last by name counts; a field that only one of them has is taken from that one.
 */
export function settingsIn(objects: readonly MeshObject[], found = statementsIn(objects)): MeshSettings {
  return Object.assign({}, ...found.map(({ settings }) => settings)) as MeshSettings;
}

function settingsFrom({ value, text, beside }: FoundMeshConfig): MeshSettings {
  return { ...beside, ...settingsOf(text === undefined ? value : parsed(text)) };
}

/** Text that cannot be parsed states nothing; istiod keeps what it had before. */
function parsed(text: string): unknown {
  try {
    return yaml().yamlDocuments(text)[0];
  } catch {
    return undefined;
  }
}

/** An app whose objects hold no mesh configuration does without the parser. */
function yaml(): typeof Yaml {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./yaml');
}
