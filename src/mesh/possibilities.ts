import { Assumption, Calls } from './calls';
import { Connection, FoundConnection } from './connection';
import { decide, Reason, revalued } from './decision';
import { Outcome } from './server/outcome';
import { Service, ServicePort } from './services/service';
import { ResolvedMeshSettings } from './settings';
import { DataPlane } from './workloads/data-plane';
import { Workload } from './workloads/workload';

/**
 * Follows calls whose client or server may or may not be in the mesh.
 *
 * What is open is always the labels of a namespace, so a possibility is one
 * answer for all pods of the namespace that say nothing themselves.
 */
export class Possibilities {
  constructor(private readonly calls: Calls, private readonly settings: ResolvedMeshSettings) {}

  private get planes(): readonly DataPlane[] {
    return this.settings.ambient ? ['sidecar', 'ambient', 'none'] : ['sidecar', 'none'];
  }

  /** The calls of a client to a service port, with `depends` where the possibilities differ. */
  *to(client: Workload, service: Service, port: ServicePort, isServerOpen: boolean): Generator<FoundConnection> {
    const isClientOpen = client.dataPlane.value === 'unknown';
    if (!isClientOpen && !isServerOpen) {
      yield* this.follow(client, service, port);
      return;
    }
    // A sidecar would have them there only, and then they are possibilities of one call.
    if (isClientOpen && this.calls.isListedElsewhere(client, service, port)) return;
    const found = new Map<string, [Assumption, FoundConnection][]>();
    for (const assumption of this.assumptions(client, service, isClientOpen, isServerOpen)) {
      const assumed = assumption.client === undefined ? client : client.withDataPlane(revalued(client.dataPlane, assumption.client));
      let index = 0;
      for (const connection of this.follow(assumed, service, port, assumption.server)) {
        const key = `${connection.subset}/${connection.server?.key ?? `outside ${index++}`}`;
        found.set(key, [...found.get(key) ?? [], [assumption, connection]]);
      }
    }
    for (const possibilities of found.values()) yield combine(client, service, possibilities);
  }

  private *follow(client: Workload, service: Service, port: ServicePort, assumed?: DataPlane): Generator<FoundConnection> {
    yield* service.aliasOf === undefined ? this.calls.to(client, service, port, assumed) : this.calls.toAlias(client, service, port.number, assumed);
  }

  private assumptions(client: Workload, service: Service, isClientOpen: boolean, isServerOpen: boolean): Assumption[] {
    if (!isServerOpen) return this.planes.map(plane => ({ client: plane }));
    if (!isClientOpen) return this.planes.map(plane => ({ server: plane }));
    // Within one namespace both are what the namespace makes them.
    return client.namespace === service.namespace
      ? this.planes.map(plane => ({ client: plane, server: plane }))
      : this.planes.flatMap(one => this.planes.map(other => ({ client: one, server: other })));
  }
}

function combine(client: Workload, service: Service, possibilities: readonly [Assumption, FoundConnection][]): FoundConnection {
  const [, first] = possibilities[0];
  const all = possibilities.map(([, connection]) => connection);
  const outcomes = new Set(all.map(({ outcome }) => outcome.value));
  const wires = new Set(all.map(({ wire }) => wire.value.sends));
  const modes = new Set(all.map(({ serverMode }) => serverMode.value));
  const open = openReason(client, first, service);
  return first.with({
    client,
    wire: wires.size === 1 ? first.wire : decide({ ...first.wire.value, sends: 'unknown' }, open),
    serverMode: modes.size === 1 ? first.serverMode : decide('unknown', open),
    hangs: all.every(({ hangs }) => hangs !== undefined) ? first.hangs : undefined,
    outcome: outcomes.size === 1 ? first.outcome : decide<Outcome>('depends', open, ...conditions(possibilities, client, service, open)),
  });
}

/** The object whose place in the mesh is open: the client where it is, else the server. */
function openReason(client: Workload, { server }: Connection, service: Service): Reason {
  const isClient = client.dataPlane.value === 'unknown';
  return {
    object: isClient ? client.object : server?.object ?? service.object,
    field: ['metadata', 'namespace'],
    text: `Namespace ${isClient ? client.namespace : service.namespace} is not in the input, so it is not known what carries the traffic of its pods`,
  };
}

/** One sentence for each outcome: when it comes about. */
function conditions(possibilities: readonly [Assumption, FoundConnection][], client: Workload, service: Service, open: Reason): Reason[] {
  const byOutcome = new Map<Outcome, string[]>();
  for (const [assumption, { outcome }] of possibilities) {
    byOutcome.set(outcome.value, [...byOutcome.get(outcome.value) ?? [], inWords(assumption, client, service)]);
  }
  return [...byOutcome].map(([outcome, words]) => ({ ...open, text: `${outcome} if ${words.join(', or if ')}` }));
}

const WORDS: { readonly [plane in DataPlane]: string } = {
  sidecar: 'gives its pods sidecars', ambient: 'is in ambient', none: 'is not in the mesh', unknown: 'is unknown',
};

function inWords({ client: ofClient, server: ofServer }: Assumption, client: Workload, service: Service): string {
  const parts = [
    ofClient === undefined ? undefined : `namespace ${client.namespace} ${WORDS[ofClient]}`,
    ofServer === undefined || (ofClient !== undefined && client.namespace === service.namespace) ? undefined : `namespace ${service.namespace} ${WORDS[ofServer]}`,
  ];
  return parts.filter(part => part !== undefined).join(' and ');
}
