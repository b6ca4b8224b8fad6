/* Drawing the graph of the known calls. */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** Above so many lines the single one is thin, and what is healthy steps back. */
const DENSE = 250;
/** Among so many workloads no line looks for a way around them. */
const MANY = 600;

class GraphView {
  /**
   * @param {PageData} data
   * @param {(hash: string) => void} choose
   */
  constructor({ picture, graph }, choose) {
    this.graph = graph;
    this.choose = choose;
    this.stage = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId('graph')));
    this.workloads = new Map(picture.workloads.map((workload, index) => [workload.key, { workload, index }]));
    this.picture = picture;
    this.severities = /** @type {Map<string, string>} */ (
      new Map(picture.findings.filter(({ acknowledged }) => acknowledged === undefined).map(({ id, severity }) => [id, severity])));
    this.isDense = graph.edges.length > DENSE;
    this.stage.classList.toggle('dense', this.isDense);
    const root = svg('g');
    this.boxes = graph.boxes.map(box => this.drawBox(box));
    this.edges = graph.edges.map((edge, index) => this.drawEdge(edge, index));
    this.nodes = graph.nodes.map((_, index) => this.drawNode(index));
    // What is broken or open lies above what is healthy.
    const order = ['good', 'unknown', 'open', 'fail'];
    const sorted = this.edges.map((edge, index) => ({ edge, rank: order.indexOf(OUTCOMES[graph.edges[index].outcome].tone) }))
      .sort((a, b) => a.rank - b.rank);
    root.append(...this.boxes, ...sorted.map(({ edge }) => edge), ...this.nodes);
    this.stage.append(svg('defs', {}, ...['good', 'open', 'fail', 'unknown'].map(arrowHead)), root);
    this.viewport = new Viewport(this.stage, root);
    /** Which node the keyboard is at. */
    this.current = 0;
    this.nodes[0]?.setAttribute('tabindex', '0');
    this.listen();
    const wide = this.stage.clientWidth || 800;
    const { width, height } = this.viewport.size;
    const drawn = height * Math.min(1.1, (wide - 24) / Math.max(1, width)) + 40;
    const least = wide < 600 ? 220 : 400;
    const tall = Math.round(Math.max(least, Math.min(window.innerHeight * 0.74, drawn)));
    /** @type {HTMLElement} */ (this.stage.closest('.stage')).style.setProperty('--tall', `${tall}px`);
    this.viewport.measure();
    this.viewport.fit();
  }

  /** @param {PageData['graph']['boxes'][number]} box */
  drawBox({ name, x, y, width, height }) {
    const title = name === '' ? 'outside the mesh' : name;
    return svg('g', { 'class': name === '' ? 'box outside' : 'box', 'data-namespace': name },
      svg('rect', { x, y, width, height, rx: 10 }), svg('text', { x: x + 14, y: y + 21 }, title));
  }

  /** @param {number} index */
  drawNode(index) {
    const { x, y, width, height } = this.graph.nodes[index];
    const key = this.graph.keys[index];
    const found = this.workloads.get(key);
    const label = this.graph.labels[index];
    if (found === undefined) {
      return svg('g', { 'class': 'node bare', 'data-node': index, 'tabindex': '-1', 'role': 'button' },
        svg('rect', { x, y, width, height, rx: 23 }), svg('title', {}, `${label}, outside the mesh`),
        svg('text', { 'class': 'name', 'x': x + 14, 'y': y + 20 }, shortened(label, 21)),
        svg('text', { 'class': 'mode', 'x': x + 14, 'y': y + 36 }, 'outside the mesh'));
    }
    const { workload } = found;
    const isBare = workload.dataPlane === 'none' || workload.dataPlane === 'unknown';
    const { text, lock } = modeOfWorkload(workload);
    // What somebody has accepted, and what is only worth knowing, is no alarm.
    const open = workload.findings.map(id => this.severities.get(id) ?? 'info').filter(severity => severity !== 'info');
    const alarms = open.length;
    const title = [...new Set([workload.key, text, PLANES[workload.dataPlane]]), ...alarms === 0 ? [] : [countOf(alarms, 'finding')]];
    return svg('g', {
      'class': `node ${LOCKS[lock].tone}${isBare ? ' bare' : ''}`, 'data-node': index, 'tabindex': '-1', 'role': 'button',
    },
    svg('rect', { x, y, width, height, rx: 7 }), svg('title', {}, title.join(', ')),
    svg('text', { 'class': 'name', 'x': x + 10, 'y': y + 20 }, shortened(label, 21)),
    svg('text', { 'class': `mode ${LOCKS[lock].tone}`, 'x': x + 10, 'y': y + 36 }, shortened(text, 24)),
    alarms > 0 && svg('circle', { 'class': `alarm ${open.includes('error') ? 'fail' : 'open'}`, 'cx': x + width - 12, 'cy': y + 12, 'r': 4 }));
  }

  /**
   * @param {PageData['graph']['edges'][number]} edge
   * @param {number} index
   */
  drawEdge({ from, to, outcome, calls }, index) {
    const { tone, symbol, word } = OUTCOMES[outcome];
    const { path, x, y } = this.route(from, to);
    const group = svg('g', { 'class': `edge ${tone}`, 'data-edge': index },
      svg('path', { 'class': 'hit', 'd': path }), svg('path', { 'class': 'line', 'd': path, 'marker-end': `url(#arrow-${tone})` }));
    // Thousands of healthy calls are drawn without a lock on each; what is wrong keeps its sign.
    if (!this.isDense || tone !== 'good') {
      group.append(svg('g', { 'class': 'mark', 'transform': `translate(${x} ${y})` }, svg('circle', { 'class': 'ground', 'r': 9.5 }),
        svg('use', { href: `#${symbol}`, x: -6, y: -6, width: 12, height: 12 })));
    }
    const more = calls.length === 1 ? '' : `, ${countOf(calls.length, 'call')}`;
    group.append(svg('title', {}, `${this.graph.keys[from]} → ${this.graph.keys[to]}: ${word}${more}`));
    return group;
  }

  /**
   * Around the workloads that stand in between, as long as there are so few lines that one can be followed.
   * @param {number} from
   * @param {number} to
   */
  route(from, to) {
    const { nodes } = this.graph;
    const straight = curve(nodes[from], nodes[to], 0);
    if (this.isDense || nodes.length > MANY) return straight;
    const others = nodes.filter((_, index) => index !== from && index !== to);
    for (const detour of DETOURS) {
      const line = detour === 0 ? straight : curve(nodes[from], nodes[to], detour);
      const isFree = !others.some(node => line.points.some(
        ({ x, y }) => x > node.x - 6 && x < node.x + node.width + 6 && y > node.y - 4 && y < node.y + node.height + 4));
      if (isFree) return line;
    }
    return straight;
  }

  listen() {
    this.stage.addEventListener('click', event => {
      const target = /** @type {Element} */ (event.target);
      const edge = target.closest('[data-edge]');
      const node = target.closest('[data-node]');
      const title = target.tagName === 'text' ? target.closest('[data-namespace]') : null;
      const namespace = this.picture.namespaces.findIndex(({ name }) => name === title?.getAttribute('data-namespace'));
      if (node !== null) this.choose(this.hashOfNode(Number(node.getAttribute('data-node'))));
      else if (edge !== null) this.choose(this.hashOfEdge(Number(edge.getAttribute('data-edge'))));
      else if (namespace >= 0) this.choose(`namespace-${namespace + 1}`);
      else this.choose('');
    });
    this.stage.addEventListener('keydown', event => {
      const direction = ARROWS[event.key];
      if (direction !== undefined) this.walk(...direction);
      else if (event.key === 'Enter' || event.key === ' ') this.choose(this.hashOfNode(this.current));
      else if (event.key === '+' || event.key === '=') this.viewport.zoom(1.3);
      else if (event.key === '-') this.viewport.zoom(1 / 1.3);
      else if (event.key === '0') this.viewport.fit();
      else if (event.key === 'Escape') this.choose('');
      else return;
      event.preventDefault();
    });
    this.stage.addEventListener('focusin', event => {
      const node = /** @type {Element} */ (event.target).closest('[data-node]');
      if (node !== null) this.moveTo(Number(node.getAttribute('data-node')), false);
    });
    byId('zoom-in').addEventListener('click', () => this.viewport.zoom(1.4));
    byId('zoom-out').addEventListener('click', () => this.viewport.zoom(1 / 1.4));
    byId('zoom-fit').addEventListener('click', () => this.viewport.fit());
  }

  /** @param {number} index */
  hashOfNode(index) {
    const found = this.workloads.get(this.graph.keys[index]);
    return found === undefined ? `host-${index + 1}` : `workload-${found.index + 1}`;
  }

  /** @param {number} index */
  hashOfEdge(index) {
    return `call-${this.graph.edges[index].calls[0] + 1}`;
  }

  /**
   * To the nearest workload in a direction.
   * @param {number} dx
   * @param {number} dy
   */
  walk(dx, dy) {
    const from = this.graph.nodes[this.current];
    let best = -1;
    let least = Infinity;
    this.graph.nodes.forEach((node, index) => {
      const [x, y] = [node.x - from.x, node.y - from.y];
      const along = x * dx + y * dy;
      if (along <= 0 || this.nodes[index].classList.contains('dim')) return;
      const distance = along + 3 * Math.abs(dx === 0 ? x : y);
      if (distance < least) [best, least] = [index, distance];
    });
    if (best >= 0) this.moveTo(best, true);
  }

  /**
   * @param {number} index
   * @param {boolean} focuses
   */
  moveTo(index, focuses) {
    this.nodes[this.current].setAttribute('tabindex', '-1');
    this.current = index;
    this.nodes[index].setAttribute('tabindex', '0');
    const { x, y, width, height } = this.graph.nodes[index];
    if (!focuses) return;
    this.viewport.reveal(x + width / 2, y + height / 2);
    this.nodes[index].focus({ preventScroll: true });
  }

  /**
   * @param {(edge: number) => boolean} isShown
   * @param {(node: number, hasEdge: boolean) => boolean} isBright
   * @param {(namespace: string) => boolean} isBoxBright
   */
  filter(isShown, isBright, isBoxBright) {
    const touched = new Set();
    this.graph.edges.forEach(({ from, to }, index) => {
      const shown = isShown(index);
      if (shown) touched.add(from).add(to);
      const display = shown ? '' : 'none';
      if (this.edges[index].style.display !== display) this.edges[index].style.display = display;
    });
    this.nodes.forEach((node, index) => node.classList.toggle('dim', !isBright(index, touched.has(index))));
    this.boxes.forEach(box => box.classList.toggle('dim', !isBoxBright(box.getAttribute('data-namespace') ?? '')));
  }

  /**
   * @param {ReadonlySet<number>} edges
   * @param {ReadonlySet<number>} nodes
   */
  highlight(edges, nodes) {
    this.stage.classList.toggle('chosen', edges.size > 0);
    this.edges.forEach((edge, index) => edge.classList.toggle('on', edges.has(index)));
    this.nodes.forEach((node, index) => node.classList.toggle('on', nodes.has(index)));
    const [first] = nodes;
    if (first === undefined) return;
    const { x, y, width, height } = this.graph.nodes[first];
    this.viewport.reveal(x + width / 2, y + height / 2);
  }
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {string} tone */
function arrowHead(tone) {
  const size = { viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse' };
  return svg('marker', { id: `arrow-${tone}`, orient: 'auto', ...size },
    svg('path', { 'class': `arrow ${tone}`, 'd': 'M0 1L10 5L0 9z' }));
}

/** By how much a line may leave the straight way, the least first. */
const DETOURS = [0, 60, -60, 100, -100, 150, -150, 220, -220, 320, -320];

/**
 * From the side of one node that faces the other to that other: the line, the point in its middle, and some points of it.
 * @param {Box} from
 * @param {Box} to
 * @param {number} detour how far the line goes to the side of the straight way
 */
function curve(from, to, detour) {
  const isRight = to.x >= from.x + from.width;
  const isLeft = to.x + to.width <= from.x;
  const isBelow = to.y > from.y;
  const middle = (/** @type {Box} */ box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const side = (/** @type {Box} */ box, /** @type {boolean} */ right) => right ? box.x + box.width : box.x;
  // Lines that leave a node do not lie on those that reach it.
  let start = { x: side(from, !isLeft), y: middle(from).y - 4 };
  let end = { x: side(to, isLeft), y: middle(to).y + 4 };
  let [one, two] = [start, end];
  if (isRight || isLeft) {
    const bend = Math.sign(end.x - start.x) * Math.max(28, Math.abs(end.x - start.x) / (detour === 0 ? 2 : 4));
    [one, two] = [{ x: start.x + bend, y: start.y + detour }, { x: end.x - bend, y: end.y + detour }];
  } else if (detour === 0) {
    start = { x: middle(from).x - 10, y: isBelow ? from.y + from.height : from.y };
    end = { x: middle(to).x + 10, y: isBelow ? to.y : to.y + to.height };
    const bend = Math.sign(end.y - start.y) * Math.max(14, Math.abs(end.y - start.y) / 2);
    [one, two] = [{ x: start.x, y: start.y + bend }, { x: end.x, y: end.y - bend }];
  } else {
    start.x = side(from, detour > 0);
    end.x = side(to, detour > 0);
    [one, two] = [{ x: start.x + detour, y: start.y }, { x: end.x + detour, y: end.y }];
  }
  const points = Array.from({ length: 23 }, (_, index) => {
    const t = (index + 1) / 24;
    const at = (/** @type {'x' | 'y'} */ axis) =>
      (1 - t) ** 3 * start[axis] + 3 * (1 - t) ** 2 * t * one[axis] + 3 * (1 - t) * t ** 2 * two[axis] + t ** 3 * end[axis];
    return { x: at('x'), y: at('y') };
  });
  return { path: `M${start.x} ${start.y}C${one.x} ${one.y} ${two.x} ${two.y} ${end.x} ${end.y}`, ...points[11], points };
}

/**
 * @param {string} text
 * @param {number} most
 */
function shortened(text, most) {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/**
 * The modes of a workload's ports in a few words, and the most open of their locks.
 * @param {import('../data').PictureWorkload} workload
 */
function modeOfWorkload({ ports }) {
  const general = (ports.find(({ port }) => port === null) ?? ports[0]);
  if (general === undefined) return { text: 'no listener', lock: 'unknown' };
  const others = ports.filter(({ port, mode }) => port !== null && mode !== general.mode);
  const lock = ports.some(port => port.lock === 'open') ? 'open' : general.lock;
  return { text: [modeWord(general.mode), ...others.map(({ port, mode }) => `${port} ${modeWord(mode)}`)].join(', '), lock };
}
