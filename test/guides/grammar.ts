import type { Parser, SyntaxNode } from '@lezer/common';

/* Real grammars of languages for which this machine may have no toolchain. */

/** The tree of a text in which the grammar accepts everything. */
export function parse(parser: Parser, text: string): SyntaxNode {
  const tree = parser.parse(text);
  tree.iterate({
    enter: ({ type, from }) => {
      // XML has tags that close nothing, or that nothing closes, in its tree.
      if (type.isError || /^(Mismatched|Missing)/.test(type.name)) throw new Error(`line ${lineAt(text, from)} cannot be parsed: ${text.slice(from).split('\n')[0]}`);
    },
  });
  return tree.topNode;
}

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;

/** The parts of a node, without comments and punctuation. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (/^\w+$/.test(child.name) && !/Comment$/.test(child.name)) all.push(child);
  }
  return all;
}

/** Every node of a kind, in the order of the text. */
export function nodes(root: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate(({ name: of, node }) => { if (of === name) found.push(node); });
  return found;
}

/** How each kind of node is written in TypeScript. */
export type Rules = { readonly [kind: string]: (node: SyntaxNode, write: (node: SyntaxNode) => string) => string };

/** Writes a program in TypeScript by rules. What they do not know is an error: nothing of a program is passed over. */
export function translate(parser: Parser, text: string, rules: Rules): string {
  const write = (node: SyntaxNode): string => {
    if (!Object.hasOwn(rules, node.name)) throw new Error(`line ${lineAt(text, node.from)}: the tests cannot translate ${node.name}: ${text.slice(node.from, node.to)}`);
    return rules[node.name](node, write);
  };
  return write(parse(parser, text));
}
