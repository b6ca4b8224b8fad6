/* What stands above and below the graph: the facts of the mesh, and the findings. */
import { byId, countOf, html } from './dom.js';
import { lockOf, modeBadge, reasonLine, SEVERITIES } from './words.js';

/** @typedef {import('../data').Picture} Picture */
/** @typedef {import('./dom.js').Child} Child */

/** @param {Picture} picture */
export function drawMesh({ mesh, summary }) {
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

/**
 * @param {Picture} picture
 * @param {import('./details.js').DetailsView} details
 */
export function drawFindings({ findings, namespaces }, details) {
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
