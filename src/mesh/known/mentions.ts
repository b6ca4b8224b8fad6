import { Address, readHostPort, readWord } from './address';
import { isNoCall, saysHost, saysOther } from './titles';

/**
 * What a text is, which says how much a mere name in it is worth.
 *
 * `variable`: an environment variable, or a key of a ConfigMap. `argument`: of a
 * command, under the flag before it. `file`: what a program reads, line by line.
 */
export type TextKind = 'variable' | 'argument' | 'file';

/** Something that is filled in later: `$(VAR)`, `${VAR}`, `$VAR`, `{{ var }}`. */
const PLACEHOLDER = /\$\([^()\s]*\)|\$\{[^{}\s]*\}|\{\{[^{}]*\}\}|\$[A-Za-z_]\w*/g;

/** Which time series a query wants, in PromQL and LogQL: `{destination_service=~"web.shop.*"}`. They are asked of a database. */
const SERIES = /\{\s*[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*\\?["'`][^{}]*\}/g;

const BETWEEN_WORDS = /[\s"'`<>()[\]{}|;\\]+/;

/** A line of a file that gives a value to a key, as YAML, properties and most others write it. */
const KEY_VALUE = /^\s*(?:-\s+)?["']?([\w.-]+)["']?\s*[:=]\s*["']?([^\s"'#,;]+)["']?[,;]?\s*$/;

/**
 * The hosts that a text names. Each character is looked at a fixed number of times.
 *
 * A URL or a name with a port counts wherever it stands, and so does a name with
 * `.svc`. A mere name counts where it is all there is: the whole value, an item
 * of a list of hosts, or what a flag or a key is given; a single word, which may
 * be anything, only where its title does not say otherwise.
 */
export function mentionsIn(text: string, kind: TextKind, title: string): readonly Address[] {
  if (isNoCall(title) || isDashboard(text)) return [];
  const found = new Map<string, Address>();
  const clean = text.replace(PLACEHOLDER, '_').replace(SERIES, '_');
  const isFile = kind === 'file' || clean.includes('\n');
  for (const line of isFile ? clean.split('\n') : [clean]) {
    if (isFile && /^\s*(#|\/\/|;)/.test(line)) continue;
    readLine(line, found);
    if (!isFile) continue;
    const pair = KEY_VALUE.exec(line);
    if (pair !== null && saysHost(pair[1])) addNames([pair[2]], found);
  }
  const items = clean.length > LONGEST_LIST ? [] : clean.split(/[\s,;]+/).filter(item => item !== '');
  if (items.length === 1 && !items[0].includes('.') && !items[0].includes(':')) {
    if (kind === 'argument' ? saysHost(title) : !saysOther(title, true)) addNames(items, found);
  } else if (!saysOther(title, false) && items.every(item => LISTED.test(item))) {
    addNames(items, found);
  }
  return [...found.values()];
}

/** Whether a text is a dashboard of Grafana, which names services to choose from and calls none of them. */
function isDashboard(text: string): boolean {
  return /^\s*\{/.test(text) && text.includes('"panels"') && (text.includes('"templating"') || text.includes('"schemaVersion"'));
}

/** Longer texts are files. */
const LONGEST_LIST = 4000;

/** A host that can be nothing else in a list of hosts. */
const LISTED = /^[a-z0-9-]+((\.[a-z0-9-]+)+\.?(:\d+)?|:\d+)$/i;

function addNames(items: readonly string[], found: Map<string, Address>): void {
  for (const item of items) {
    const address = readHostPort(item);
    if (address !== undefined) add(address, found);
  }
}

function readLine(line: string, found: Map<string, Address>): void {
  for (const chunk of line.split(BETWEEN_WORDS)) {
    let scheme: string | undefined;
    for (const word of chunk.split(',')) {
      const read = word === '' ? undefined : readWord(word, scheme);
      scheme = read?.goesOn;
      if (read !== undefined && (!read.isBare || isClear(read.address.host, read.title))) add(read.address, found);
    }
  }
}

/** Whether a mere name among other words is a host: it has `.svc`, or a flag is given it. */
function isClear(host: string, title: string): boolean {
  if (isNoCall(title)) return false;
  if (/^[^.]+\.[^.]+(\.[^.]+)?\.svc(\.|$)/.test(host)) return true;
  return title !== '' && (host.includes('.') ? !saysOther(title, false) : saysHost(title));
}

function add(address: Address, found: Map<string, Address>): void {
  const key = `${address.scheme ?? ''} ${address.host} ${address.port ?? ''}`;
  if (!found.has(key)) found.set(key, address);
}
