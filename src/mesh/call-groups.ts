import { ClientAnswers } from './client/client-answers';
import { isPublic } from './client/visibility';
import { Connection } from './connection';
import { HealthyServices } from './healthy-services';
import { Inventory } from './inventory';
import { Service, ServicePort } from './services/service';
import { UnlistedCalls } from './unlisted-calls';
import { Workload } from './workloads/workload';

/** Clients that get the same answer wherever they call. */
export interface ClientGroup {
  readonly namespace: string;
  readonly members: readonly Workload[];
}

/** Whose call it is: the clients of some groups, those of some namespaces excepted. */
export interface Audience {
  /** One list of groups is shared by many calls. */
  readonly groups: readonly ClientGroup[];
  /** The namespaces whose clients are not among them. */
  readonly apart: ReadonlySet<string>;
}

/** One call with all clients for which it is the same. */
export interface CallGroup {
  /** The call of one of the clients. */
  readonly connection: Connection;
  /** The groups that the clients come from; undefined for a call that is one client's alone. */
  readonly audience?: Audience;
  /** The clients, without those behind the service itself. */
  clients(): Iterator<Workload> & Iterable<Workload>;
}

/** A call that is one client's alone. */
class SingleCall implements CallGroup {
  constructor(readonly connection: Connection) {}

  *clients(): Generator<Workload> {
    yield this.connection.client;
  }
}

class SharedCall implements CallGroup {
  constructor(readonly connection: Connection, readonly audience: Audience, private readonly inventory: Inventory) {}

  *clients(): Generator<Workload> {
    const { service } = this.connection;
    const { groups, apart } = this.audience;
    for (const { namespace, members } of groups) {
      if (apart.has(namespace)) continue;
      for (const client of members) {
        if (!this.inventory.isBehind(service, client)) yield client;
      }
    }
  }
}

const NO_NAMESPACES: ReadonlySet<string> = new Set();

/**
 * The calls of all clients that have a proxy, each answer once for all clients
 * that get it.
 *
 * Most sidecars differ in nothing but their namespace, and most services look the
 * same from every namespace but a few: so there are about as many answers as
 * there are service ports, and not as many as pairs of workloads. Whatever makes
 * a client special (a gateway, a Sidecar object, an excluded port, a rule for its
 * labels) puts it in a group of its own.
 */
export class CallGroups {
  /** The sidecars that nothing tells from the others of their namespace. */
  private readonly ordinary: readonly ClientGroup[];
  private readonly special: readonly ClientGroup[];
  /** A ztunnel's answers do not depend on the client at all. */
  private readonly ambient: readonly ClientGroup[];

  constructor(
    private readonly inventory: Inventory,
    private readonly clients: ClientAnswers,
    private readonly follow: (client: Workload, service: Service, port: ServicePort) => Iterable<Connection>,
    private readonly unlisted: UnlistedCalls,
    private readonly healthy: HealthyServices,
  ) {
    const ordinary = new Map<string, Workload[]>();
    const special = new Map<string, Workload[]>();
    const ambient: Workload[] = [];
    const file = (map: Map<string, Workload[]>, key: string, client: Workload): void => {
      const list = map.get(key);
      if (list === undefined) map.set(key, [client]);
      else list.push(client);
    };
    for (const client of inventory.workloads) {
      if (client.dataPlane.value === 'ambient') {
        ambient.push(client);
      } else if (client.dataPlane.value === 'sidecar') {
        const distinction = clients.distinction(client);
        if (distinction === '') file(ordinary, client.namespace, client);
        else file(special, `${client.namespace} ${distinction}`, client);
      }
    }
    this.ordinary = [...ordinary].map(([namespace, members]) => ({ namespace, members }));
    this.special = [...special.values()].map(members => ({ namespace: members[0].namespace, members }));
    this.ambient = ambient.length === 0 ? [] : [{ namespace: '', members: ambient }];
  }

  /**
   * Every call, service by service.
   *
   * @param skipsHealthy whether to leave out those calls of ordinary sidecars of
   * which it can be seen without following them that they carry mesh mTLS: in
   * most meshes nearly all
   */
  *all(skipsHealthy: boolean): Generator<CallGroup> {
    const healthy = skipsHealthy ? this.healthy : undefined;
    for (const service of this.inventory.services) {
      if (healthy?.covers(service) === true) {
        yield* this.callsOfOthers(service);
        continue;
      }
      const isAlike = isPublic(service) && service.aliasOf === undefined && this.inventory.servicesOf(service.host).length < 2;
      const apart = isAlike && this.ordinary.length > 1 ? this.clients.namespacesApart(service) : [];
      const others = apart.length === 0 ? NO_NAMESPACES : new Set(apart);
      for (const port of service.ports) {
        if (isAlike) {
          yield* this.calls(this.ordinary, others, service, port);
          for (const group of others.size === 0 ? [] : this.ordinary) {
            if (others.has(group.namespace)) yield* this.calls([group], NO_NAMESPACES, service, port);
          }
        } else {
          for (const group of this.ordinary) yield* this.calls([group], NO_NAMESPACES, service, port);
        }
      }
      yield* this.callsOfOthers(service);
    }
    yield* this.singleCalls();
  }

  /** The calls of all but ordinary sidecars. */
  private *callsOfOthers(service: Service): Generator<CallGroup> {
    if (this.special.length === 0 && this.ambient.length === 0) return;
    for (const port of service.ports) {
      for (const group of this.special) yield* this.calls([group], NO_NAMESPACES, service, port);
      yield* this.calls(this.ambient, NO_NAMESPACES, service, port);
    }
  }

  private *singleCalls(): Generator<CallGroup> {
    if (!this.unlisted.mayExist) return;
    for (const group of [...this.ordinary, ...this.special, ...this.ambient]) {
      for (const client of group.members) {
        for (const connection of this.unlisted.of(client)) yield new SingleCall(connection);
      }
    }
  }

  /** The calls of one client for all of some groups. */
  private *calls(groups: readonly ClientGroup[], apart: ReadonlySet<string>, service: Service, port: ServicePort): Generator<CallGroup> {
    const first = groups.find(({ namespace }) => !apart.has(namespace))?.members[0];
    if (first === undefined) return;
    const audience: Audience = { groups, apart };
    for (const connection of this.follow(first, service, port)) yield new SharedCall(connection, audience, this.inventory);
  }
}
