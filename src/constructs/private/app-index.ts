import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { hasLabels, Labels, labelsOf } from './labels';
import { isService, serviceView, ServiceView } from './service-view';
import { WORKLOAD_KINDS, workloadView, WorkloadView } from './workload-view';
import { asList, asText, at } from '../../mesh/json';
import { AppState } from '../../validate/app-state';

/** An object of the app, or of the context that the app was given. */
interface Seen {
  readonly name: string;
  readonly json: () => unknown;
}

/**
 * What the constructs of one app look up in each other's objects: Services by
 * name and by the pods they select, workloads by labels, namespaces.
 *
 * Everything is read when it is first asked for and kept for one pass over the
 * askers. Objects may change between two passes, so an asker that comes again
 * (the next synth has begun) gets a new index. A thousand askers therefore cost
 * one walk of the tree.
 */
export class AppIndex {
  /**
   * The index of the current pass.
   *
   * @param asker stands for one reader that asks once in each pass
   * @param construct any construct of the app
   */
  static of(asker: object, construct: IConstruct): AppIndex {
    const state = AppState.of(construct);
    let index = AppIndex.current.get(state);
    if (!index || index.askers.has(asker) || index.size !== state.deferred.length) {
      index = new AppIndex(state);
      AppIndex.current.set(state, index);
    }
    index.askers.add(asker);
    return index;
  }

  private static readonly current = new WeakMap<AppState, AppIndex>();

  private readonly askers = new WeakSet<object>();
  private readonly size: number;
  private readonly jsonOf = new Map<ApiObject, unknown>();
  private readonly workloadsOf = new Map<string, ByLabel<WorkloadView>>();
  private readonly servicesOf = new Map<string, { readonly byName: Map<string, ServiceView>; readonly bySelector: ByLabel<ServiceView> }>();
  private objects?: Map<string, Seen[]>;

  private constructor(private readonly state: AppState) {
    this.size = state.deferred.length;
  }

  /**
   * An object as it will be written. `undefined` where it cannot be: the synth
   * says why itself.
   */
  json(object: ApiObject): unknown {
    if (!this.jsonOf.has(object)) {
      let json: unknown;
      try {
        json = object.toJson();
      } catch {
        json = undefined;
      }
      this.jsonOf.set(object, json);
    }
    return this.jsonOf.get(object);
  }

  /** The Service of a name. */
  service(namespace: string, name: string): ServiceView | undefined {
    return this.services(namespace).byName.get(name);
  }

  /** The Services of a namespace that send to pods with these labels. */
  servicesFor(namespace: string, podLabels: Labels): ServiceView[] {
    return this.services(namespace).bySelector.within(podLabels).filter(service => hasLabels(podLabels, service.selector));
  }

  /** The workloads of a namespace whose pods have these labels. */
  workloadsWith(namespace: string, labels: Labels): WorkloadView[] {
    let workloads = this.workloadsOf.get(namespace);
    if (!workloads) {
      workloads = new ByLabel();
      for (const kind of WORKLOAD_KINDS) {
        for (const seen of this.seen(kind, namespace)) {
          const view = workloadView(seen.json());
          if (view) {
            workloads.addUnderEvery(view.podLabels, view);
          }
        }
      }
      this.workloadsOf.set(namespace, workloads);
    }
    return workloads.fewest(labels).filter(workload => hasLabels(workload.podLabels, labels));
  }

  /** Labels of a namespace; `undefined` where neither the app nor its context has its object. */
  namespaceLabels(name: string): Labels | undefined {
    const found = this.seen('Namespace', '').find(seen => seen.name === name);
    return found && labelsOf(at(found.json(), 'metadata', 'labels'));
  }

