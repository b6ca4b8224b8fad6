import { asList, asObject, asText, at, FieldPath, JsonObject, own } from '../mesh/json';
import { identityOf, MeshObject, ObjectIdentity, Origin } from '../mesh/object';

/** Makes the origin of an object that stands somewhere in a document; the path is empty for the document itself. */
export type OriginAt = (path: FieldPath) => Origin;

/** The objects of one document: the document itself, or the items of a `List`. Anything else gives none. */
export function fromBody(body: unknown, origin: Origin | OriginAt): MeshObject[] {
  const objects: MeshObject[] = [];
  addObjects(body, [], typeof origin === 'function' ? origin : () => origin, undefined, objects);
  return objects;
}

/** Objects given as plain data that count as present in the mesh, without being judged. */
export function contextObjects(values: readonly unknown[]): MeshObject[] {
  return values.flatMap((value, i) => fromBody(value, { place: `context[${i}]`, isConstruct: false, judged: false }));
}

/** The objects that are in the cluster beside those of the input: an object of the input stands for the older state of itself in an export. */
export function besideInput(present: readonly MeshObject[], input: readonly MeshObject[]): MeshObject[] {
  if (present.length === 0) {
    return [];
  }
  const known = new Set(input.map(object => object.identity));
  return present.filter(object => !known.has(object.identity));
}

/** Whether a kind stands for its items: `List`, and what the API server answers, as `PeerAuthenticationList`. */
export function isListKind(kind: string): boolean {
  return kind.endsWith('List');
}

function addObjects(body: unknown, path: FieldPath, originAt: OriginAt, list: ObjectIdentity | undefined, objects: MeshObject[]): void {
  const object = asObject(body);
  if (!object) {
    return;
  }
  let identity = identityOf(object);
  // The API server leaves these out in the items of a typed list, and kubectl adds them again.
  if (list && list.kind !== 'List' && asText(own(object, 'kind')) === undefined && asText(own(object, 'apiVersion')) === undefined) {
    identity = { ...identity, apiVersion: list.apiVersion, kind: list.kind.slice(0, -'List'.length) };
  }
  const items = own(object, 'items');
  if (isListKind(identity.kind) && (Array.isArray(items) || (identity.kind === 'List' && identity.apiVersion === 'v1'))) {
    asList(items).forEach((item, i) => addObjects(item, [...path, 'items', i], originAt, identity, objects));
    return;
  }
  objects.push(new MeshObject(identity, originAt(path), metadataOf(object), object));
}

function metadataOf(body: JsonObject): JsonObject {
  return asObject(at(body, 'metadata')) ?? {};
}
