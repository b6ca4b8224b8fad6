import { dagre, DagreGraph } from './assets';
import { boxesOf, Graph, GraphNode } from './graph';

/** A rectangle of the drawing, by its upper left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything stands, in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The boxes of the namespaces; that of what is outside the mesh has an empty name. */
  readonly boxes: readonly (Rectangle & { readonly name: string })[];
  /** The nodes, in the order of the graph. */
  readonly nodes: readonly Rectangle[];
}

const NODE = { width: 172, height: 46 };
const GAP = { x: 56, y: 14 };
const MARGIN = 14;
const TITLE = 30;
const BOX_GAP = { x: 64, y: 32 };
/** The shape of a drawing that fits a screen. */
const ASPECT = 1.7;
/** What the page shows of a drawing without zooming. */
const SCREEN = { width: 980, height: 700 };
/** Layers say more than rows: they may be smaller by so much. */
const WORTH = 0.55;
/** Of more calls than these within one namespace, or of more layers, no layering makes sense of the lines; a grid at least keeps the box small. */
const MAX_LAYERED = 80;
const MAX_CALLS_EACH = 2;
const MAX_LAYERS = 5;

type Sizes = ReadonlyMap<string, { readonly width: number; readonly height: number }>;
type Weighted = readonly [from: string, to: string, weight: number];

interface Placed {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
}

/**
 * Puts workloads into the boxes of their namespaces, callers to the left, and the
 * boxes beside each other. Two small layouts one after the other are readable and
 * fast where one of 500 workloads and 2,000 calls is neither.
 */
export function layoutOf(graph: Graph): Layout {
  const boxOf = new Map(graph.nodes.map(({ key, namespace }) => [key, namespace]));
  const inside = new Map<string, Set<string>>();
  const between = new Map<string, Weighted>();
  for (const { from, to } of graph.edges) {
    const [a, b] = [boxOf.get(from)!, boxOf.get(to)!];
    if (a === b) {
      const pairs = inside.get(a);
      if (pairs === undefined) inside.set(a, new Set([JSON.stringify([from, to])]));
      else pairs.add(JSON.stringify([from, to]));
    } else {
      const key = JSON.stringify([a, b]);
      between.set(key, [a, b, (between.get(key)?.[2] ?? 0) + 1]);
    }
  }
  const pairsIn = (name: string): [string, string][] => [...inside.get(name) ?? []].map(text => JSON.parse(text) as [string, string]);
  const boxes = boxesOf(graph).map(([name, nodes]) => ({ name, ...placeNodes(nodes, pairsIn(name)) }));
  const sizes = new Map(boxes.map(({ name, width, height }) => [name, { width: width + 2 * MARGIN, height: height + TITLE + MARGIN }]));
  const places = placeBoxes(sizes, [...between.values()]);
  const corners = new Map<string, Rectangle>();
  const drawn = boxes.map(({ name, places: own }) => {
    const { x, y } = places.places.get(name)!;
    own.forEach((place, key) => corners.set(key, { x: round(x + MARGIN + place.x), y: round(y + TITLE + place.y), ...NODE }));
    return { name, x: round(x), y: round(y), ...sizes.get(name)! };
  });
  return { width: Math.ceil(places.width), height: Math.ceil(places.height), boxes: drawn, nodes: graph.nodes.map(({ key }) => corners.get(key)!) };
}

function placeNodes(nodes: readonly GraphNode[], edges: readonly [from: string, to: string][]): Placed {
  const connected = new Set(edges.flat());
  const keys = nodes.map(({ key }) => key);
  if (edges.length === 0 || edges.length > Math.min(MAX_LAYERED, MAX_CALLS_EACH * connected.size)) return grid(keys, 0);
  const first = layers(new Map(keys.filter(key => connected.has(key)).map(key => [key, NODE])), edges.map(edge => [...edge, 1] as const), GAP);
  if (first.width > MAX_LAYERS * (NODE.width + GAP.x)) return grid(keys, 0);
  const rest = keys.filter(key => !connected.has(key));
  if (rest.length === 0) return first;
  const below = grid(rest, first.width);
  const top = first.height + GAP.y;
  return {
    width: Math.max(first.width, below.width),
    height: top + below.height,
    places: new Map([...first.places, ...[...below.places].map(([key, { x, y }]) => [key, { x, y: y + top }] as const)]),
  };
}

