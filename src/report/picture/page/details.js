/* What is shown of the workload, call, host or namespace that was chosen. */
import { byId, countOf, html, refill } from './dom.js';
import { accepted, modeBadge, modeOfNamespace, outcomeBadge, OUTCOMES, PLANES, reasonList, SENDS } from './words.js';

/** @typedef {import('../pack').PageData} PageData */

export class DetailsView {
  /** @param {PageData} data */
  constructor({ picture, graph }) {
    this.picture = picture;
    this.graph = graph;
    this.panel = byId('details');
    this.findings = new Map(picture.findings.map(finding => [finding.id, finding]));
    this.workloads = new Map(picture.workloads.map((workload, index) => [workload.key, index]));
    /** @type {Map<string, number[]>} */
    this.callsAt = new Map();
    picture.calls.forEach(({ client, server, host }, index) => {
      for (const key of new Set([client, server ?? host])) {
        const list = this.callsAt.get(key);
        if (list === undefined) this.callsAt.set(key, [index]);
        else list.push(index);
      }
    });
  }

  nothing() {
    const { calls, findings } = this.picture;
    const broken = calls.map((call, index) => ({ call, index })).filter(({ call }) => call.outcome === 'fail');
    refill(this.panel,
      html('h3', { id: 'details-title' }, broken.length > 0 ? countOf(broken.length, 'broken call') : 'Details'),
      broken.length > 0
        ? html('ul', { 'class': 'links' }, ...broken.slice(0, 12).map(({ index }) => html('li', {}, this.callLink(index))),
          broken.length > 12 && html('li', { 'class': 'quiet-text' }, `and ${broken.length - 12} more, in the table below`))
        : html('p', { 'class': 'quiet-text' }, calls.length === 0 ? 'The manifests show no calls between workloads.' : 'No known call is broken.'),
      html('p', { 'class': 'quiet-text' }, 'Choose a workload, a line or a namespace to see which fields decide.'),
      findings.length > 0 && html('p', {}, html('a', { href: '#findings-title' }, countOf(findings.length, 'finding'))));
  }

  /**
   * All calls of the edge that a call belongs to, the chosen one first.
   * @param {number} chosen
   * @param {readonly number[]} all
   */
  call(chosen, all) {
    const { client, server, host } = this.picture.calls[chosen];
    refill(this.panel,
      html('h3', { id: 'details-title' }, this.workloadLink(client), ' → ', server === null ? host : this.workloadLink(server)),
      ...[chosen, ...all.filter(index => index !== chosen)].map(index => this.oneCall(index, all.length > 1)));
  }

  /**
   * @param {number} index
   * @param {boolean} isOneOfMany
   */
  oneCall(index, isOneOfMany) {
    const { host, port, subset, server, targetPort, clientSends, serverMode, outcome, because, shownBy, findings } = this.picture.calls[index];
    const { meaning } = OUTCOMES[outcome];
    return html('div', isOneOfMany ? { 'class': 'call' } : {},
      html('p', {}, outcomeBadge(outcome), ` ${meaning}`),
      html('dl', { 'class': 'pair' },
        html('dt', {}, 'calls'), html('dd', {}, html('code', {}, host), ` service port ${port}${subset === '' ? '' : `, subset ${subset}`}`),
        html('dt', {}, 'sends'), html('dd', {}, SENDS[clientSends]),
        html('dt', {}, 'accepts'),
        html('dd', {}, server === null ? 'outside the mesh' : accepted(serverMode, targetPort))),
      html('h4', {}, 'Decided by'), reasonList(because),
      shownBy !== null && html('h4', {}, 'Known because'), shownBy !== null && reasonList([shownBy]),
      this.findingLinks(findings));
  }

