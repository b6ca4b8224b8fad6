/** A host that a text names, as it is written but for case and a last dot. */
export interface Address {
  readonly host: string;
  /** The port that is written. */
  readonly port?: number;
  /** The scheme of the URL, in lower case. */
  readonly scheme?: string;
}

/** What a word of a text was read as. */
export interface Word {
  readonly address: Address;
  /** What stands before an equals sign: `--db` in `--db=mysql.shop`. */
  readonly title: string;
  /** Nothing but a name: no scheme, no port, no path. */
  readonly isBare: boolean;
  /** The scheme that holds for what follows a comma: `mongodb://a:27017,b:27017`. */
  readonly goesOn?: string;
}

const PATH = /[/?#]/;

/** gRPC's schemes whose host stands where others have their path: `dns:///customers.shop:80`. */
const HOST_IN_PATH = new Set(['dns', 'xds', 'passthrough']);

/** Schemes of names that are no hosts: buckets, images, files, identities. */
const NO_HOST = new Set('file unix s3 s3a s3n gs abfs abfss wasb wasbs spiffe docker docker-pullable oci jar classpath vault secret'.split(' '));

const HOST_PORT = /^([a-z0-9][a-z0-9.-]*)(?::(\d{1,5}))?(:\w+)?$/i;

/** Reads one word, without spaces and commas in it; undefined where it is no address. The scheme is given where a list began with one. */
export function readWord(word: string, scheme?: string): Word | undefined {
  // Most words of most texts.
  if (scheme === undefined && !/[.:=]/.test(word)) return undefined;
  const slashes = word.search(/[:@]\/\//);
  if (slashes >= 0) {
    return readUrl(word.slice(slashes + 3), word[slashes] === ':' ? schemeBefore(word, slashes) : undefined);
  }
  if (scheme !== undefined) return readUrl(word, scheme);
  const [place, hasPath] = untilPath(word);
  const equals = place.lastIndexOf('=');
  const value = place.slice(equals + 1);
  const at = value.lastIndexOf('@');
  const address = readHostPort(value.slice(at + 1), at >= 0);
  if (address === undefined) return undefined;
  const isBare = address.port === undefined;
  // What has no port is an e-mail address, an image or a file.
  return isBare && (at >= 0 || hasPath) ? undefined : { address, title: equals > 0 ? place.slice(0, equals) : '', isBare };
}

function readUrl(rest: string, scheme: string | undefined): Word | undefined {
  if (scheme !== undefined && NO_HOST.has(scheme)) return undefined;
  const inPath = scheme !== undefined && HOST_IN_PATH.has(scheme) && rest.startsWith('/');
  const [authority, hasPath] = untilPath(inPath ? rest.slice(1) : rest);
  const at = authority.lastIndexOf('@');
  const address = readHostPort(authority.slice(at + 1), scheme === undefined);
  if (address === undefined) return undefined;
  return { address: { ...address, scheme: scheme ?? 'unknown' }, title: '', isBare: false, ...hasPath ? {} : { goesOn: scheme ?? 'unknown' } };
}

function untilPath(text: string): [string, boolean] {
  const path = text.search(PATH);
  return path < 0 ? [text, false] : [text.slice(0, path), true];
}

/** Reads `host`, `host:port` and, where it may be more, Oracle's `host:port:database`. */
export function readHostPort(text: string, mayBeMore = false): Address | undefined {
  if (text.length > LONGEST) return undefined;
  const match = HOST_PORT.exec(text.replace(/[.:!]$/, ''));
  if (match === null || (match[3] !== undefined && !mayBeMore)) return undefined;
  const host = match[1].replace(/\.$/, '').toLowerCase();
  const port = match[2] === undefined ? undefined : Number(match[2]);
  // An address of numbers is no name, and nor is a time of day.
  return host.includes('..') || /^[\d.]+$/.test(host) || port === 0 || (port ?? 0) > 65535 ? undefined : { host, port };
}

/** A name has 253 characters at most, and a port and a database are not long either. */
const LONGEST = 400;

/** The letters right before a colon; no scheme that people write is longer than this looks. */
function schemeBefore(word: string, end: number): string {
  return /[a-z0-9+.-]*$/i.exec(word.slice(Math.max(0, end - 24), end))![0].toLowerCase();
}
