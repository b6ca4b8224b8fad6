/* What the page says, in one place. */
import { html, icon } from './dom.js';

/** @typedef {{ tone: string, symbol: string, word: string, meaning: string }} Look */

/** @type {Record<string, Look>} */
export const OUTCOMES = {
  'fail': { tone: 'fail', symbol: 'broken', word: 'broken', meaning: 'the call fails' },
  'plaintext': { tone: 'open', symbol: 'lock-open', word: 'plaintext', meaning: 'not encrypted by the mesh' },
  'tls-to-app': { tone: 'open', symbol: 'lock-open', word: 'own TLS', meaning: 'TLS that reaches the application; the mesh proves no identity' },
  'depends': { tone: 'unknown', symbol: 'unknown', word: 'depends', meaning: 'on what the input does not show' },
  'mtls': { tone: 'good', symbol: 'lock-closed', word: 'mTLS', meaning: 'mutual TLS of the mesh' },
  'hbone': { tone: 'good', symbol: 'lock-closed', word: 'mTLS (HBONE)', meaning: 'mutual TLS in ambient' },
};

/** @type {Record<string, { tone: string, symbol: string, meaning: string }>} */
export const LOCKS = {
  closed: { tone: 'good', symbol: 'lock-closed', meaning: 'closed lock' },
  open: { tone: 'open', symbol: 'lock-open', meaning: 'open lock' },
  unknown: { tone: 'unknown', symbol: 'unknown', meaning: 'not known' },
};

/** @type {Record<string, string>} */
const MODES = {
  STRICT: 'only mTLS', PERMISSIVE: 'mTLS and plaintext', DISABLE: 'plaintext', none: 'no proxy',
  unknown: 'hangs on the Namespace', gateway: 'Gateway listener',
};

/** @type {Record<string, string>} */
export const PLANES = { sidecar: 'sidecar', ambient: 'ambient', none: 'no proxy', unknown: 'unknown' };

/** @type {Record<string, string>} */
export const SENDS = {
  'plaintext': 'plaintext', 'istio-mtls': 'mTLS of the mesh', 'tls': 'TLS of its own', 'hbone': 'mTLS in an HBONE tunnel',
  'none': 'nothing', 'unknown': 'unknown',
};

/** @type {Record<string, string>} */
export const SEVERITIES = { error: 'fail', warning: 'open', info: 'unknown' };

/** @param {string} outcome */
export function outcomeBadge(outcome) {
  const { tone, symbol, word } = OUTCOMES[outcome];
  return html('span', { 'class': `badge ${tone}` }, icon(symbol), word);
}

/**
 * @param {string} mode
 * @param {string} lock
 */
export function modeBadge(mode, lock) {
  const { tone, symbol } = LOCKS[lock];
  return html('span', { 'class': `badge ${tone}`, 'title': MODES[mode] }, icon(symbol), modeWord(mode));
}

/** @param {string} mode */
export function modeWord(mode) {
  return mode === 'none' ? 'no proxy' : mode === 'gateway' ? 'Gateway' : mode;
}

/**
 * @param {string} mode
 * @param {number} workloadPort
 */
export function accepted(mode, workloadPort) {
  if (mode === 'none') return `whatever arrives: workload port ${workloadPort} has no proxy`;
  return mode === 'unknown' ? `unknown, on workload port ${workloadPort}` : `${mode} (${MODES[mode]}) on workload port ${workloadPort}`;
}

/**
 * What policies say for a namespace means nothing for pods without a proxy.
 * @param {string} mode
 * @param {string} lock
 * @param {string} dataPlane
 */
export function modeOfNamespace(mode, lock, dataPlane) {
  if (dataPlane !== 'none') return [modeBadge(mode, lock)];
  return [modeBadge('none', 'open'), html('small', { 'class': 'quiet-text' }, ` policies say ${mode}`)];
}

/** @param {string} mode */
export function lockOf(mode) {
  return mode === 'STRICT' ? 'closed' : mode === 'unknown' ? 'unknown' : 'open';
}

/**
 * The deciding field on one line.
 * @param {import('../data').PictureReason | undefined} reason
 */
export function reasonLine(reason) {
  if (reason === undefined) return '';
  if (reason.object === 'Istio') return html('span', { 'class': 'reason' }, reason.text);
  return html('span', { 'class': 'reason' }, html('code', {}, reason.object + (reason.field === '' ? '' : `, ${reason.field}`)), `: ${reason.text}`);
}

/**
 * All fields that decide, the first one first.
 * @param {readonly import('../data').PictureReason[]} reasons
 */
export function reasonList(reasons) {
  return html('ul', { 'class': 'reasons' }, ...reasons.map(({ object, field, text, place, line }) => html('li', {},
    object !== 'Istio' && html('code', {}, object + (field === '' ? '' : `, ${field}`)), object !== 'Istio' && html('br'), text,
    place !== null && place !== '' && html('span', { 'class': 'place' }, line === null ? place : `${place}:${line}`))));
}
