import { Lock, PictureCall } from './data';
import { Reasons } from './reasons';
import { callFacts, Connection, reasonsOf } from '../../mesh/connection';
import { MeshModel } from '../../mesh/model';
import { compareText } from '../../mesh/object';
import { Outcome } from '../../mesh/server/outcome';
import { Workload } from '../../mesh/workloads/workload';

/** A call with what it was made from. */
export interface FollowedCall {
  readonly connection: Connection;
  readonly call: Omit<PictureCall, 'findings'>;
}

/** The calls that the manifests show to be made, by client, host, service port, subset and server. */
export function callsOf(model: MeshModel, clients: readonly Workload[], reasons: Reasons): FollowedCall[] {
  const found = new Map<string, Connection>();
  for (const client of clients) {
    for (const connection of model.knownConnections(client)) {
      const key = JSON.stringify(sortKey(connection));
      const other = found.get(key);
      // Endpoints outside the mesh have no names: where one of them cannot be reached, that is what counts.
      if (other === undefined || WEIGHT.indexOf(connection.result) < WEIGHT.indexOf(other.result)) found.set(key, connection);
    }
  }
  return [...found.values()].sort(byKey).map((connection, index) => ({ connection, call: callOf(model, connection, `call-${index + 1}`, reasons) }));
}

/** The known calls that nothing answers: the Service has no pods in the input. */
export function unansweredCalls(model: MeshModel, clients: readonly Workload[]): string[] {
  const hosts = new Set<string>();
  for (const client of clients) {
    for (const { host, port } of model.known.callsOf(client)) {
      for (const service of model.inventory.servicesOf(host)) {
        const found = service.ports.find(({ number }) => number === port);
        if (found === undefined || service.aliasOf !== undefined) continue;
        if (model.inventory.endpoints.of(service, found).length === 0) hosts.add(`${host}:${port}`);
      }
    }
  }
  return [...hosts].sort(compareText);
}

function callOf(model: MeshModel, connection: Connection, id: string, reasons: Reasons): FollowedCall['call'] {
  const { client, host, port, subset, result } = connection;
  const evidence = model.known.evidence(client, host, port, subset) ?? model.known.evidence(client, host, port)
    ?? model.known.unlistedOf(client).find(one => one.host === host && one.port === port)?.because;
  return {
    id,
    ...callFacts(connection),
    outcome: result,
    lock: outcomeLock(result),
    because: reasonsOf(connection).map(reason => reasons.of(reason)),
    shownBy: evidence === undefined ? null : reasons.of(evidence),
  };
}

/** What a reader has to see first. */
export const WEIGHT: readonly Outcome[] = ['fail', 'depends', 'plaintext', 'tls-to-app', 'mtls', 'hbone'];

function outcomeLock(outcome: Outcome): Lock {
  return outcome === 'mtls' || outcome === 'hbone' ? 'closed' : outcome === 'depends' ? 'unknown' : 'open';
}

function sortKey({ client, host, port, subset, server, targetPort }: Connection): readonly [string, string, number, string, string, number] {
  return [client.key, host, port, subset, server?.key ?? '', targetPort];
}

function byKey(a: Connection, b: Connection): number {
  return compareText(a.client.key, b.client.key) || compareText(a.host, b.host) || a.port - b.port || compareText(a.subset, b.subset)
    || compareText(a.server?.key ?? '', b.server?.key ?? '') || a.targetPort - b.targetPort;
}
