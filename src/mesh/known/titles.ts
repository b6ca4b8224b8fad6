/** Titles whose hosts are not called: what goes around a proxy, who may call, and images, whose tag looks like a port. */
const NO_CALL = /(^|[_.-])no[_.-]?proxy$|^cors[_.-]|allowed[_.-]?(hosts|origins)$|(^|[_.-])image$/i;

/** Last words of titles of host names. */
const OF_HOST = /(host|hosts|hostname|addr|address|addresses|server|servers|endpoint|endpoints|url|uri|upstream|backend|target|broker|brokers|dns)$/;

/** Last words of titles of things that are no hosts, even when they look like one: `LOGGER_NAME: customers.shop`. */
const OF_OTHERS = new Set('user username login password pass secret token key id name version tag namespace schema topic queue bucket level class package'.split(' '));

/** Last words of titles of things that often share a word with a Service: `POSTGRES_DB: postgres`. */
const OF_WORDS = new Set((
  'db database dbname role type kind mode app application component profile driver engine prefix suffix env environment stage label tenant group realm provider'
).split(' '));

/** Whether what stands under a title are hosts that are not called. */
export function isNoCall(title: string): boolean {
  return NO_CALL.test(title.slice(-LONGEST));
}

/** Whether a title (`DB_HOST`, `db.host`, `--db-host`, `dbHost`) says that its value is a host. */
export function saysHost(title: string): boolean {
  const words = wordsOf(title);
  const last = words[words.length - 1] ?? '';
  return title === '-h' || OF_HOST.test(last) || (last === 'name' && words[words.length - 2] === 'host');
}

/** Whether a title says that its value, a name with dots or a single word, is something other than a host. */
export function saysOther(title: string, isWord: boolean): boolean {
  const words = wordsOf(title);
  const last = words[words.length - 1] ?? '';
  return !saysHost(title) && (OF_OTHERS.has(last) || (isWord && OF_WORDS.has(last)));
}

/** No title that people write is longer. */
const LONGEST = 200;

function wordsOf(title: string): string[] {
  return title.slice(-LONGEST).replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).filter(word => word !== '');
}
