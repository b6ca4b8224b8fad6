import { ClientAnswers } from './client/client-answers';
import { bare, Wire } from './client/wire';
import { FoundConnection } from './connection';
import { Decision, decide, Reason, revalued } from './decision';
import { Inventory } from './inventory';
import { KnownCalls, UnlistedCall } from './known/known-calls';
import { Possibilities } from './possibilities';
import { judgeOutcome } from './server/outcome';
import { ServerMode, ServerModes } from './server/server-mode';
import { endpointOf } from './services/endpoints';
import { Service, ServicePort, UNLISTED } from './services/service';
import { OutboundTrafficMode, ResolvedMeshSettings } from './settings';
import { Workload } from './workloads/workload';

/**
 * The calls that no list of service ports and subsets holds, but that the
 * manifests show to be made: to pods on a port that no Service has, to a subset
 * that no rule defines, and between the pods of one workload.
 */
export class UnlistedCalls {
  constructor(
    private readonly inventory: Inventory,
    private readonly known: KnownCalls,
    private readonly modes: ServerModes,
    private readonly clients: ClientAnswers,
    private readonly possibilities: Possibilities,
    private readonly settings: ResolvedMeshSettings,
  ) {}

  /** Whether there is anything in the mesh that could be called so; what pods are told need not be read where there is not. */
  get mayExist(): boolean {
    return this.inventory.services.some(({ isHeadless }) => isHeadless) || this.known.mayNameMore;
  }

  /** The calls of a client with a sidecar or without a proxy. A ztunnel knows pods by their addresses and needs no list. */
  *of(client: Workload): Generator<FoundConnection> {
    const plane = client.dataPlane.value;
    yield* this.toPeers(client);
    if (plane !== 'sidecar' && plane !== 'none') return;
    for (const call of this.known.unlistedOf(client)) yield* this.toPods(client, call);
    if (plane === 'sidecar') yield* this.toMissingSubsets(client);
  }

  private *toPods(client: Workload, call: UnlistedCall): Generator<FoundConnection> {
    const { service = withoutService(call), because, port: number } = call;
    const port = undeclared(number);
    const wire = this.passthrough(client, because, number);
    for (const server of call.workload === undefined ? this.inventory.endpoints.workloads(service) : [call.workload]) {
      if (server.dataPlane.value === 'unknown') continue;
      const serverMode = this.modes.of(server, number);
      const outcome = judgeOutcome({
        client, service, port, endpoint: endpointOf(server, number), subset: '', wire, mode: serverMode, inbound: 'tcp', settings: this.settings,
      });
      yield new FoundConnection({
        client, service, host: call.host, port: number, subset: '', server, targetPort: number, wire, serverMode, outcome,
      }, this.known);
    }
  }

  /** What a pod shares a name with it calls by that name: the replicas of a database. A call to oneself does not pass the proxy, and is not meant here. */
  private *toPeers(client: Workload): Generator<FoundConnection> {
    for (const service of this.inventory.endpoints.servicesOf(client)) {
      if (!service.isHeadless) continue;
      for (const port of service.ports) {
        if (!this.known.isKnown(client, service.host, port.number)) continue;
        yield* this.possibilities.to(client, service, port, this.inventory.endpoints.areOpen(service));
      }
    }
  }

  private passthrough(client: Workload, because: Reason, port: number): Decision<Wire> {
    if (client.dataPlane.value === 'none') {
      return decide(bare('plaintext'), { ...client.dataPlane.decidedBy, cause: 'no-proxy' }, because);
    }
    const { mode, reason } = this.clients.visibility.outboundTrafficMode(client);
    const text = `no Service lists port ${port}, so that the client's proxy takes the address for one outside the mesh`;
    return decide(bare(mode === OutboundTrafficMode.ALLOW_ANY ? 'plaintext' : 'none'), { ...because, text, cause: 'undeclared-port' }, because, reason);
  }

  private *toMissingSubsets(client: Workload): Generator<FoundConnection> {
    for (const { host, port, subset, because } of this.known.callsOf(client)) {
      if (subset === '') continue;
      const service = this.inventory.servicesOf(host)[0];
      if (service === undefined || this.clients.ruleFor(client, service)?.subsets.some(({ name }) => name === subset)) continue;
      const text = `no rule that ${client.key} finds for ${host} defines subset ${subset}`;
      const wire = decide(bare('none'), { ...because, text, cause: 'missing-subset' }, because);
      const serverMode = decide<ServerMode>('none', { ...because, text: 'the call does not leave the client' });
      yield new FoundConnection({
        client, service, host, port, subset, server: undefined, targetPort: port, wire, serverMode, outcome: revalued(wire, 'fail'),
      }, this.known);
    }
  }
}

function undeclared(number: number): ServicePort {
  return { number, name: '', protocol: 'tcp', target: number, path: ['spec', 'ports'] };
}

/** A headless Service as the StatefulSet takes it to be there. */
function withoutService({ host, workload }: UnlistedCall): Service {
  const { object, namespace, name } = workload!;
  return {
    place: UNLISTED,
    object,
    createdAt: 0,
    host,
    namespace,
    name,
    ports: [],
    isKubernetes: true,
    isHeadless: true,
    resolution: 'passthrough',
    isExternal: false,
    exportTo: [],
    listed: [],
  };
}
