import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/*
 * Files that the page is made of. In the package they stand in `page/` beside
 * this file, where the build puts them; the libraries for the layout and for the
 * drawing come from there too, so that nobody has to install them.
 */

const PAGE = join(__dirname, 'page');
const DAGRE = join(PAGE, 'dagre.js');
const SCRIPT = join(PAGE, 'page.js');

/** The text of a file of the page. */
export function pageFile(name: string): string {
  return readFileSync(join(PAGE, name), 'utf8');
}

/** The script of the page with what it uses of its libraries: the one of the package, or in a clone without one, made anew as the build makes it. */
export function pageScript(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const make = (): string => (require(join(__dirname, '../../../tools/page-script')) as { pageScript(): string }).pageScript();
  return script ??= existsSync(SCRIPT) ? readFileSync(SCRIPT, 'utf8') : make();
}
let script: string | undefined;

/** What of dagre the layout uses. */
export interface Dagre {
  readonly graphlib: { readonly Graph: new (options?: { readonly multigraph?: boolean }) => DagreGraph };
  layout(graph: DagreGraph): void;
}

export interface DagreGraph {
  setGraph(label: object): unknown;
  setDefaultEdgeLabel(label: () => object): unknown;
  setNode(key: string, label: { readonly width: number; readonly height: number }): unknown;
  setEdge(from: string, to: string, label: object): unknown;
  node(key: string): { readonly x: number; readonly y: number };
}

/** The layout library: the copy of the package, or in a clone without one, what is installed for development. */
export function dagre(): Dagre {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(existsSync(DAGRE) ? DAGRE : '@dagrejs/dagre') as Dagre;
}
