/* The tables and the findings. */

/**
 * @param {string} id
 * @param {readonly string[]} titles
 * @param {readonly HTMLTableRowElement[]} rows
 */
function fillTable(id, titles, rows) {
  byId(id).append(html('thead', {}, html('tr', {}, ...titles.map(title => html('th', { scope: 'col' }, title)))), html('tbody', {}, ...rows));
}

/** @param {Picture} picture */
function drawMesh({ mesh, summary }) {
  const fact = (/** @type {string} */ title, /** @type {Child[]} */ ...value) => html('div', {}, html('dt', {}, title), html('dd', {}, ...value));
  /** @param {import('../data').PictureFact<unknown>} fact */
  const by = ({ decidedBy }) =>
    html('small', {}, decidedBy === null ? 'Istio\'s default' : decidedBy === 'given' ? 'given beside the manifests' : decidedBy);
  const { autoMtls, minProtocolVersion, rootNamespace, trustDomain, ambient } = mesh;
  byId('mesh').append(
    fact('Mode of the mesh', modeBadge(mesh.mode, lockOf(mesh.mode)), reasonLine(mesh.because[0])),
    fact('Auto mTLS', autoMtls.value ? 'on' : 'off', by(autoMtls)),
    fact('Least TLS version', minProtocolVersion.value.replace(/^TLSV(\d)_(\d)$/, 'TLS $1.$2'), by(minProtocolVersion)),
    fact('Root namespace', rootNamespace.value, by(rootNamespace)),
    fact('Trust domain', trustDomain.value, by(trustDomain)),
    fact('Ambient', ambient.value ? 'on' : 'off',
      ambient.value && ambient.decidedBy === null ? html('small', {}, 'asked for by a label') : by(ambient)),
  );
  byId('not-judged').append(...summary.notJudged.map(text => html('li', {}, text)));
}

/** @param {Picture} picture */
function drawNamespaces({ namespaces }) {
  const rows = namespaces.map(({ name, ownMode, mode, lock, inheritedFrom, because, dataPlane, workloads, findings }, index) => {
    const planes = Object.entries(workloads).map(([plane, number]) => `${number} ${PLANES[plane]}`).join(', ');
    return html('tr', { id: `row-namespace-${index + 1}` },
      html('th', { scope: 'row' }, html('a', { href: `#namespace-${index + 1}` }, name)),
      html('td', {}, ownMode === null ? html('span', { 'class': 'quiet-text' }, 'none') : ownMode),
      html('td', {}, ...modeOfNamespace(mode, lock, dataPlane)),
      html('td', {}, inheritedFrom ?? html('span', { 'class': 'quiet-text' }, 'its own')),
      html('td', {}, PLANES[dataPlane]),
      html('td', {}, planes === '' ? html('span', { 'class': 'quiet-text' }, 'none') : planes),
      html('td', {}, reasonLine(because[0])),
      html('td', {}, ...findingCodes(findings)));
  });
  fillTable('namespaces', ['Namespace', 'Own mode', 'Effective mode', 'Inherited from', 'Data plane', 'Workloads', 'Decided by', 'Findings'], rows);
  return rows;
}

/** @param {Picture} picture */
function drawWorkloads({ workloads }) {
  const all = workloads.map(({ key, kind, dataPlane, ports, findings }, index) => {
    const groups = portGroups(ports);
    return (groups.length === 0 ? [undefined] : groups).map((group, place) => html('tr', place === 0 ? { id: `row-workload-${index + 1}` } : {},
      place === 0 && html('th', { scope: 'rowgroup', rowspan: Math.max(1, groups.length) },
        html('a', { href: `#workload-${index + 1}` }, key), html('small', {}, `${kind}, ${PLANES[dataPlane]}`)),
      html('td', {}, group?.title ?? html('span', { 'class': 'quiet-text' }, 'none')),
      html('td', {}, group !== undefined && modeBadge(group.port.mode, group.port.lock)),
      html('td', {}, group !== undefined && reasonLine(group.port.because[0])),
      place === 0 && html('td', { rowspan: Math.max(1, groups.length) }, ...findingCodes(findings))));
  });
  const titles = ['Workload', 'Workload port', 'Accepts', 'Decided by', 'Findings'];
  const head = html('thead', {}, html('tr', {}, ...titles.map(title => html('th', { scope: 'col' }, title))));
  const bodies = all.map(rows => html('tbody', {}, ...rows));
  byId('workloads').append(head, ...bodies);
  return bodies;
}

