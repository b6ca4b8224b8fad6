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

  /** The value of the host itself, else of the longest wildcard that covers it (`MostSpecificHostMatch` in pilot/pkg/model/config.go). */
  mostSpecific(host: string): T | undefined {
    return this.get(host) ?? this.wider(host);
  }

  /** The value of the longest wildcard that covers a host and is not the host itself. */
  wider(host: string): T | undefined {
    const most = isWildcard(host) ? host.length - 2 : host.length;
    for (let i = 0; i < this.suffixLengths.length; i++) {
      const length = this.suffixLengths[i];
      const found = length > most ? undefined : this.suffixes.get(host.slice(host.length - length));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private get suffixLengths(): readonly number[] {
    return this.lengths ??= [...new Set([...this.suffixes.keys()].map(({ length }) => length))].sort((a, b) => b - a);
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