/** In rows, as wide as what is above, or about as wide as high. */
function grid(keys: readonly string[], wide: number): Placed {
  const step = { x: NODE.width + GAP.x / 2, y: NODE.height + GAP.y };
  const columns = Math.max(1, Math.round(wide / step.x), Math.ceil(Math.sqrt(keys.length * step.y / step.x * ASPECT / 2)));
  const places = new Map(keys.map((key, index) => [key, { x: index % columns * step.x, y: Math.floor(index / columns) * step.y }]));
  const used = Math.min(columns, keys.length);
  return { width: used * step.x - GAP.x / 2, height: Math.ceil(keys.length / columns) * step.y - GAP.y, places };
}

/**
 * The boxes in layers too, to the right or downwards, whichever is larger on a
 * screen; in rows, those that call others first, where layers would be small.
 */
function placeBoxes(sizes: Sizes, edges: readonly Weighted[]): Placed {
  const inRows = rows(sizes, edges);
  if (edges.length === 0 || edges.length > 3 * sizes.size) return inRows;
  const [right, down] = [layers(sizes, edges, BOX_GAP, 'LR'), layers(sizes, edges, BOX_GAP, 'TB')];
  const best = scaleOf(right) < WORTH * scaleOf(down) ? down : right;
  return scaleOf(best) < WORTH * scaleOf(inRows) ? inRows : best;
}

/** How large a drawing is on a screen that shows all of it; nothing is made larger than it is. */
function scaleOf({ width, height }: Placed): number {
  return Math.min(1, SCREEN.width / width, SCREEN.height / height);
}

function rows(sizes: Sizes, edges: readonly Weighted[]): Placed {
  const balance = new Map<string, number>();
  for (const [from, to, weight] of edges) {
    balance.set(from, (balance.get(from) ?? 0) + weight);
    balance.set(to, (balance.get(to) ?? 0) - weight);
  }
  const names = [...sizes.keys()];
  const order = [...names].sort((a, b) => (balance.get(b) ?? 0) - (balance.get(a) ?? 0) || names.indexOf(a) - names.indexOf(b));
  const area = [...sizes.values()].reduce((sum, { width, height }) => sum + (width + BOX_GAP.x) * (height + BOX_GAP.y), 0);
  const limit = Math.max(Math.sqrt(area * ASPECT), ...[...sizes.values()].map(({ width }) => width));
  const places = new Map<string, { x: number; y: number }>();
  let [x, y, tallest, wide] = [0, 0, 0, 0];
  for (const name of order) {
    const { width, height } = sizes.get(name)!;
    if (x > 0 && x + width > limit) [x, y, tallest] = [0, y + tallest + BOX_GAP.y, 0];
    places.set(name, { x, y });
    wide = Math.max(wide, x + width);
    tallest = Math.max(tallest, height);
    x += width + BOX_GAP.x;
  }
  return { width: wide, height: y + tallest, places };
}

/** dagre's layered layout, by default from left to right. */
function layers(sizes: Sizes, edges: readonly Weighted[], gap: { readonly x: number; readonly y: number }, rankdir: 'LR' | 'TB' = 'LR'): Placed {
  const { graphlib, layout } = dagre();
  const graph: DagreGraph = new graphlib.Graph();
  const [nodesep, ranksep] = rankdir === 'LR' ? [gap.y, gap.x] : [gap.x / 2, gap.y * 1.5];
  graph.setGraph({ rankdir, nodesep, ranksep, edgesep: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  // An empty name would be none to dagre, and put boxes onto each other.
  const id = (key: string): string => `box ${key}`;
  sizes.forEach((size, key) => graph.setNode(id(key), { ...size }));
  for (const [from, to, weight] of edges) graph.setEdge(id(from), id(to), { weight });
  layout(graph);
  const corners = [...sizes].map(([key, { width, height }]) => {
    const { x, y } = graph.node(id(key));
    return { key, left: x - width / 2, top: y - height / 2, width, height };
  });
  // The lines are drawn straight from node to node, so that the room for their bends is not needed.
  const [left, top] = [Math.min(...corners.map(one => one.left)), Math.min(...corners.map(one => one.top))];
  return {
    width: Math.max(...corners.map(one => one.left - left + one.width)),
    height: Math.max(...corners.map(one => one.top - top + one.height)),
    places: new Map(corners.map(one => [one.key, { x: one.left - left, y: one.top - top }])),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
