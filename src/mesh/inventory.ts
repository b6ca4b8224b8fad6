import { eachInCluster, inCluster, MeshFacts, namespaceOf } from './facts';
import { asList, asWritten, own } from './json';
import { Kinds } from './kinds';
import { MeshObject } from './object';
import { Endpoints } from './services/endpoints';
import { KubernetesService } from './services/kubernetes-service';
import { Selections } from './services/selections';
import { Service } from './services/service';
import { serviceEntryHosts } from './services/service-entry';
import { judgeDataPlane, NamespaceFacts, speaksForItself } from './workloads/data-plane';
import { labelsOf, POD_KINDS, PodTemplate } from './workloads/pod-template';
import { Placement, PodWorkload } from './workloads/pod-workload';
import { Workload } from './workloads/workload';
import { WorkloadEntryWorkload } from './workloads/workload-entry';

/** What there is to call and to be called: namespaces, workloads, services and what is behind them. Read when first asked for. */
export class Inventory {
  private readonly namespaces = new Map<string, NamespaceFacts>();
  /** The answer for the pods of a namespace that say nothing themselves, nearly all: for those without annotations, and for those with some. */
  private readonly silent = [new Map<string, Placement>(), new Map<string, Placement>()] as const;
  private workloadList?: readonly Workload[];
  private selections?: Selections;
  private machineList?: readonly Workload[];
  private serviceList?: readonly Service[];
  private byKey?: Map<string, Workload>;
  private byObject?: Map<MeshObject, Workload>;
  private byHost?: Map<string, readonly Service[]>;
  private behind?: Endpoints;
  private identities?: Set<string>;

  constructor(private readonly facts: MeshFacts) {
    for (const object of inCluster(facts, Kinds.NAMESPACE)) {
      this.namespaces.set(object.name, { name: object.name, object, labels: labelsOf(object.metadata), isUnknown: false });
    }
  }

  /** The workloads that call others: everything that stands for pods. */
  get workloads(): readonly Workload[] {
    return this.workloadList ??= this.readWorkloads();
  }

  /** Machines outside the cluster, which only answer calls. */
  get machines(): readonly Workload[] {
    return this.machineList ??= inCluster(this.facts, Kinds.WORKLOAD_ENTRY).map(object => new WorkloadEntryWorkload(object, namespaceOf(object)));
  }

  /** All hosts that can be called, Kubernetes Services first. */
  get services(): readonly Service[] {
    return this.serviceList ??= this.readServices();
  }

  get endpoints(): Endpoints {
    if (this.behind === undefined) {
      const { workloads, machines } = this;
      const selections = this.selections!;
      for (const machine of machines) selections.add(machine);
      this.behind = new Endpoints(this.services, selections.lists(workloads, machines));
      this.selections = undefined;
    }
    return this.behind;
  }

  /** The workload with a key (`namespace/name`). */
  workload(key: string): Workload | undefined {
    if (this.byKey === undefined) {
      this.byKey = new Map();
      for (const workload of [...this.machines, ...this.workloads]) this.byKey.set(workload.key, workload);
    }
    return this.byKey.get(key);
  }

  /** The workload that an object stands for. */
  workloadOf(object: MeshObject): Workload | undefined {
    this.byObject ??= new Map([...this.machines, ...this.workloads].map(workload => [workload.object, workload]));
    return this.byObject.get(object);
  }

  /** The services with a host; more than one where several ServiceEntries name it. */
  servicesOf(host: string): readonly Service[] {
    if (this.byHost === undefined) {
      const byHost = new Map<string, Service[]>();
      for (const service of this.services) {
        const list = byHost.get(service.host);
        if (list === undefined) byHost.set(service.host, [service]);
        else list.push(service);
      }
      this.byHost = byHost;
    }
    return this.byHost.get(host) ?? [];
  }

  /** The service that answers for another name of it. */
  behindAlias(service: Service): Service {
    return service.aliasOf === undefined ? service : this.servicesOf(service.aliasOf)[0] ?? service;
  }

  /** Whether a workload is among those that a service, or the one for which it is another name, leads to. */
  isBehind(service: Service, workload: Workload): boolean {
    return this.endpoints.selects(this.behindAlias(service), workload);
  }

  /** What is known of a namespace, whether or not the input has its object. */
  namespace(name: string): NamespaceFacts {
    let facts = this.namespaces.get(name);
    if (facts === undefined) {
      const { openWorld, isUnknownInjected, revision } = this.facts.settings;
      facts = openWorld && isUnknownInjected
        ? { name, labels: new Map([revision === undefined ? ['istio-injection', 'enabled'] : ['istio.io/rev', revision]]), isUnknown: false }
        : { name, labels: new Map(), isUnknown: openWorld };
      this.namespaces.set(name, facts);
    }
    return facts;
  }

  private readServices(): Service[] {
    const { clusterDomain } = this.facts.settings;
    const services: Service[] = inCluster(this.facts, Kinds.SERVICE).map((object, place) => new KubernetesService(object, clusterDomain, place));
    for (const object of inCluster(this.facts, Kinds.SERVICE_ENTRY)) {
      for (const service of serviceEntryHosts(object, services.length)) services.push(service);
    }
    return services;
  }

  private readWorkloads(): Workload[] {
    const selections = this.selections = new Selections(this.services);
    const kinds = POD_KINDS.map(kind => this.readKind(kind, selections)).filter(({ length }) => length > 0);
    return kinds.length === 1 ? kinds[0] : kinds.flat();
  }

  private readKind(kind: string, selections: Selections): Workload[] {
    let found: Workload[] = [];
    let count = 0;
    eachInCluster(this.facts, kind, (object, most) => {
      if (this.isOwned(object)) return;
      const workload = new PodWorkload(object, this.place);
      // In its full length: a list that grows takes several times its room.
      if (count === 0) found = new Array<Workload>(most);
      found[count++] = workload;
      selections.add(workload);
    });
    found.length = count;
    return found;
  }

  private readonly place = (pods: PodTemplate): Placement => {
    const name = namespaceOf(pods.object);
    const { hasAnnotations } = pods;
    const ofSilent = this.silent[hasAnnotations ? 1 : 0];
    const speaks = speaksForItself(pods);
    const silent = speaks ? undefined : ofSilent.get(name);
    // A pod that gets a sidecar whatever it is needs no look at its containers.
    if (silent?.plane.value === 'sidecar') return silent;
    const { ownProxy } = pods;
    if (silent !== undefined && ownProxy === undefined) return silent;
    const namespace = this.namespace(name);
    const { settings } = this.facts;
    const plane = judgeDataPlane(pods, namespace, settings, ownProxy);
    const placement: Placement = { namespace: namespace.name, hasAnnotations, plane, role: ownProxy?.role, settings };
    // Without the Namespace object, the reason stands in the workload's own.
    if (namespace.object !== undefined && ownProxy === undefined && !speaks) ofSilent.set(name, placement);
    return placement;
  };

  /** Whether another object of the input makes this one: a cluster export lists Deployments, their ReplicaSets and their Pods. */
  private isOwned(object: MeshObject): boolean {
    const references = asList(object.metadata.ownerReferences);
    if (references.length === 0) return false;
    this.identities ??= new Set(POD_KINDS.flatMap(kind => this.facts.inAnyOrder(kind)).map(one => `${one.kind}/${one.namespace}/${one.name}`));
    return references.some(owner => own(owner, 'controller') === true
      && this.identities!.has(`${asWritten(own(owner, 'kind'))}/${object.namespace}/${asWritten(own(owner, 'name'))}`));
  }
}
