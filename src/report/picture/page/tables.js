/* The tables of namespaces, workloads and calls. */
import { select } from 'd3-selection';
import { portGroups } from './details.js';
import { byId, html } from './dom.js';
import { modeBadge, modeOfNamespace, modeWord, outcomeBadge, PLANES, reasonLine, SENDS } from './words.js';

/** @typedef {import('../data').Picture} Picture */

/** So many rows are made at first: browsers are slow with thousands of them. */
const FIRST = 100;
/** So many more are made on a click, and at most so many for the printer. */
const MORE = 5000;

/** A table that makes the rows that it shows. */
class Table {
  /**
   * @param {string} id
   * @param {readonly string[]} titles
   * @param {(index: number) => HTMLElement} makeRow
   * @param {boolean} [isOfBodies] whether each row is a table body, of several lines
   */
  constructor(id, titles, makeRow, isOfBodies = false) {
    this.makeRow = makeRow;
    this.tag = isOfBodies ? 'tbody' : 'tr';
    const head = html('thead', {}, html('tr', {}, ...titles.map(title => html('th', { scope: 'col' }, title))));
    const table = byId(id);
    table.append(head);
    this.parent = isOfBodies ? table : table.appendChild(html('tbody'));
    this.more = byId(`${id}-more`);
    this.more.addEventListener('click', () => {
      this.most += MORE;
      this.draw();
    });
    /** @type {HTMLElement[]} */
    this.rows = [];
    /** @type {readonly number[]} */
    this.wanted = [];
    this.most = FIRST;
    this.isPrinted = false;
    this.chosen = -1;
  }

  /** @param {readonly number[]} wanted the rows that the filter leaves */
  show(wanted) {
    this.wanted = wanted;
    this.draw();
  }

  /** @param {boolean} isPrinted whether a printer is about to show it */
  print(isPrinted) {
    this.isPrinted = isPrinted;
    this.draw();
  }

  /** @param {number} index the row that stands out, -1 for none */
  choose(index) {
    this.rows[this.chosen]?.classList.remove('on');
    this.rows[index]?.classList.add('on');
    this.chosen = index;
  }

  draw() {
    const most = this.isPrinted ? Math.max(this.most, MORE) : this.most;
    select(this.parent).selectAll(() => this.parent.querySelectorAll(`:scope > ${this.tag}`))
      .data(this.wanted.slice(0, most), index => Number(index))
      .join(enter => enter.append(index => this.row(index)));
    const rest = this.wanted.length - most;
    const number = (/** @type {number} */ of) => of.toLocaleString('en');
    this.more.hidden = rest <= 0;
    this.more.textContent = this.isPrinted ? `${number(rest)} more: filter them before printing`
      : `Show ${number(Math.min(MORE, rest))} more${rest > MORE ? ` of ${number(rest)}` : ''}`;
  }

  /** @param {number} index */
  row(index) {
    const row = this.rows[index] ??= this.makeRow(index);
    if (index === this.chosen) row.classList.add('on');
    return row;
  }
}

/**
 * @param {Picture} picture
 * @param {ReadonlyMap<string, string>} codes the codes of the findings
 */
export function tablesOf({ namespaces, workloads, calls }, codes) {
  const findingCodes = (/** @type {readonly string[]} */ ids) =>
    ids.flatMap((id, index) => [index > 0 && ', ', html('a', { href: `#${id}` }, codes.get(id) ?? id)]);
  return {
    namespace: new Table('namespaces', ['Namespace', 'Own mode', 'Effective mode', 'Inherited from', 'Data plane', 'Workloads', 'Decided by', 'Findings'], index => {
      const { name, ownMode, mode, lock, inheritedFrom, because, dataPlane, workloads: counts, findings } = namespaces[index];
      const planes = Object.entries(counts).map(([plane, number]) => `${number} ${PLANES[plane]}`).join(', ');
      return html('tr', {},
        html('th', { scope: 'row' }, html('a', { href: `#namespace-${index + 1}` }, name)),
        html('td', {}, ownMode === null ? html('span', { 'class': 'quiet-text' }, 'none') : ownMode),
        html('td', {}, ...modeOfNamespace(mode, lock, dataPlane)),
        html('td', {}, inheritedFrom ?? html('span', { 'class': 'quiet-text' }, 'its own')),
        html('td', {}, PLANES[dataPlane]),
        html('td', {}, planes === '' ? html('span', { 'class': 'quiet-text' }, 'none') : planes),
        html('td', {}, reasonLine(because[0])),
        html('td', {}, ...findingCodes(findings)));
    }),
    workload: new Table('workloads', ['Workload', 'Workload port', 'Accepts', 'Decided by', 'Findings'], index => {
      const { key, kind, dataPlane, ports, findings } = workloads[index];
      const groups = portGroups(ports);
      return html('tbody', {}, ...(groups.length === 0 ? [undefined] : groups).map((group, place) => html('tr', {},
        place === 0 && html('th', { scope: 'rowgroup', rowspan: Math.max(1, groups.length) },
          html('a', { href: `#workload-${index + 1}` }, key), html('small', {}, `${kind}, ${PLANES[dataPlane]}`)),
        html('td', {}, group?.title ?? html('span', { 'class': 'quiet-text' }, 'none')),
        html('td', {}, group !== undefined && modeBadge(group.port.mode, group.port.lock)),
        html('td', {}, group !== undefined && reasonLine(group.port.because[0])),
        place === 0 && html('td', { rowspan: Math.max(1, groups.length) }, ...findingCodes(findings)))));
    }, true),
    call: new Table('calls', ['Client', 'Host and service port', 'Answers', 'Is sent', 'Is accepted', 'Outcome', 'Decided by', 'Findings'], index => {
      const { client, host, port, subset, server, targetPort, clientSends, serverMode, outcome, because, findings } = calls[index];
      return html('tr', {},
        html('th', { scope: 'row' }, html('a', { href: `#call-${index + 1}` }, client)),
        html('td', {}, `${host}:${port}${subset === '' ? '' : `, subset ${subset}`}`),
        html('td', {}, server === null ? 'outside the mesh' : `${server}, port ${targetPort}`),
        html('td', {}, SENDS[clientSends]),
        html('td', {}, modeWord(serverMode)),
        html('td', {}, outcomeBadge(outcome)),
        html('td', {}, reasonLine(because[0])),
        html('td', {}, ...findingCodes(findings)));
    }),
  };
}
