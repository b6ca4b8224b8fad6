/* eslint-disable no-bitwise -- a hash is made of them */

import { MeshObject } from './object';
import { ResolvedMeshSettings } from './settings';

/** What the model is told: the objects of the input and the facts of the mesh. */
export interface MeshFacts {
  readonly settings: ResolvedMeshSettings;
  /** The objects of a kind, given as `<api group>/<kind>`: those of a namespace together, ordered by name, the one applied last at the end. */
  ofKind(key: string): readonly MeshObject[];
  /**
   * The same, for those who look at many thousands: the objects of a namespace are
   * put in order just before they are visited, and are still in the caches.
   */
  byNamespace(key: string, visit: VisitPart): void;
  /** The same in any order, for those who put only the few in order that compete with each other. */
  inAnyOrder(key: string): readonly MeshObject[];
}

/** Is given a part of a list, from one place to before another. */
export type VisitPart = (list: readonly MeshObject[], start: number, end: number) => void;

/** The namespace in which an object ends up: `kubectl apply` puts what names none into `default`. */
export function namespaceOf(object: MeshObject): string {
  return object.namespace || 'default';
}

/**
 * The objects of a kind as a cluster would hold them: of two manifests of one
 * identity only the last one applied is left.
 */
export function inCluster(facts: Pick<MeshFacts, 'ofKind'>, kind: string): readonly MeshObject[] {
  const objects = facts.ofKind(kind);
  const isReplaced = (_: MeshObject, index: number): boolean => isReplacedIn(objects, index);
  return objects.some(isReplaced) ? objects.filter((object, index) => !isReplaced(object, index)) : objects;
}

/** Whether the next of some objects in order replaces one: those of one identity follow each other. */
function isReplacedIn(objects: readonly MeshObject[], index: number): boolean {
  if (index + 1 >= objects.length) return false;
  const [object, next] = [objects[index], objects[index + 1]];
  return next.name === object.name && namespaceOf(next) === namespaceOf(object);
}

/** Calls back for each object that a cluster would hold, in order, with the number of objects that there are at most. */
export function eachInCluster(facts: Pick<MeshFacts, 'byNamespace'>, kind: string, visit: (object: MeshObject, most: number) => void): void {
  facts.byNamespace(kind, (list, start, end) => {
    for (let i = start; i < end; i++) {
      if (i + 1 === end || !isReplacedIn(list, i)) visit(list[i], list.length);
    }
  });
}

/** The same in any order. */
export function inClusterUnordered(facts: MeshFacts, kind: string): readonly MeshObject[] {
  const objects = facts.inAnyOrder(kind);
  return repeats(objects) ? inCluster(facts, kind) : objects;
}

/** Whether two of some objects of one kind have the same namespace and name. */
export function repeats(objects: readonly MeshObject[]): boolean {
  if (objects.length < 2) return false;
  // A table of places in the list, by hash and then wherever there is room. Sets would take a hundred times the memory for a question that is nearly always answered by no.
  const mask = 2 ** Math.ceil(Math.log2(objects.length * 2)) - 1;
  const table = emptyTable(mask + 1);
  for (let i = 0; i < objects.length; i++) {
    const { name } = objects[i];
    const namespace = namespaceOf(objects[i]);
    let slot = hash(name, hash(namespace, 0)) & mask;
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const other = objects[table[slot] - 1];
      if (other.name === name && namespaceOf(other) === namespace) return true;
    }
    table[slot] = i + 1;
  }
  return false;
}

const MANY_SLOTS = 2 ** 18;
let lastTable = new Int32Array(0);

/** A table of zeros. The last one is used again, if it was not very large: to touch new memory takes longer than the whole question. */
function emptyTable(slots: number): Int32Array {
  if (slots > MANY_SLOTS) return new Int32Array(slots);
  if (slots > lastTable.length) lastTable = new Int32Array(slots);
  else lastTable.fill(0, 0, slots);
  return lastTable;
}

/** Bernstein's hash, with its upper half mixed in last. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value, 33) ^ text.charCodeAt(i);
  return value ^ (value >>> 15);
}
