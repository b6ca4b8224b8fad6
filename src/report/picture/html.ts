import { createHash } from 'crypto';
import { pageFile } from './assets';
import { Picture, PictureReason } from './data';
import { graphOf } from './graph';
import { Layout, layoutOf } from './layout';

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

/** In the order in which they run; they share one scope. */
const SCRIPTS = ['dom.js', 'words.js', 'viewport.js', 'graph.js', 'details.js', 'tables.js', 'main.js'];

/** A report as one page that needs nothing else: no network, no other file. */
export function pictureHtml(picture: Picture): string {
  const script = `'use strict';\n(() => {\n${SCRIPTS.map(pageFile).join('\n')}\n})();\n`;
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

/**
 * JSON that can stand in a script element: nothing in it ends the element, begins
 * a comment or breaks a line. One field decides for many workloads and calls, so
 * that each reason stands there once, and its number everywhere else.
 */
function embeddedJson(data: PageData): string {
  const numbers = new Map<string, number>();
  const numberOf = (reason: PictureReason): number => {
    const text = JSON.stringify(reason);
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, number = numbers.size);
    return number;
  };
  const packed = JSON.stringify(data, (key, value: unknown) => {
    if (key === 'shownBy' && value !== null) return numberOf(value as PictureReason);
    return key === 'because' || key === 'dataPlaneBecause' ? (value as readonly PictureReason[]).map(numberOf) : value;
  });
  return `{"reasons":[${[...numbers.keys()].join(',')}],"data":${packed}}`.replace(/[<>&\u2028\u2029]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
