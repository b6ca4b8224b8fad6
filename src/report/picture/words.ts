import { Picture, PictureWorkload } from './data';
import { Outcome } from '../../mesh/server/outcome';
import { count } from '../text';

/** What becomes of a call, for a reader who sees the word for the first time. */
export const OUTCOME_WORDS: { readonly [outcome in Outcome]: string } = {
  'fail': 'broken',
  'depends': 'depends',
  'plaintext': 'plaintext',
  'tls-to-app': 'own TLS',
  'mtls': 'mTLS',
  'hbone': 'mTLS (HBONE)',
};

/** The sign in front of the word. */
export const OUTCOME_SIGNS: { readonly [outcome in Outcome]: string } = {
  'fail': '✖', 'depends': '?', 'plaintext': '🔓', 'tls-to-app': '🔓', 'mtls': '🔒', 'hbone': '🔒',
};

/** The mesh in one line. */
export function meshLine({ mesh }: Picture): string {
  const [{ object }] = mesh.because;
  return `mesh ${mesh.mode} (${object === 'Istio' ? 'Istio\'s default' : object}), auto mTLS ${mesh.autoMtls.value ? 'on' : 'off'}, at least ${tlsVersion(mesh.minProtocolVersion.value)}`;
}

/** `TLSV1_2` -> `TLS 1.2`. */
export function tlsVersion(text: string): string {
  return text.replace(/^TLSV(\d)_(\d)$/, 'TLS $1.$2');
}

/** The modes of a workload's ports in a few words: `STRICT`, or `STRICT, 9090 PERMISSIVE`. */
export function modesOf({ ports }: PictureWorkload): string {
  const general = (ports.find(({ port }) => port === null) ?? ports[0])?.mode;
  const others = ports.filter(({ port, mode }) => port !== null && mode !== general);
  return [...general === undefined ? [] : [modeWord(general)], ...others.map(({ port, mode }) => `${port} ${modeWord(mode)}`)].join(', ');
}

export function modeWord(mode: string): string {
  return mode === 'none' ? 'no proxy' : mode;
}

/** How the known calls end: `3 mTLS, 1 broken`. */
export function outcomesLine({ summary: { outcomes }, calls }: Picture): string {
  const parts = (Object.keys(OUTCOME_WORDS) as Outcome[]).filter(outcome => (outcomes[outcome] ?? 0) > 0).map(outcome => `${outcomes[outcome]} ${OUTCOME_WORDS[outcome]}`);
  return calls.length === 0 ? 'no known calls' : `${count(calls.length, 'known call')}: ${parts.join(', ')}`;
}
