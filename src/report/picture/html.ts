import { createHash } from 'crypto';
import { pageFile, pageScript } from './assets';
import { Picture } from './data';
import { graphOf } from './graph';
import { layoutOf } from './layout';
import { packed, PageData } from './pack';

/** A report as one page that needs nothing else: no network, no other file. */
export function pictureHtml(picture: Picture): string {
  const script = pageScript();
  const parts: { readonly [name: string]: string } = {
    SCRIPT: script,
    // Only this script may run: neither a handler in an attribute nor anything that a manifest could bring in.
    SCRIPT_HASH: `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    STYLE: pageFile('page.css'),
    DATA: embeddedJson(pageDataOf(picture)),
  };
  return pageFile('page.html').replace(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name]);
}

function pageDataOf(picture: Picture): PageData {
  const graph = graphOf(picture);
  const nodes = new Map(graph.nodes.map(({ key }, index) => [key, index]));
  const calls = new Map(picture.calls.map(({ id }, index) => [id, index]));
  return {
    picture,
    graph: {
      ...layoutOf(graph),
      keys: graph.nodes.map(({ key }) => key),
      labels: graph.nodes.map(({ label }) => label),
      edges: graph.edges.map(({ from, to, outcome, calls: ids }) => (
        { from: nodes.get(from)!, to: nodes.get(to)!, outcome, calls: ids.map(id => calls.get(id)!) })),
    },
  };
}

/** JSON that can stand in a script element: nothing in it ends the element, begins a comment or breaks a line. */
function embeddedJson(data: PageData): string {
  return JSON.stringify(packed(data)).replace(/[<>&\u2028\u2029]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
