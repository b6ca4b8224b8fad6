/* Puts the page together, filters it and follows its links. */
import { DetailsView } from './details.js';
import { byId, countOf, html, icon, svg } from './dom.js';
import { GraphView } from './graph.js';
import { drawFindings, drawMesh } from './sections.js';
import { tablesOf } from './tables.js';
import { readData } from './unpack.js';
import { OUTCOMES } from './words.js';

const data = readData(byId('data').textContent ?? '');
const { picture, graph } = data;
const details = new DetailsView(data);
drawMesh(picture);
drawFindings(picture, details);
const tables = tablesOf(picture, new Map(picture.findings.map(({ id, code }) => [id, code])));
const view = new GraphView(data, choose);

const namespaceBox = /** @type {HTMLSelectElement} */ (byId('namespace'));
const searchBox = /** @type {HTMLInputElement} */ (byId('search'));
/** The outcomes that are not shown. */
const hidden = /** @type {Set<string>} */ (new Set());
const edgeOfCall = /** @type {number[]} */ ([]);
graph.edges.forEach(({ calls }, edge) => calls.forEach(call => { edgeOfCall[call] = edge; }));
const nodeOfKey = new Map(graph.keys.map((key, index) => [key, index]));
const namespaceOfWorkload = new Map(picture.workloads.map(({ key, namespace }) => [key, namespace]));
/** What a search looks at, for each call and each node. */
const callTexts = picture.calls.map(({ client, host, port, server }) => `${client} ${host}:${port} ${server ?? ''}`.toLowerCase());
const nodeTexts = graph.keys.map(key => key.toLowerCase());

function drawControls() {
  const outcomes = Object.keys(OUTCOMES).filter(outcome => outcome in picture.summary.outcomes);
  byId('outcomes').append(...outcomes.map(outcome => {
    const { tone, symbol, word, meaning } = OUTCOMES[outcome];
    const number = /** @type {Record<string, number>} */ (picture.summary.outcomes)[outcome];
    const chip = html('button', { 'type': 'button', 'class': tone, 'aria-pressed': 'true', 'data-outcome': outcome, 'title': meaning },
      icon(symbol), `${number.toLocaleString('en')} ${word}`);
    chip.addEventListener('click', () => {
      if (!hidden.delete(outcome)) hidden.add(outcome);
      chip.setAttribute('aria-pressed', String(!hidden.has(outcome)));
      filter();
    });
    return chip;
  }));
  namespaceBox.append(...picture.namespaces.map(({ name }) => html('option', { value: name }, name)));
  namespaceBox.addEventListener('change', () => {
    filter();
    view.viewport.fit(graph.boxes.find(({ name }) => name !== '' && name === namespaceBox.value));
  });
  searchBox.addEventListener('input', filter);
  byId('reset').addEventListener('click', () => {
    hidden.clear();
    byId('outcomes').querySelectorAll('button').forEach(chip => chip.setAttribute('aria-pressed', 'true'));
    namespaceBox.value = '';
    searchBox.value = '';
    filter();
    view.viewport.fit();
  });
  const sample = (/** @type {string} */ tone, /** @type {string} */ symbol) => svg('svg', { 'class': 'sample', 'aria-hidden': 'true' },
    svg('g', { 'class': `edge ${tone}` }, svg('path', { 'class': 'line', 'd': 'M0 8H34' }),
      svg('g', { 'class': 'mark', 'transform': 'translate(17 8)' }, svg('circle', { 'class': 'ground', 'r': 7.5 }),
        svg('use', { href: `#${symbol}`, x: -5, y: -5, width: 10, height: 10 }))));
  const bare = svg('g', { 'class': 'node bare' }, svg('rect', { x: 3, y: 1, width: 28, height: 14, rx: 3 }));
  byId('legend').append(
    html('li', {}, sample('fail', 'broken'), 'red: broken'), html('li', {}, sample('open', 'lock-open'), 'open lock: plaintext, or TLS of its own'),
    html('li', {}, sample('good', 'lock-closed'), 'closed lock: mTLS'),
    html('li', {}, sample('unknown', 'unknown'), 'dashed line: depends on what the input does not show'),
    html('li', {}, svg('svg', { 'class': 'sample', 'aria-hidden': 'true' }, bare), 'dashed box: no proxy, or not known'));
}

