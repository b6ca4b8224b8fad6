/* What is drawn in the graph, and how it is drawn. */
import { countOf } from './dom.js';
import { route } from './route.js';
import { LOCKS, modeWord, OUTCOMES, PLANES } from './words.js';

/** @typedef {import('../pack').PageData} PageData */
/** @typedef {import('./route.js').Box} Box */

/**
 * What is drawn, each with the classes that it has now.
 * @typedef {{ name: string, isDim: boolean, look: string } & Box} BoxMark
 * @typedef {Box & {
 *   index: number, key: string, hash: string, label: string, mode: string, title: string, kind: string, tone: string, alarm: string,
 *   isDim: boolean, isOn: boolean, look: string,
 * }} NodeMark
 * @typedef {{
 *   index: number, hash: string, from: NodeMark, to: NodeMark, tone: string, symbol: string, title: string,
 *   isShown: boolean, isOn: boolean, look: string,
 * }} EdgeMark
 */

/**
 * What has no element yet.
 * @template Mark
 * @typedef {import('d3-selection').Selection<import('d3-selection').EnterElement, Mark, SVGGElement, unknown>} Entering
 */

/** In the order in which lines are drawn, the last above the others. */
export const TONES = ['good', 'unknown', 'open', 'fail'];

/**
 * @param {PageData['picture']} picture
 * @param {PageData['graph']} graph
 * @returns {NodeMark[]}
 */
export function nodeMarks({ workloads, findings }, { nodes, keys, labels }) {
  const places = new Map(workloads.map(({ key }, index) => [key, index]));
  const severities = /** @type {Map<string, string>} */ (
    new Map(findings.filter(({ acknowledged }) => acknowledged === undefined).map(({ id, severity }) => [id, severity])));
  return nodes.map((box, index) => {
    const place = places.get(keys[index]);
    const common = { ...box, index, key: keys[index], isDim: false, isOn: false, look: '', label: labels[index] };
    if (place === undefined) {
      return {
        ...common, hash: `host-${index + 1}`, mode: 'outside the mesh', title: `${labels[index]}, outside the mesh`, kind: 'bare', tone: '', alarm: '',
      };
    }
    const workload = workloads[place];
    const { text, lock } = modeOfWorkload(workload);
    const { tone } = LOCKS[lock];
    // What somebody has accepted, and what is only worth knowing, is no alarm.
    const open = workload.findings.map(id => severities.get(id) ?? 'info').filter(severity => severity !== 'info');
    const title = [...new Set([workload.key, text, PLANES[workload.dataPlane]]), ...open.length === 0 ? [] : [countOf(open.length, 'finding')]];
    const isBare = workload.dataPlane === 'none' || workload.dataPlane === 'unknown';
    return {
      ...common, hash: `workload-${place + 1}`, mode: text, title: title.join(', '), kind: isBare ? `${tone} bare` : tone, tone,
      alarm: open.length === 0 ? '' : open.includes('error') ? 'fail' : 'open',
    };
  });
}

/**
 * @param {PageData['graph']['edges'][number]} edge
 * @param {number} index
 * @param {readonly NodeMark[]} nodes
 * @returns {EdgeMark}
 */
export function edgeMark({ from, to, outcome, calls }, index, nodes) {
  const { tone, symbol, word } = OUTCOMES[outcome];
  const more = calls.length === 1 ? '' : `, ${countOf(calls.length, 'call')}`;
  return {
    index, hash: `call-${calls[0] + 1}`, from: nodes[from], to: nodes[to], tone, symbol, title: `${nodes[from].key} → ${nodes[to].key}: ${word}${more}`,
    isShown: true, isOn: false, look: '',
  };
}

