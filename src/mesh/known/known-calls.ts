import { Reason } from '../decision';
import { MeshFacts } from '../facts';
import { Inventory } from '../inventory';
import { Kinds } from '../kinds';
import { MeshObject } from '../object';
import { Branch } from './branch';
import { Branches } from './branches';
import { ConfigMaps } from './config-maps';
import { Gateways } from './gateways';
import { HostNames } from './host-names';
import { isKeda, isPrometheus } from './images';
import { Monitors } from './monitors';
import { Mention, PodMentions } from './pod-mentions';
import { triggerMentions } from './scaled-objects';
import { portRouted, portsCalled, schemePort } from './service-ports';
import { Protocol } from '../services/protocol';
import { Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** A call that the manifests show to be made. */
export interface KnownCall {
  readonly host: string;
  /** The service port. */
  readonly port: number;
  /** The subset that a route names, or empty. */
  readonly subset: string;
  /** What shows it. */
  readonly because: Reason;
  /** The scheme of the URL that names the host; undefined where there is none, and for calls that a route leads on. */
  readonly scheme?: string;
}

/** A call that the manifests show to be made, to pods on a port that no Service lists. */
export interface UnlistedCall {
  /** The headless Service by whose name the pods are called; undefined where the input has none of that name. */
  readonly service?: Service;
  /** Where there is no Service: the StatefulSet whose pods are called. */
  readonly workload?: Workload;
  readonly host: string;
  readonly port: number;
  readonly because: Reason;
}

/** A call of an init container. */
export interface InitCall extends KnownCall {
  /** The place of the container among the init containers. */
  readonly initContainer: number;
}

/**
 * The calls that the manifests show to be made: by what pods are told, by what
 * routes lead to, by what an annotation says. Each client's are worked out when
 * they are first asked for.
 */
export class KnownCalls {
  private readonly ofClient = new Map<MeshObject, Calls>();
  private readonly names: HostNames;
  private readonly configMaps: ConfigMaps;
  /** What the Prometheus operator's monitors have scraped. */
  readonly monitors: Monitors;
  private triggers?: readonly Mention[];
  private routes?: { readonly branches: Branches; readonly gateways: Gateways };

  constructor(private readonly facts: MeshFacts, private readonly inventory: Inventory) {
    this.names = new HostNames(inventory, facts.settings.clusterDomain);
    this.configMaps = new ConfigMaps(facts);
    this.monitors = new Monitors(facts, inventory);
  }

  /** Whether a client is shown to call a service port, and the subset where one is given. */
  isKnown(client: Workload, host: string, port: number, subset?: string): boolean {
    return this.evidence(client, host, port, subset) !== undefined;
  }

  /** The call to a service port that a client is shown to make. */
  callTo(client: Workload, host: string, port: number): KnownCall | undefined {
    return this.calls(client).byKey.get(keyOf(host, port, ANY));
  }

  /** What shows that a client calls a service port, and the subset where one is given. */
  evidence(client: Workload, host: string, port: number, subset?: string): Reason | undefined {
    return this.calls(client).byKey.get(keyOf(host, port, subset ?? ANY))?.because;
  }

  /** The calls that a client is shown to make. */
  callsOf(client: Workload): readonly KnownCall[] {
    return [...new Set(this.calls(client).byKey.values())];
  }

  /** Whether there are StatefulSets, whose pods are called by name, or routes, which can name subsets. */
  get mayNameMore(): boolean {
    return this.facts.ofKind(Kinds.STATEFUL_SET).length > 0 || this.facts.ofKind(Kinds.VIRTUAL_SERVICE).length > 0;
  }

  /** The calls of a client to pods, on ports that no Service lists. */
  unlistedOf(client: Workload): readonly UnlistedCall[] {
    return this.calls(client).unlisted;
  }

  /** The calls that the init containers of a workload are shown to make. They go straight to the service: no sidecar leads them elsewhere. */
  callsOfInitContainers(client: Workload): readonly InitCall[] {
    const found: InitCall[] = [];
    for (const { address, object, field, who, initContainer } of PodMentions.of(client, this.configMaps)) {
      if (initContainer === undefined) continue;
      for (const service of this.names.resolve(address.host, client.namespace)) {
        for (const port of portsCalled(service, address.port, address.scheme)) {
          found.push({ initContainer, host: service.host, port, subset: '', because: { object, field, text: `${who} names ${service.host}` } });
        }
      }
    }
    return found;
  }

  private calls(client: Workload): Calls {
    let calls = this.ofClient.get(client.object);
    if (calls === undefined) this.ofClient.set(client.object, calls = this.find(this.inventory.workloadOf(client.object) ?? client));
    return calls;
  }

  private get routing(): { readonly branches: Branches; readonly gateways: Gateways } {
    if (this.routes === undefined) {
      const branches = new Branches(this.facts);
      this.routes = { branches, gateways: new Gateways(this.facts, branches) };
    }
    return this.routes;
  }

  private find(client: Workload): Calls {
    const calls = new Calls();
    for (const mention of PodMentions.of(client, this.configMaps)) this.follow(client, mention, calls);
    this.triggers ??= triggerMentions(this.facts);
    if (this.triggers.length > 0 && isKeda(client)) this.triggers.forEach(mention => this.follow(client, mention, calls));
    this.scrape(client, calls);
    for (const { branch, listener } of this.routing.gateways.servedBy(client)) {
      this.lead(branch, listener, `${branch.object.kind} ${branch.object.name} leads from the gateway to`, calls);
    }
    return calls;
  }

  private follow(client: Workload, { address, object, field, who }: Mention, calls: Calls): void {
    const { host, port, scheme } = address;
    const services = this.names.resolve(host, client.namespace);
    for (const service of services) {
      for (const number of portsCalled(service, port, scheme)) {
        calls.add(service.host, number, '', { object, field, text: `${who} names ${service.host}` }, scheme);
        const behind = this.inventory.behindAlias(service);
        if (behind !== service && portsCalled(behind, number).length > 0) {
          calls.add(behind.host, number, '', { object, field, text: `${who} names ${service.host}, which is another name of ${behind.host}` }, scheme);
        }
        const protocol = service.ports.find(one => one.number === number)!.protocol;
        this.reroute(client, service.host, number, calls, protocol);
      }
    }
    const [service] = services;
    const because = { object, field, text: `${who} names ${host}` };
    if (port !== undefined && service?.isHeadless && !service.ports.some(({ number }) => number === port)) {
      calls.unlisted.push({ service, host: service.host, port, because });
    } else if (port !== undefined && service === undefined) {
      const pods = this.names.podsOf(host, client.namespace);
      if (pods !== undefined) calls.unlisted.push({ workload: pods.workload, host: pods.host, port, because });
    }
    // A VirtualService can be for a host that nothing else knows.
    if (services.length === 0) this.reroute(client, host, port ?? schemePort(scheme), calls);
  }

  /** Scrapes go to addresses of pods, which a sidecar does not take for calls of the service; whoever has none calls a port like any other. */
  private scrape(client: Workload, calls: Calls): void {
    if (client.dataPlane.value === 'sidecar' || client.dataPlane.value === 'unknown') return;
    if (this.monitors.areNone || !isPrometheus(client)) return;
    for (const { monitor, path, service, port } of this.monitors.scrapes) {
      if (service === undefined || port === undefined) continue;
      calls.add(service.host, port.number, '', { object: monitor, field: path, text: `${monitor.kind} ${monitor.name} has ${service.host} scraped` });
    }
  }

  /** Where the client's sidecar sends the calls to a host instead. */
  private reroute(client: Workload, host: string, port: number | undefined, calls: Calls, protocol?: Protocol): void {
    if (client.isGateway || client.dataPlane.value === 'none' || client.dataPlane.value === 'ambient') return;
    for (const branch of this.routing.branches.inMesh(host, port, client.namespace)) {
      if (fits(branch, protocol)) this.lead(branch, port, `${branch.object.kind} ${branch.object.name} leads the calls of ${client.key} to ${host} on to`, calls);
    }
  }

  private lead(branch: Branch, listener: number | undefined, who: string, calls: Calls): void {
    for (const { host, port, subset, field } of branch.targets) {
      for (const service of this.inventory.servicesOf(host)) {
        const number = portRouted(service, port, listener);
        if (number !== undefined) calls.add(service.host, number, subset, { object: branch.object, field, text: `${who} ${host}${subset && `, subset ${subset}`}` });
      }
    }
  }
}

/** The protocols that Istio reads as HTTP (`IsHTTP` in pkg/config/protocol/instance.go). */
const HTTP: ReadonlySet<Protocol> = new Set<Protocol>(['http', 'http2', 'grpc', 'grpc-web', 'http_proxy']);

/** Whether a sidecar reads calls of a protocol so that the branch counts. */
function fits({ isHttp }: Branch, protocol: Protocol | undefined): boolean {
  if (isHttp === undefined || protocol === undefined || protocol === 'auto') return true;
  return isHttp === HTTP.has(protocol);
}

/** Stands for whatever subset. */
const ANY = '*';

/** Calls by host, port and subset; the first that shows a call counts. */
class Calls {
  readonly byKey = new Map<string, KnownCall>();
  readonly unlisted: UnlistedCall[] = [];

  add(host: string, port: number, subset: string, because: Reason, scheme?: string): void {
    const key = keyOf(host, port, subset);
    if (this.byKey.has(key)) return;
    const call: KnownCall = { host, port, subset, because, scheme };
    this.byKey.set(key, call);
    const any = keyOf(host, port, ANY);
    if (!this.byKey.has(any)) this.byKey.set(any, call);
  }
}

function keyOf(host: string, port: number, subset: string): string {
  return `${host} ${port} ${subset}`;
}
