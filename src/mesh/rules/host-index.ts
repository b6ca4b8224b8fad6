/** Values by host, where a host may be a wildcard (`*.shop.svc.cluster.local`). */
export class HostIndex<T> {
  private readonly exact = new Map<string, T>();
  /** By what follows the asterisk. */
  private readonly suffixes = new Map<string, T>();
  /** The lengths of the suffixes, the longest first; undefined until they are asked for. */
  private lengths?: readonly number[];

  get(host: string): T | undefined {
    return isWildcard(host) ? this.suffixes.get(host.slice(1)) : this.exact.get(host);
  }

  set(host: string, value: T): void {
    if (isWildcard(host)) {
      this.suffixes.set(host.slice(1), value);
      this.lengths = undefined;
    } else {
      this.exact.set(host, value);
    }
  }

  /** Calls back for every host that has a value, wildcards included. */
  forEach(visit: (value: T, host: string) => void): void {
    this.exact.forEach(visit);
    this.suffixes.forEach((value, suffix) => visit(value, `*${suffix}`));
  }

  /** The values of the host itself and of every wildcard that covers it. */
  covering(host: string): T[] {
    const exact = this.get(host);
    let found: T[] = exact === undefined ? [] : [exact];
    if (this.suffixes.size === 0) return found;
    this.eachSuffix(host, value => {
      if (value === exact) return false;
      // Nearly always one or two cover a host, and a list that grows takes room for seventeen.
      if (found.length < 2) found = found.length === 0 ? [value] : [found[0], value];
      else found.push(value);
      return false;
    });
    return found;
  }

  /** The value of the host itself, else of the longest wildcard that covers it (`MostSpecificHostMatch` in pilot/pkg/model/config.go). */
  mostSpecific(host: string): T | undefined {
    const exact = this.get(host);
    if (exact !== undefined || this.suffixes.size === 0) return exact;
    let found: T | undefined;
    this.eachSuffix(host, value => {
      found = value;
      return true;
    });
    return found;
  }

  /** Calls back for the wildcards that cover a host, the longest first, until one is enough. */
  private eachSuffix(host: string, visit: (value: T) => boolean): void {
    const needle = isWildcard(host) ? host.slice(1) : host;
    this.lengths ??= [...new Set([...this.suffixes.keys()].map(({ length }) => length))].sort((a, b) => b - a);
    for (const length of this.lengths) {
      if (length > needle.length) continue;
      const found = this.suffixes.get(needle.slice(needle.length - length));
      if (found !== undefined && visit(found)) return;
    }
  }
}

/** Whether a host stands for many. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether every host that the first covers is covered by the second (`host.Name.SubsetOf`). */
export function isCovered(host: string, by: string): boolean {
  if (!isWildcard(by)) return host === by;
  return isWildcard(host) ? host.length >= by.length && host.endsWith(by.slice(1)) : host.endsWith(by.slice(1));
}
