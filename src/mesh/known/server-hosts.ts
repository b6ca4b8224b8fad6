import { namespaceOf } from '../facts';
import { asList, own } from '../json';
import { MeshObject } from '../object';
import { Branch } from './branch';
import { isCovered, isWildcard } from '../rules/host-index';

interface ServerHost {
  /** The namespace whose routes are served, or `*`. */
  readonly namespace: string;
  readonly port: number;
}

/** The hosts for which the servers of a Gateway are, found by the host of a route. */
export class ServerHosts {
  private readonly byPattern = new Map<string, ServerHost[]>();
  private readonly filed = new Set<string>();

  constructor(gateway: MeshObject) {
    for (const server of asList(own(gateway.spec, 'servers'))) {
      const port = own(own(server, 'port'), 'number');
      if (typeof port !== 'number') continue;
      for (const host of asList(own(server, 'hosts'))) {
        if (typeof host === 'string') this.file(host, port, namespaceOf(gateway));
      }
    }
  }

  /** The ports on which the hosts of a route are served. */
  portsFor({ hosts, object, port }: Branch): ReadonlySet<number> {
    const ports = new Set<number>();
    const namespace = namespaceOf(object);
    for (const host of hosts) {
      for (const one of this.meeting(host)) {
        if ((one.namespace === '*' || one.namespace === namespace) && (port === undefined || port === one.port)) ports.add(one.port);
      }
    }
    return ports;
  }

  /** A server's host is `host` or `namespace/host`. */
  private file(host: string, port: number, gatewayNamespace: string): void {
    const slash = host.indexOf('/');
    const place = slash < 0 ? '*' : host.slice(0, slash);
    const pattern = host.slice(slash + 1);
    const list = this.byPattern.get(pattern);
    const one = { port, namespace: place === '.' ? gatewayNamespace : place };
    const key = `${pattern} ${one.namespace} ${port}`;
    if (this.filed.has(key)) return;
    this.filed.add(key);
    if (list === undefined) this.byPattern.set(pattern, [one]);
    else list.push(one);
  }

  /** The server hosts that cover a host, and those that a wildcard covers. */
  private *meeting(host: string): Generator<ServerHost> {
    yield* this.byPattern.get(host) ?? [];
    if (host !== '*') yield* this.byPattern.get('*') ?? [];
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const pattern = `*${host.slice(dot)}`;
      if (pattern !== host) yield* this.byPattern.get(pattern) ?? [];
    }
    if (!isWildcard(host)) return;
    for (const [pattern, list] of this.byPattern) {
      if (pattern !== host && isCovered(pattern, host)) yield* list;
    }
  }
}
