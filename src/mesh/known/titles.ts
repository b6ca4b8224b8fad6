/** Titles whose hosts are not called: who goes around the proxy, and who may call. */
const NO_CALL = /^no_?proxy$|^cors[_.-]|allowed[_.-]?(hosts|origins)$/i;

/** Last words of titles of host names. */
const OF_HOST = /(host|hosts|hostname|addr|address|addresses|server|servers|endpoint|endpoints|url|uri|upstream|backend|target|broker|brokers|dns)$/;

/** Last words of titles of other things, which often share a name with a Service: `POSTGRES_USER: postgres`. */
const OF_OTHERS = new Set((
  'user username login password pass secret token key id name db database dbname schema role type kind mode image namespace app application '
  + 'component profile driver engine version tag prefix suffix topic queue bucket level env environment stage label tenant group realm provider'
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

/** Whether a title says that its value is something other than a host. */
export function saysOther(title: string): boolean {
  const words = wordsOf(title);
  return !saysHost(title) && OF_OTHERS.has(words[words.length - 1] ?? '');
}

/** No title that people write is longer. */
const LONGEST = 200;

function wordsOf(title: string): string[] {
  return title.slice(-LONGEST).replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).filter(word => word !== '');
}
