import { Picture } from './data';
import { boxesOf, Graph, GraphEdge, graphOf, worse } from './graph';
import { meshLine, modesOf, OUTCOME_SIGNS, OUTCOME_WORDS, outcomesLine } from './words';
import { Outcome } from '../../mesh/server/outcome';
import { count, oneLine } from '../text';

/** Hosts refuse to draw more (`maxEdges` of Mermaid, and 50,000 characters). */
const MAX_EDGES = 300;
const MAX_NODES = 300;

/** How each outcome is drawn, apart from its sign and its word. */
const STYLES: { readonly [outcome in Outcome]: { readonly arrow: string; readonly colour: string; readonly width: number } } = {
  'fail': { arrow: '--x', colour: '#d1242f', width: 3 },
  'depends': { arrow: '-.->', colour: '#6e7781', width: 2 },
  'plaintext': { arrow: '-->', colour: '#bf8700', width: 3 },
  'tls-to-app': { arrow: '-->', colour: '#bf8700', width: 2 },
  'mtls': { arrow: '-->', colour: '#1a7f37', width: 1 },
  'hbone': { arrow: '-->', colour: '#1a7f37', width: 1 },
};

/** A report as a Mermaid flowchart, which Markdown on code hosts draws. */
export function pictureMermaid(picture: Picture): string {
  const graph = graphOf(picture);
  const lines = graph.nodes.length > MAX_NODES || graph.edges.length > MAX_EDGES ? namespaceLines(graph) : workloadLines(graph);
  return `${['flowchart LR', `  %% ${oneLine(meshLine(picture))}`, `  %% ${outcomesLine(picture)}`, ...lines].join('\n')}\n`;
}

function workloadLines(graph: Graph): string[] {
  const ids = new Map(graph.nodes.map(({ key }, index) => [key, `w${index + 1}`]));
  const lines: string[] = [];
  boxesOf(graph).forEach(([namespace, nodes], index) => {
    lines.push(`  subgraph n${index + 1}[${text(namespace === '' ? 'outside the mesh' : namespace)}]`);
    for (const { key, label, workload } of nodes) lines.push(`    ${ids.get(key)!}[${text(workload === undefined ? [label] : [label, modesOf(workload)])}]`);
    lines.push('  end');
  });
  const more = (edge: GraphEdge): string => edge.calls.length === 1 ? '' : `, ${count(edge.calls.length, 'call')}`;
  return [...lines, ...edgeLines(graph.edges.map(edge => ({ ...edge, from: ids.get(edge.from)!, to: ids.get(edge.to)!, label: more(edge) })))];
}

/** A mesh that is too large for a flowchart: its namespaces, and how many calls between them end in which way. */
function namespaceLines(graph: Graph): string[] {
  const boxes = boxesOf(graph);
  const ids = new Map(boxes.map(([namespace], index) => [namespace, `n${index + 1}`]));
  const namespaces = new Map(graph.nodes.map(({ key, namespace }) => [key, namespace]));
  const edges = new Map<string, { readonly from: string; readonly to: string; readonly outcome: Outcome; number: number }>();
  for (const { from, to, outcome, calls } of graph.edges) {
    const [a, b] = [ids.get(namespaces.get(from)!)!, ids.get(namespaces.get(to)!)!];
    const edge = edges.get(`${a} ${b} ${outcome}`);
    if (edge === undefined) edges.set(`${a} ${b} ${outcome}`, { from: a, to: b, outcome, number: calls.length });
    else edge.number += calls.length;
  }
  // The worst first, for a mesh of which even this is too much.
  const all = [...edges.values()].sort((a, b) => a.outcome === b.outcome ? 0 : worse(a.outcome, b.outcome) === a.outcome ? -1 : 1);
  const left = all.slice(MAX_EDGES).reduce((sum, { number }) => sum + number, 0);
  return [
    ...boxes.map(([namespace, nodes]) => `  ${ids.get(namespace)!}[${text([namespace === '' ? 'outside the mesh' : namespace, count(nodes.length, namespace === '' ? 'host' : 'workload')])}]`),
    ...left === 0 ? [] : [`  more[${text(`${count(left, 'call')} more than a flowchart holds`)}]`],
    ...edgeLines(all.slice(0, MAX_EDGES).map(edge => ({ ...edge, label: `, ${count(edge.number, 'call')}` }))),
  ];
}

interface Line {
  readonly from: string;
  readonly to: string;
  readonly outcome: Outcome;
  readonly label: string;
}

function edgeLines(edges: readonly Line[]): string[] {
  const lines = edges.map(({ from, to, outcome, label }) => `  ${from} ${STYLES[outcome].arrow}|${text(`${OUTCOME_SIGNS[outcome]} ${OUTCOME_WORDS[outcome]}${label}`)}| ${to}`);
  const styles = (Object.keys(STYLES) as Outcome[]).flatMap(outcome => {
    const indexes = edges.flatMap((edge, index) => edge.outcome === outcome ? [index] : []);
    const { colour, width } = STYLES[outcome];
    return indexes.length === 0 ? [] : [`  linkStyle ${indexes.join(',')} stroke:${colour},stroke-width:${width}px`];
  });
  return [...lines, ...styles];
}

/** Names come from manifests of others: in quotes, with everything in them as an entity that Mermaid or Markdown could read. */
function text(lines: string | readonly string[]): string {
  const escape = (line: string): string => oneLine(line).replace(/[^\p{L}\p{N}\p{Emoji_Presentation}✖? ,.:/()_-]/gu, character => `#${character.codePointAt(0)!};`);
  return `"${(typeof lines === 'string' ? [lines] : lines).map(escape).join('<br>')}"`;
}
