import { asList, asObject, at, JsonObject } from '../mesh/json';
import { identityOf, MeshObject, Origin } from '../mesh/object';

/** The objects of one document: the document itself, or the items of a `List`. Anything else gives none. */
export function fromBody(body: unknown, origin: Origin): MeshObject[] {
  const object = asObject(body);
  if (!object) {
    return [];
  }
  const identity = identityOf(object);
  if (identity.kind === 'List' && identity.apiVersion === 'v1') {
    return asList(at(object, 'items')).flatMap(item => fromBody(item, origin));
  }
  return [new MeshObject(identity, origin, metadataOf(object), object)];
}

/** Objects given as plain data that count as present in the mesh, without being judged. */
export function contextObjects(values: readonly unknown[]): MeshObject[] {
  return values.flatMap((value, i) => fromBody(value, { place: `context[${i}]`, isConstruct: false, judged: false }));
}

function metadataOf(body: JsonObject): JsonObject {
  return asObject(at(body, 'metadata')) ?? {};
}
