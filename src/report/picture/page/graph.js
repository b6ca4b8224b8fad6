/* Drawing the graph of the known calls. */
import { select } from 'd3-selection';
import { byId, countOf } from './dom.js';
import { drawArrowHeads, drawBoxes, drawEdges, drawNodes, edgeMark, nodeMarks, TONES } from './marks.js';
import { Viewport } from './viewport.js';

/** @typedef {import('../pack').PageData} PageData */
/** @typedef {import('./marks.js').BoxMark} BoxMark */
/** @typedef {import('./marks.js').NodeMark} NodeMark */
/** @typedef {import('./marks.js').EdgeMark} EdgeMark */

/** Above so many lines the single one is thin, and what is healthy steps back. */
const DENSE = 250;
/** Among so many workloads no line looks for a way around them. */
const MANY = 600;
/** So many workloads and lines are drawn at once. Of a larger mesh that is drawn which the filter leaves. */
const MOST = 6000;

export class GraphView {
  /**
   * @param {PageData} data
   * @param {(hash: string) => void} choose
   */
  constructor({ picture, graph }, choose) {
    this.choose = choose;
    this.picture = picture;
    const stage = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId('graph')));
    this.stage = select(stage);
    this.isDense = graph.edges.length > DENSE;
    this.isPartial = graph.edges.length + graph.nodes.length > MOST;
    this.stage.classed('dense', this.isDense);
    this.boxes = graph.boxes.map(box => ({ ...box, isDim: false, look: '' }));
    this.nodes = nodeMarks(picture, graph);
    this.edges = graph.edges.map((edge, index) => edgeMark(edge, index, this.nodes));
    // What is broken or open lies above what is healthy.
    this.painted = [...this.edges].sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone));
    this.stage.append('defs').selectAll('marker').data(TONES).join(drawArrowHeads);
    const root = this.stage.append('g');
    this.layers = {
      boxes: root.append('g').attr('class', 'boxes'), edges: root.append('g').attr('class', 'edges'), nodes: root.append('g').attr('class', 'nodes'),
    };
    /** Which node the keyboard is at. */
    this.current = 0;
    /** @type {ReturnType<GraphView['join']> | undefined} */
    this.marks = this.isPartial ? this.join([], []) : undefined;
    this.draw();
    this.viewport = new Viewport(stage, /** @type {SVGGElement} */ (root.node()));
    this.listen();
    const wide = stage.clientWidth || 800;
    const { width, height } = this.viewport.size;
    const drawn = height * Math.min(1.1, (wide - 24) / Math.max(1, width)) + 40;
    const least = wide < 600 ? 220 : 400;
    const tall = Math.round(Math.max(least, Math.min(window.innerHeight * 0.74, drawn)));
    /** @type {HTMLElement} */ (stage.closest('.stage')).style.setProperty('--tall', `${tall}px`);
    this.viewport.measure();
    this.viewport.fit();
  }

  /** Draws what is to be drawn and has not been, and gives every mark its classes where they have changed. */
  draw() {
    if (this.marks === undefined) this.marks = this.join(this.painted, this.nodes);
    else if (this.isPartial) this.marks = this.join(...this.part());
    const { boxes, edges, nodes } = this.marks;
    boxes.call(setLook, lookOfBox);
    edges.call(setLook, lookOfEdge);
    nodes.call(setLook, lookOfNode);
  }

  /**
   * @param {EdgeMark[]} edges
   * @param {NodeMark[]} nodes
   */
  join(edges, nodes) {
    const { layers, isDense } = this;
    const others = isDense || this.nodes.length > MANY ? [] : this.nodes;
    const marks = {
      boxes: layers.boxes.selectAll('.box').data(this.boxes, keyOfBox).join(drawBoxes),
      edges: layers.edges.selectAll('.edge').data(edges, keyOf).join(enter => drawEdges(enter, others, isDense)),
      nodes: layers.nodes.selectAll('.node').data(nodes, keyOf).join(drawNodes),
    };
    this.elementOf(this.nodes[this.current])?.setAttribute('tabindex', '0');
    return marks;
  }

  /**
   * Of a mesh that is too large to be drawn at once: what the filter leaves, if that is little enough, and what was chosen.
   * @returns {[edges: EdgeMark[], nodes: NodeMark[]]}
   */
  part() {
    const left = { edges: this.painted.filter(edge => edge.isShown || edge.isOn), nodes: this.nodes.filter(node => !node.isDim || node.isOn) };
    const isTooMuch = left.edges.length + left.nodes.length > MOST;
    const edges = isTooMuch ? left.edges.filter(({ isOn }) => isOn) : left.edges;
    const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
    const nodes = this.nodes.filter(node => node.isOn || ends.has(node) || (!isTooMuch && !node.isDim));
    const note = byId('too-many');
    note.hidden = !isTooMuch;
    note.textContent = `${countOf(this.picture.workloads.length, 'workload')} and ${countOf(this.edges.length, 'line')} are too many to draw at once: `
      + 'choose a namespace, search, or hide outcomes, and what is left is drawn.';
    // The keyboard stays where something is.
    if (!nodes.includes(this.nodes[this.current])) this.current = nodes[0]?.index ?? this.current;
    return [edges, nodes];
  }

  listen() {
    this.stage.on('click', event => {
      const target = /** @type {Element} */ (event.target);
      const mark = /** @type {EdgeMark | NodeMark | undefined} */ (dataOf(target, '.edge') ?? dataOf(target, '.node'));
      const box = target.tagName === 'text' ? /** @type {BoxMark | undefined} */ (dataOf(target, '.box')) : undefined;
      const namespace = this.picture.namespaces.findIndex(({ name }) => name === box?.name);
      this.choose(mark !== undefined ? mark.hash : namespace >= 0 ? `namespace-${namespace + 1}` : '');
    });
    this.stage.on('keydown', event => {
      const direction = ARROWS[event.key];
      if (direction !== undefined) this.walk(...direction);
      else if (event.key === 'Enter' || event.key === ' ') this.choose(this.nodes[this.current]?.hash ?? '');
      else if (event.key === '+' || event.key === '=') this.viewport.zoom(1.3);
      else if (event.key === '-') this.viewport.zoom(1 / 1.3);
      else if (event.key === '0') this.viewport.fit();
      else if (event.key === 'Escape') this.choose('');
      else return;
      event.preventDefault();
    });
    this.stage.on('focusin', event => {
      const node = /** @type {NodeMark | undefined} */ (dataOf(/** @type {Element} */ (event.target), '.node'));
      if (node !== undefined) this.moveTo(node);
    });
    select('#zoom-in').on('click', () => this.viewport.zoom(1.4));
    select('#zoom-out').on('click', () => this.viewport.zoom(1 / 1.4));
    select('#zoom-fit').on('click', () => this.viewport.fit());
  }

  /**
   * To the nearest workload in a direction.
   * @param {number} dx
   * @param {number} dy
   */
  walk(dx, dy) {
    const from = this.nodes[this.current];
    /** @type {NodeMark | undefined} */
    let best;
    let least = Infinity;
    for (const node of /** @type {NodeMark[]} */ (this.layers.nodes.selectAll('.node').data())) {
      const [x, y] = [node.x - from.x, node.y - from.y];
      const along = x * dx + y * dy;
      const distance = along + 3 * Math.abs(dx === 0 ? x : y);
      if (along > 0 && !node.isDim && distance < least) [best, least] = [node, distance];
    }
    if (best === undefined) return;
    this.moveTo(best);
    this.reveal(best);
    this.focus();
  }

  /** @param {NodeMark} node */
  moveTo(node) {
    this.elementOf(this.nodes[this.current])?.setAttribute('tabindex', '-1');
    this.current = node.index;
    this.elementOf(node)?.setAttribute('tabindex', '0');
  }

  /** To the node that the keyboard is at. */
  focus() {
    this.elementOf(this.nodes[this.current])?.focus({ preventScroll: true });
  }

  /** @param {NodeMark | undefined} node */
  elementOf(node) {
    return /** @type {SVGGElement | null | undefined} */ (node && this.layers.nodes.select(`[data-node="${node.index}"]`).node());
  }

  /** @param {NodeMark} node */
  reveal({ x, y, width, height }) {
    this.viewport.reveal(x + width / 2, y + height / 2);
  }

  /**
   * @param {(edge: number) => boolean} isShown
   * @param {(node: number, hasEdge: boolean) => boolean} isBright
   * @param {(namespace: string) => boolean} isBoxBright
   */
  filter(isShown, isBright, isBoxBright) {
    const touched = new Set();
    for (const edge of this.edges) {
      edge.isShown = isShown(edge.index);
      if (edge.isShown) touched.add(edge.from).add(edge.to);
    }
    for (const node of this.nodes) node.isDim = !isBright(node.index, touched.has(node));
    for (const box of this.boxes) box.isDim = !isBoxBright(box.name);
    this.draw();
  }

  /**
   * @param {ReadonlySet<number>} edges
   * @param {ReadonlySet<number>} nodes
   */
  highlight(edges, nodes) {
    this.stage.classed('chosen', edges.size > 0);
    for (const edge of this.edges) edge.isOn = edges.has(edge.index);
    for (const node of this.nodes) node.isOn = nodes.has(node.index);
    this.draw();
    const [first] = nodes;
    if (first !== undefined) this.reveal(this.nodes[first]);
  }
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const keyOf = (/** @type {{ index: number }} */ { index }) => index;
const keyOfBox = (/** @type {BoxMark} */ { name }) => name;
const lookOfBox = (/** @type {BoxMark} */ { name, isDim }) => `box${name === '' ? ' outside' : ''}${isDim ? ' dim' : ''}`;
const lookOfNode = (/** @type {NodeMark} */ { kind, isDim, isOn }) => `node ${kind}${isDim ? ' dim' : ''}${isOn ? ' on' : ''}`;
const lookOfEdge = (/** @type {EdgeMark} */ { tone, isShown, isOn }) => `edge ${tone}${isShown ? '' : ' off'}${isOn ? ' on' : ''}`;

/**
 * Touches only what changes: a browser looks again at all whose classes are set, even to what they were.
 * @template {{ look: string }} Mark
 * @param {import('d3-selection').Selection<any, Mark, any, any>} marks
 * @param {(mark: Mark) => string} look
 */
function setLook(marks, look) {
  marks.filter(mark => mark.look !== (mark.look = look(mark))).attr('class', mark => mark.look);
}

/**
 * What was drawn as the element, or as the group around it.
 * @param {Element} element
 * @param {string} group
 */
function dataOf(element, group) {
  const found = element.closest(group);
  return found === null ? undefined : select(found).datum();
}
