import { WEIGHT } from './calls';
import { Picture, PictureCall, PictureWorkload } from './data';
import { compareText } from '../../mesh/object';
import { Outcome } from '../../mesh/server/outcome';

/** A workload, or a host whose endpoints are outside the mesh. */
export interface GraphNode {
  /** The key of the workload, or the host. */
  readonly key: string;
  /** The box in which it stands; empty outside the mesh. */
  readonly namespace: string;
  readonly label: string;
  /** Undefined for a host outside the mesh. */
  readonly workload?: PictureWorkload;
}

/** All calls of one client to one server. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The worst of the calls. */
  readonly outcome: Outcome;
  /** The identifiers of the calls. */
  readonly calls: readonly string[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The graph of the known calls: workloads by namespace, and one edge for all calls of a client to a server. */
export function graphOf({ workloads, calls }: Pick<Picture, 'workloads' | 'calls'>): Graph {
  const nodes = new Map<string, GraphNode>(workloads.map(workload =>
    [workload.key, { key: workload.key, namespace: workload.namespace, label: workload.name, workload }]));
  const edges = new Map<string, { from: string; to: string; outcome: Outcome; calls: string[] }>();
  for (const call of calls) {
    const to = serverOf(call);
    if (!nodes.has(to)) nodes.set(to, { key: to, namespace: '', label: call.host });
    const key = JSON.stringify([call.client, to]);
    const edge = edges.get(key);
    if (edge === undefined) {
      edges.set(key, { from: call.client, to, outcome: call.outcome, calls: [call.id] });
    } else {
      edge.outcome = worse(edge.outcome, call.outcome);
      edge.calls.push(call.id);
    }
  }
  const sorted = [...nodes.values()].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.key, b.key));
  return { nodes: sorted, edges: [...edges.values()] };
}

/** The namespaces in their order, each with its nodes; what is outside the mesh comes last. */
export function boxesOf({ nodes }: Graph): [namespace: string, nodes: GraphNode[]][] {
  const boxes = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const box = boxes.get(node.namespace);
    if (box === undefined) boxes.set(node.namespace, [node]);
    else box.push(node);
  }
  return [...boxes].sort(([a], [b]) => Number(a === '') - Number(b === '') || compareText(a, b));
}

/** Whoever answers: a workload, or what is outside the mesh by its host. */
function serverOf({ server, host }: PictureCall): string {
  return server ?? host;
}

export function worse(one: Outcome, other: Outcome): Outcome {
  return WEIGHT.indexOf(one) <= WEIGHT.indexOf(other) ? one : other;
}