function filter() {
  const namespace = namespaceBox.value;
  const wanted = searchBox.value.trim().toLowerCase();
  const isIn = (/** @type {string | null} */ key) => key !== null && namespaceOfWorkload.get(key) === namespace;
  const shownCalls = picture.calls.map(({ client, server, outcome }, index) =>
    !hidden.has(outcome) && (namespace === '' || isIn(client) || isIn(server)) && (wanted === '' || callTexts[index].includes(wanted)));
  const shownEdges = new Set();
  shownCalls.forEach((isShown, index) => { if (isShown) shownEdges.add(edgeOfCall[index]); });
  const isFiltered = namespace !== '' || wanted !== '' || hidden.size > 0;
  const isBright = (/** @type {number} */ node) =>
    (namespace === '' || isIn(graph.keys[node])) && (wanted === '' || nodeTexts[node].includes(wanted));
  view.filter(edge => shownEdges.has(edge), (node, hasEdge) => !isFiltered || hasEdge || ((namespace !== '' || wanted !== '') && isBright(node)),
    name => namespace === '' || name === namespace);
  const left = (/** @type {readonly boolean[]} */ rows) => rows.flatMap((isShown, index) => isShown ? [index] : []);
  tables.call.show(left(shownCalls));
  tables.workload.show(left(picture.workloads.map(({ key, namespace: own }) =>
    (namespace === '' || own === namespace) && (wanted === '' || key.toLowerCase().includes(wanted)))));
  tables.namespace.show(left(picture.namespaces.map(({ name }) => namespace === '' || name === namespace)));
  const number = shownCalls.filter(Boolean).length;
  byId('shown').textContent = isFiltered ? `${number.toLocaleString('en')} of ${countOf(picture.calls.length, 'call')}` : '';
}

/**
 * Every choice is an address, so that it can be linked to, sent to others and undone.
 * @param {string} hash
 */
function choose(hash) {
  if (hash === '') {
    // An empty address would lead to the top of the page.
    history.pushState(null, '', location.href.split('#')[0]);
    show(false);
  } else if (location.hash.slice(1) === hash) {
    show();
  } else {
    location.hash = hash;
  }
}

/** @param {boolean} [focuses] whether what is shown gets the focus: somebody has chosen it */
function show(focuses = true) {
  const [, kind, number] = /^#(call|workload|namespace|host)-(\d+)$/.exec(location.hash) ?? [];
  const index = Number(number) - 1;
  const list = kind === 'call' ? picture.calls : kind === 'workload' ? picture.workloads : kind === 'namespace' ? picture.namespaces : graph.keys;
  const isThere = kind !== undefined && index < list.length;
  for (const [table, rows] of Object.entries(tables)) rows.choose(isThere && table === kind ? index : -1);
  if (!isThere) {
    view.highlight(new Set(), new Set());
    if (!location.hash.startsWith('#finding-')) details.nothing();
    else document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });
    return;
  }
  if (kind === 'call') {
    const { from, to, calls } = graph.edges[edgeOfCall[index]];
    details.call(index, calls);
    view.highlight(new Set([edgeOfCall[index]]), new Set([from, to]));
  } else if (kind === 'namespace') {
    const { name } = picture.namespaces[index];
    details.namespace(index);
    view.highlight(edgesAt(key => namespaceOfWorkload.get(key) === name), new Set());
  } else {
    const key = kind === 'workload' ? picture.workloads[index].key : graph.keys[index];
    if (kind === 'workload') details.workload(index);
    else details.host(index);
    view.highlight(edgesAt(one => one === key), new Set([/** @type {number} */ (nodeOfKey.get(key))]));
  }
  byId('details').scrollTop = 0;
  if (!focuses) return;
  byId('calls-title').scrollIntoView({ block: 'nearest' });
  byId('details').focus({ preventScroll: true });
}

/** @param {(key: string) => boolean} counts */
function edgesAt(counts) {
  return new Set(graph.edges.flatMap(({ from, to }, edge) => counts(graph.keys[from]) || counts(graph.keys[to]) ? [edge] : []));
}

drawControls();
filter();
show(false);
byId('details').addEventListener('keydown', event => {
  if (event.key === 'Escape') view.focus();
});
window.addEventListener('hashchange', () => show());
window.addEventListener('beforeprint', () => {
  Object.values(tables).forEach(table => table.print(true));
  /** @type {HTMLDetailsElement} */ (byId('calls-fold')).open = true;
  view.viewport.print();
});
window.addEventListener('afterprint', () => {
  Object.values(tables).forEach(table => table.print(false));
  view.viewport.endPrint();
});