  /** @param {number} index */
  workload(index) {
    const { key, kind, place, dataPlane, dataPlaneBecause, ports, findings } = this.picture.workloads[index];
    refill(this.panel,
      html('h3', { id: 'details-title' }, key),
      html('p', { 'class': 'quiet-text' }, `${kind}, ${place}`),
      html('h4', {}, `Data plane: ${PLANES[dataPlane]}`), reasonList(dataPlaneBecause),
      ...portGroups(ports).flatMap(group => [
        html('h4', {}, `${group.title} `, modeBadge(group.port.mode, group.port.lock)), reasonList(group.port.because),
      ]),
      this.calls('Calls', key, ({ client }) => client === key), this.calls('Is called by', key, ({ client }) => client !== key),
      this.findingLinks(findings));
  }

  /** @param {number} node */
  host(node) {
    const key = this.graph.keys[node];
    refill(this.panel,
      html('h3', { id: 'details-title' }, key),
      html('p', { 'class': 'quiet-text' }, 'No workload of the input answers; the endpoints are outside the mesh.'),
      this.calls('Is called by', key, () => true));
  }

  /** @param {number} index */
  namespace(index) {
    const { name, mode, lock, dataPlane, because, dataPlaneBecause, findings } = this.picture.namespaces[index];
    const workloads = this.picture.workloads.map((workload, place) => ({ workload, place })).filter(({ workload }) => workload.namespace === name);
    refill(this.panel,
      html('h3', { id: 'details-title' }, `Namespace ${name}`),
      html('h4', {}, 'Mode ', ...modeOfNamespace(mode, lock, dataPlane)), reasonList(because),
      html('h4', {}, `Data plane: ${PLANES[dataPlane]}`), reasonList(dataPlaneBecause),
      workloads.length > 0 && html('h4', {}, 'Workloads'),
      html('ul', { 'class': 'links' }, ...workloads.map(({ workload, place }) =>
        html('li', {}, html('a', { href: `#workload-${place + 1}` }, workload.name)))),
      this.findingLinks(findings));
  }

  /**
   * @param {string} title
   * @param {string} key
   * @param {(call: import('../data').PictureCall) => boolean} counts
   */
  calls(title, key, counts) {
    const found = (this.callsAt.get(key) ?? []).filter(index => counts(this.picture.calls[index]));
    if (found.length === 0) return undefined;
    return html('div', {}, html('h4', {}, title), html('ul', { 'class': 'links' }, ...found.map(index => html('li', {}, this.callLink(index, key)))));
  }

  /**
   * @param {number} index
   * @param {string} [seenFrom] the end of the call that need not be named
   */
  callLink(index, seenFrom) {
    const { client, host, port, server, outcome } = this.picture.calls[index];
    const ends = seenFrom === client ? server ?? host : seenFrom !== undefined ? client : `${client} → ${server ?? host}`;
    const text = `${ends}, service port ${port}`;
    return html('span', {}, outcomeBadge(outcome), ' ', html('a', { href: `#call-${index + 1}` }, text));
  }

  /** @param {string} key */
  workloadLink(key) {
    const index = this.workloads.get(key);
    return index === undefined ? key : html('a', { href: `#workload-${index + 1}` }, key);
  }

  /** @param {readonly string[]} ids */
  findingLinks(ids) {
    return ids.length > 0 && html('div', {}, html('h4', {}, 'Findings'), html('ul', { 'class': 'links' }, ...ids.map(id => {
      const finding = /** @type {import('../data').PictureFinding} */ (this.findings.get(id));
      return html('li', {}, html('a', { href: `#${id}` }, `${finding.code} ${finding.name}`));
    })));
  }
}

/**
 * The ports for which one field decides the same, together.
 * @param {readonly import('../data').PicturePort[]} ports
 */
export function portGroups(ports) {
  /** @type {Map<string, { title: string, port: import('../data').PicturePort, ports: import('../data').PicturePort[] }>} */
  const groups = new Map();
  for (const port of ports) {
    const key = JSON.stringify([port.mode, port.lock, port.because]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { title: '', port, ports: [port] });
    else group.ports.push(port);
  }
  for (const group of groups.values()) {
    group.title = group.ports.map(({ port, names }) => {
      if (port === null) return ports.length === 1 ? 'all ports' : 'all others';
      return names.length === 0 ? String(port) : `${port} (${names.join(', ')})`;
    }).join(', ');
  }
  return [...groups.values()];
}