  private services(namespace: string) {
    let services = this.servicesOf.get(namespace);
    if (!services) {
      const views = this.seen('Service', namespace).flatMap(seen => serviceView(seen.json(), namespace) ?? []);
      services = { byName: new Map(views.map(view => [view.name, view])), bySelector: new ByLabel() };
      services.bySelector.addUnderRarest(views, view => view.selector);
      this.servicesOf.set(namespace, services);
    }
    return services;
  }

  private seen(kind: string, namespace: string): readonly Seen[] {
    this.objects ??= this.walk();
    return this.objects.get(`${kind}/${namespace}`) ?? [];
  }

  private walk(): Map<string, Seen[]> {
    const objects = new Map<string, Seen[]>();
    const add = (kind: string, namespace: string, seen: Seen) => {
      const key = `${kind}/${kind === 'Namespace' ? '' : namespace}`;
      const list = objects.get(key);
      if (list) {
        list.push(seen);
      } else {
        objects.set(key, [seen]);
      }
    };
    const wanted = (apiVersion: string | undefined, kind: string | undefined): kind is string =>
      kind === 'Namespace' || isService(apiVersion, kind) || (kind !== undefined && WORKLOAD_KINDS.includes(kind));
    for (const construct of this.state.root.node.findAll()) {
      if (ApiObject.isApiObject(construct) && wanted(construct.apiVersion, construct.kind)) {
        add(construct.kind, construct.metadata.namespace ?? '', { name: construct.name, json: () => this.json(construct) });
      }
    }
    for (const object of this.state.context.flatMap(items)) {
      const kind = asText(at(object, 'kind'));
      if (wanted(asText(at(object, 'apiVersion')), kind)) {
        add(kind, asText(at(object, 'metadata', 'namespace')) ?? '', { name: asText(at(object, 'metadata', 'name')) ?? '', json: () => object });
      }
    }
    return objects;
  }
}

/** The objects of a `List`, as `kubectl get -o yaml` writes them; any other object alone. */
function items(object: unknown): readonly unknown[] {
  return asText(at(object, 'kind')) === 'List' ? asList(at(object, 'items')) : [object];
}

/** Things filed under label pairs, so that a lookup does not go through all of them. */
class ByLabel<T> {
  private readonly byPair = new Map<string, T[]>();

  /** Files a thing under every pair: it is found by any subset of its labels. */
  addUnderEvery(labels: Labels, thing: T): void {
    Object.entries(labels).forEach(pair => this.file(pair, thing));
  }

  /** Files each thing under the rarest of its pairs: it is found by any superset of its labels. */
  addUnderRarest(things: readonly T[], labels: (thing: T) => Labels): void {
    const counts = new Map<string, number>();
    for (const pair of things.flatMap(thing => Object.entries(labels(thing)))) {
      counts.set(keyOf(pair), (counts.get(keyOf(pair)) ?? 0) + 1);
    }
    const count = (pair: [string, string]) => counts.get(keyOf(pair)) ?? 0;
    for (const thing of things) {
      const pairs = Object.entries(labels(thing));
      if (pairs.length > 0) {
        this.file(pairs.reduce((rarest, pair) => (count(pair) < count(rarest) ? pair : rarest)), thing);
      }
    }
  }

  /** Everything filed under the rarest of these pairs. */
  fewest(labels: Labels): readonly T[] {
    const lists = Object.entries(labels).map(pair => this.byPair.get(keyOf(pair)) ?? []);
    return lists.length === 0 ? [] : lists.reduce((least, list) => (list.length < least.length ? list : least));
  }

  /** Everything filed under any of these pairs. */
  within(labels: Labels): T[] {
    return Object.entries(labels).flatMap(pair => this.byPair.get(keyOf(pair)) ?? []);
  }

  private file(pair: [string, string], thing: T): void {
    const key = keyOf(pair);
    const list = this.byPair.get(key);
    if (list) {
      list.push(thing);
    } else {
      this.byPair.set(key, [thing]);
    }
  }
}

function keyOf([key, value]: [string, string]): string {
  return `${key}=${value}`;
}
