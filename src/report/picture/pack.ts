import { Picture, PictureReason } from './data';
import { Layout } from './layout';

/*
 * The data of the page, small: the names of fields would be half of it, the
 * names of workloads and hosts another quarter. `page/unpack.js` reads it.
 */

/** What the page is drawn from. */
export interface PageData {
  readonly picture: Picture;
  readonly graph: Layout & {
    /** The keys of the workloads and hosts, in the order of `nodes`, and what is written on them. */
    readonly keys: readonly string[];
    readonly labels: readonly string[];
    /** The ends of each edge as places in `nodes`, and its calls as places in the calls of the picture. */
    readonly edges: readonly { readonly from: number; readonly to: number; readonly outcome: string; readonly calls: readonly number[] }[];
  };
}

/** Objects of the same fields, by field. */
export interface PackedList {
  readonly length: number;
  readonly fields: { readonly [field: string]: PackedColumn };
}

/** The values in their order; or what they can be, and the place of each one in that. */
export type PackedColumn = readonly unknown[] | { readonly words: readonly string[]; readonly at: readonly number[] };

/** What stands in the page: the data, with the number of a reason wherever one decides. */
export interface PackedData {
  readonly reasons: PackedList;
  readonly namespaces: PackedList;
  readonly workloads: PackedList;
  readonly calls: PackedList;
  readonly boxes: PackedList;
  readonly nodes: PackedList;
  readonly edges: PackedList;
  /** What is none of these lists. */
  readonly rest: { readonly picture: object; readonly graph: object };
}

/** One field decides for many workloads and calls, so that each reason stands there once, and its number everywhere else. */
export function packed({ picture, graph }: PageData): PackedData {
  const reasons = new Map<string, { readonly number: number; readonly reason: PictureReason }>();
  const numberOf = (reason: PictureReason): number => {
    const { object, field, text, place, line } = reason;
    const key = JSON.stringify([object, field, text, place, line]);
    let known = reasons.get(key);
    if (known === undefined) reasons.set(key, known = { number: reasons.size, reason: { object, field, text, place, line } });
    return known.number;
  };
  const numbered = <T extends object>(one: T, ...fields: readonly (keyof T)[]): object =>
    ({ ...one, ...Object.fromEntries(fields.map(field => [field, (one[field] as readonly PictureReason[]).map(numberOf)])) });
  const { namespaces, workloads, calls, mesh, ...others } = picture;
  const { boxes, nodes, edges, ...drawing } = graph;
  const lists = {
    namespaces: packedList(namespaces.map(one => numbered(one, 'because', 'dataPlaneBecause'))),
    workloads: packedList(workloads.map(one => ({ ...numbered(one, 'dataPlaneBecause'), ports: one.ports.map(port => numbered(port, 'because')) }))),
    calls: packedList(calls.map(one => ({ ...numbered(one, 'because'), shownBy: one.shownBy === null ? null : numberOf(one.shownBy) }))),
    boxes: packedList(boxes),
    nodes: packedList(nodes),
    edges: packedList(edges),
    rest: { picture: { ...others, mesh: numbered(mesh, 'because') }, graph: drawing },
  };
  return { reasons: packedList([...reasons.values()].map(({ reason }) => reason)), ...lists };
}

/** Objects that all have the fields of the first one. */
export function packedList(list: readonly object[]): PackedList {
  const fields = Object.keys(list[0] ?? {});
  return {
    length: list.length,
    fields: Object.fromEntries(fields.map(field => [field, packedColumn(list.map(one => (one as { readonly [field: string]: unknown })[field]))])),
  };
}

function packedColumn(values: readonly unknown[]): PackedColumn {
  const places = new Map<string, number>();
  for (const value of values) {
    // Null stays null, and has no place among the words.
    if (value === null) continue;
    if (typeof value !== 'string') return values;
    if (!places.has(value)) places.set(value, places.size);
  }
  if (places.size * 2 > values.length) return values;
  return { words: [...places.keys()], at: values.map(value => value === null ? -1 : places.get(value as string)!) };
}
