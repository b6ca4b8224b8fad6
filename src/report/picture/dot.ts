import { Picture } from './data';
import { boxesOf, GraphNode, graphOf } from './graph';
import { meshLine, modesOf, OUTCOME_WORDS, outcomesLine } from './words';
import { Outcome } from '../../mesh/server/outcome';
import { count, oneLine } from '../text';

const STYLES: { readonly [outcome in Outcome]: string } = {
  'fail': 'color="#d1242f", fontcolor="#d1242f", penwidth=2.5, arrowhead=tee',
  'depends': 'color="#6e7781", fontcolor="#6e7781", style=dashed',
  'plaintext': 'color="#bf8700", fontcolor="#7d5a00", penwidth=2.5, arrowhead=empty',
  'tls-to-app': 'color="#bf8700", fontcolor="#7d5a00", arrowhead=empty',
  'mtls': 'color="#1a7f37", fontcolor="#1a7f37"',
  'hbone': 'color="#1a7f37", fontcolor="#1a7f37"',
};

/** A report as a Graphviz graph: `dot -Tsvg`. */
export function pictureDot(picture: Picture): string {
  const graph = graphOf(picture);
  const lines = [
    'digraph mesh {',
    `  label=${quoted(meshLine(picture), outcomesLine(picture))};`,
    '  rankdir=LR; labelloc=t; fontname="sans-serif";',
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
  ];
  for (const [namespace, nodes] of boxesOf(graph)) {
    const isOutside = namespace === '';
    lines.push(`  subgraph ${quoted(isOutside ? 'outside' : `cluster ${namespace}`)} {`);
    if (!isOutside) lines.push(`    label=${quoted(namespace)}; style="rounded,filled"; color="#d0d7de"; fillcolor="#f6f8fa";`);
    lines.push(...nodes.map(node => `    ${quoted(node.key)} [${attributes(node)}];`), '  }');
  }
  for (const { from, to, outcome, calls } of graph.edges) {
    const label = `${OUTCOME_WORDS[outcome]}${calls.length === 1 ? '' : `, ${count(calls.length, 'call')}`}`;
    lines.push(`  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}, ${STYLES[outcome]}];`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

function attributes({ label, workload }: GraphNode): string {
  if (workload === undefined) return `label=${quoted(label, 'outside the mesh')}, shape=ellipse`;
  const isInside = workload.dataPlane === 'sidecar' || workload.dataPlane === 'ambient';
  return `label=${quoted(label, modesOf(workload))}${isInside ? '' : ', style="rounded,dashed"'}`;
}

/** A quoted string of several lines. In DOT only a quote ends it, and a backslash begins an escape. */
function quoted(...lines: readonly string[]): string {
  return `"${lines.map(line => oneLine(line).replace(/["\\]/g, '\\$&')).join('\\n')}"`;
}
