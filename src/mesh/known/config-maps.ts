import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { own, textEntries } from '../json';
import { Kinds } from '../kinds';
import { MeshObject } from '../object';
import { Address } from './address';
import { mentionsIn, TextKind } from './mentions';

/** The ConfigMaps of the input, each text of which is read once however many pods use it. */
export class ConfigMaps {
  private byName?: Map<string, MeshObject>;
  private readonly read = new Map<MeshObject, Map<string, readonly Address[]>>();

  constructor(private readonly facts: MeshFacts) {}

  get(namespace: string, name: string): MeshObject | undefined {
    this.byName ??= new Map(inCluster(this.facts, Kinds.CONFIG_MAP).map(object => [`${namespaceOf(object)}/${object.name}`, object]));
    return this.byName.get(`${namespace}/${name}`);
  }

  /** The keys of a ConfigMap with their texts. */
  entries(object: MeshObject): readonly [string, string][] {
    return textEntries(own(object.body, 'data'));
  }

  /** The hosts that a value names. */
  mentions(object: MeshObject, key: string, text: string, kind: TextKind, title: string): readonly Address[] {
    let ofObject = this.read.get(object);
    if (ofObject === undefined) this.read.set(object, ofObject = new Map());
    const id = JSON.stringify([key, kind, title]);
    let found = ofObject.get(id);
    if (found === undefined) ofObject.set(id, found = mentionsIn(text, kind, title));
    return found;
  }
}
