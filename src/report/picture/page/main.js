/* Puts the page together, filters it and follows its links. */

/** The data, with reasons where their numbers stand. */
function readData() {
  const { reasons, data: read } = JSON.parse(byId('data').textContent ?? '');
  const unpack = (/** @type {number[]} */ numbers) => numbers.map(number => reasons[number]);
  const { mesh, namespaces, workloads, calls } = read.picture;
  for (const one of [mesh, ...namespaces, ...workloads, ...calls, ...workloads.flatMap((/** @type {{ ports: object[] }} */ { ports }) => ports)]) {
    if (one.because !== undefined) one.because = unpack(one.because);
    if (one.dataPlaneBecause !== undefined) one.dataPlaneBecause = unpack(one.dataPlaneBecause);
    if (typeof one.shownBy === 'number') one.shownBy = reasons[one.shownBy];
  }
  return /** @type {PageData} */ (read);
}

const data = readData();
const { picture, graph } = data;
picture.findings.forEach(({ id, code }) => codeOf.set(id, code));

const details = new DetailsView(data);
drawMesh(picture);
drawFindings(picture, details);
const namespaceRows = drawNamespaces(picture);
const workloadRows = drawWorkloads(picture);
const callRows = drawCalls(picture);
const view = new GraphView(data, choose);

const namespaceBox = /** @type {HTMLSelectElement} */ (byId('namespace'));
const searchBox = /** @type {HTMLInputElement} */ (byId('search'));
/** The outcomes that are not shown. */
const hidden = /** @type {Set<string>} */ (new Set());
const MOST_ROWS = 200;
/** The tables of which all rows are shown. */
const unlimited = /** @type {Set<string>} */ (new Set());
const TABLES = ['calls', 'namespaces', 'workloads'];
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
  TABLES.forEach(table => byId(`${table}-more`).addEventListener('click', () => {
    unlimited.add(table);
    filter();
  }));
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
  toggleRows('calls', callRows, index => shownCalls[index]);
  toggleRows('workloads', workloadRows, index => {
    const { key, namespace: own } = picture.workloads[index];
    return (namespace === '' || own === namespace) && (wanted === '' || key.toLowerCase().includes(wanted));
  });
  toggleRows('namespaces', namespaceRows, index => namespace === '' || picture.namespaces[index].name === namespace);
  const number = shownCalls.filter(Boolean).length;
  byId('shown').textContent = isFiltered ? `${number.toLocaleString('en')} of ${countOf(picture.calls.length, 'call')}` : '';
}

/**
 * Of a long table the first rows are laid out, as browsers are slow with thousands; a button and the printer bring all.
 * @param {string} table
 * @param {readonly HTMLElement[]} rows
 * @param {(index: number) => boolean} isShown
 */
function toggleRows(table, rows, isShown) {
  let number = 0;
  rows.forEach((row, index) => {
    const isWanted = isShown(index);
    if (isWanted) number++;
    const isHidden = !isWanted || (number > MOST_ROWS && !unlimited.has(table));
    if (row.hidden !== isHidden) row.hidden = isHidden;
  });
  const more = byId(`${table}-more`);
  more.hidden = number <= MOST_ROWS || unlimited.has(table);
  more.textContent = `Show ${(number - MOST_ROWS).toLocaleString('en')} more`;
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
  document.querySelectorAll('tr.on').forEach(row => row.classList.remove('on'));
  if (isThere) document.getElementById(`row-${kind}-${index + 1}`)?.classList.add('on');
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
  if (event.key === 'Escape') view.nodes[view.current]?.focus();
});
window.addEventListener('hashchange', () => show());
window.addEventListener('beforeprint', () => {
  TABLES.forEach(table => unlimited.add(table));
  filter();
  /** @type {HTMLDetailsElement} */ (byId('calls-fold')).open = true;
  const { x, y, width, height } = view.viewport.size;
  view.stage.setAttribute('viewBox', `${x - 4} ${y - 4} ${width + 8} ${height + 8}`);
  view.viewport.root.removeAttribute('transform');
  view.viewport.isMoved = true; // What the paper makes of the size is none of the screen's.
  view.stage.classList.remove('far'); // Paper is sharper than a screen.
  view.stage.style.setProperty('--scale', '1');
  view.stage.style.setProperty('--title', '15px');
});
window.addEventListener('afterprint', () => {
  view.stage.removeAttribute('viewBox');
  view.viewport.fit();
});