/** @param {import('d3-selection').Selection<import('d3-selection').EnterElement, string, SVGDefsElement, unknown>} tones */
export function drawArrowHeads(tones) {
  const heads = tones.append('marker').attr('id', tone => `arrow-${tone}`).attr('viewBox', '0 0 10 10').attr('refX', 9).attr('refY', 5)
    .attr('markerWidth', 9).attr('markerHeight', 9).attr('markerUnits', 'userSpaceOnUse').attr('orient', 'auto');
  heads.append('path').attr('class', tone => `arrow ${tone}`).attr('d', 'M0 1L10 5L0 9z');
  return heads;
}

/** @param {Entering<BoxMark>} boxes */
export function drawBoxes(boxes) {
  const groups = boxes.append('g').each(startLook);
  groups.append('rect').call(place).attr('rx', 10);
  groups.append('text').attr('x', ({ x }) => x + 14).attr('y', ({ y }) => y + 21).text(({ name }) => name === '' ? 'outside the mesh' : name);
  return groups;
}

/** @param {Entering<NodeMark>} nodes */
export function drawNodes(nodes) {
  const groups = nodes.append('g').each(startLook).attr('data-node', ({ index }) => index).attr('tabindex', '-1').attr('role', 'button');
  groups.append('rect').call(place).attr('rx', ({ tone }) => tone === '' ? 23 : 7);
  groups.append('title').text(({ title }) => title);
  groups.append('text').attr('class', 'name').attr('x', textStart).attr('y', ({ y }) => y + 20).text(({ label }) => shortened(label, 21));
  groups.append('text').attr('class', ({ tone }) => `mode ${tone}`).attr('x', textStart).attr('y', ({ y }) => y + 36).text(({ mode }) => shortened(mode, 24));
  // A line without a length is a dot that can keep its size whatever the scale.
  const alarms = groups.filter(({ alarm }) => alarm !== '');
  for (const part of ['ground', 'dot']) {
    alarms.append('path').attr('class', ({ alarm }) => `alarm ${part} ${alarm}`).attr('d', ({ x, y, width }) => `M${x + width - 12} ${y + 12}h0`);
  }
  return groups;
}

/**
 * @param {Entering<EdgeMark>} edges
 * @param {readonly Box[]} others what the lines go around
 * @param {boolean} isDense
 */
export function drawEdges(edges, others, isDense) {
  const groups = edges.append('g').each(startLook).attr('data-edge', ({ index }) => index);
  const lines = new Map(groups.data().map(edge => [edge, route(edge.from, edge.to, others)]));
  const line = (/** @type {EdgeMark} */ edge) => /** @type {ReturnType<typeof route>} */ (lines.get(edge));
  groups.append('path').attr('class', 'hit').attr('d', edge => line(edge).path);
  groups.append('path').attr('class', 'line').attr('d', edge => line(edge).path).attr('marker-end', ({ tone }) => `url(#arrow-${tone})`);
  // Thousands of healthy calls are drawn without a lock on each; what is wrong keeps its sign.
  const marks = groups.filter(({ tone }) => !isDense || tone !== 'good').append('g').attr('class', 'mark')
    .attr('transform', edge => `translate(${line(edge).x} ${line(edge).y})`);
  marks.append('circle').attr('class', 'ground').attr('r', 9.5);
  marks.append('use').attr('href', ({ symbol }) => `#${symbol}`).attr('x', -6).attr('y', -6).attr('width', 12).attr('height', 12);
  groups.append('title').text(({ title }) => title);
  return groups;
}

/** @param {{ look: string }} mark an element that is made anew has no classes yet */
function startLook(mark) {
  mark.look = '';
}

/** @param {import('d3-selection').Selection<SVGRectElement, any, any, any>} rectangles */
function place(rectangles) {
  for (const side of /** @type {const} */ (['x', 'y', 'width', 'height'])) rectangles.attr(side, (/** @type {Box} */ box) => box[side]);
}

/** @param {NodeMark} node rounder ones leave less room */
function textStart({ x, tone }) {
  return x + (tone === '' ? 14 : 10);
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