/** @param {Picture} picture */
function drawCalls({ calls }) {
  const rows = calls.map(({
    client, host, port, subset, server, targetPort, clientSends, serverMode, outcome, because, findings,
  }, index) => html('tr', { id: `row-call-${index + 1}` },
    html('th', { scope: 'row' }, html('a', { href: `#call-${index + 1}` }, client)),
    html('td', {}, `${host}:${port}${subset === '' ? '' : `, subset ${subset}`}`),
    html('td', {}, server === null ? 'outside the mesh' : `${server}, port ${targetPort}`),
    html('td', {}, SENDS[clientSends]),
    html('td', {}, modeWord(serverMode)),
    html('td', {}, outcomeBadge(outcome)),
    html('td', {}, reasonLine(because[0])),
    html('td', {}, ...findingCodes(findings))));
  fillTable('calls', ['Client', 'Host and service port', 'Answers', 'Is sent', 'Is accepted', 'Outcome', 'Decided by', 'Findings'], rows);
  return rows;
}

/** @param {readonly string[]} ids */
function findingCodes(ids) {
  return ids.flatMap((id, index) => [index > 0 && ', ', html('a', { href: `#${id}` }, codeOf.get(id) ?? id)]);
}

/** @type {Map<string, string>} */
const codeOf = new Map();

/**
 * @param {Picture} picture
 * @param {DetailsView} details
 */
function drawFindings({ findings, namespaces }, details) {
  if (findings.length === 0) {
    byId('findings').append(html('p', { 'class': 'quiet-text' }, 'None.'));
    return;
  }
  byId('findings').append(...findings.map(({ id, severity, code, name, at, what, why, fix, condition, acknowledged, about, callCount }) => {
    const place = at.line === undefined ? at.place : `${at.place}:${at.line}`;
    const calls = about.calls.map(call => Number(call.slice(5)) - 1);
    const cut = fix.indexOf('\napiVersion:');
    const tone = acknowledged === undefined ? SEVERITIES[severity] : 'unknown';
    return html('article', { 'class': `finding ${tone}`, id, 'aria-labelledby': `${id}-title`, 'tabindex': '-1' },
      html('header', {}, html('h3', { id: `${id}-title` }, `${code} ${name}`), html('span', { 'class': `badge ${SEVERITIES[severity]}` }, severity),
        acknowledged !== undefined && html('span', { 'class': 'badge' }, 'acknowledged')),
      html('p', {}, what),
      html('p', { 'class': 'quiet-text' }, html('code', {}, at.object + (at.field === undefined ? '' : `, ${at.field}`)), ` in ${place}`),
      condition !== undefined && html('p', {}, `If ${condition}.`),
      html('p', { 'class': 'quiet-text' }, why),
      html('p', {}, cut < 0 ? fix : fix.slice(0, cut)), cut >= 0 && html('pre', {}, fix.slice(cut + 1)),
      acknowledged !== undefined && html('p', {}, `Accepted: ${acknowledged}`),
      calls.length + about.workloads.length + about.namespaces.length > 0 && html('div', { 'class': 'about' },
        calls.length > 0 && html('ul', { 'class': 'links' }, ...calls.slice(0, 10).map(index => html('li', {}, details.callLink(index))),
          callCount > Math.min(10, calls.length) && html('li', {}, `${countOf(callCount, 'call')} in all, known and possible ones`)),
        ...about.workloads.slice(0, 10).map(key => details.workloadLink(key)),
        ...about.namespaces.map(key => html('a', { href: `#namespace-${namespaces.findIndex(one => one.name === key) + 1}` }, `Namespace ${key}`))));
  }));
}
