import { asText } from './json';
import { compareText, MeshObject } from './object';

/** Before every time that an API server has written; a whole number of 32 bits, which V8 keeps without an object of its own. */
const NEVER = -(2 ** 31);

/**
 * When an object was created, in seconds since 1970. Manifests carry no
 * timestamp, and Go's zero time sorts before every other.
 */
export function createdAt(object: MeshObject): number {
  const text = asText(object.metadata.creationTimestamp);
  if (text === undefined) return NEVER;
  const time = Date.parse(text);
  return Number.isNaN(time) ? NEVER : Math.max(NEVER, Math.floor(time / 1000));
}

/** Something that was made from an object and competes by its age. */
export interface Aged {
  readonly object: MeshObject;
  readonly createdAt: number;
  readonly namespace: string;
}

/**
 * The order in which istiod lets objects win: the oldest first, then by name,
 * then by namespace (`configCompareByCreationTime` in pilot/pkg/model/config.go).
 */
export function byAge(a: Aged, b: Aged): number {
  return a.createdAt !== b.createdAt
    ? (a.createdAt < b.createdAt ? -1 : 1)
    : compareText(a.object.name, b.object.name) || compareText(a.namespace, b.namespace);
}

/** The same order for objects of one namespace that come ordered by name, as a mesh lists them. */
export function byCreation(a: Aged, b: Aged): number {
  return a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? -1 : 1;
}
