import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { Inventory } from '../inventory';
import { asList, asObject, asText, asWritten, at, FieldPath, own } from '../json';
import { Kinds } from '../kinds';
import { Labelled, Listed, SelectorIndex, selectorOf, selectsAll } from '../labels';
import { MeshObject } from '../object';
import { Service, ServicePort } from '../services/service';
import { labelsOf } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** A workload port that a monitor has scraped. */
export interface Scrape {
  /** The ServiceMonitor or PodMonitor. */
  readonly monitor: MeshObject;
  /** Where the endpoint stands in the monitor. */
  readonly path: FieldPath;
  /** What the monitor says about the endpoint: its scheme, its TLS. */
  readonly endpoint: unknown;
  readonly workload: Workload;
  readonly workloadPort: number;
  /** The service whose endpoints are scraped, and its port where the monitor names one. */
  readonly service?: Service;
  readonly port?: ServicePort;
}

/** A monitor with what it selects. */
interface Monitor {
  readonly object: MeshObject;
  readonly namespaces: ReadonlySet<string> | 'any';
  readonly expressions: readonly unknown[];
}

/** What the ServiceMonitors and PodMonitors of the Prometheus operator select. Read when it is first asked for. */
export class Monitors {
  private found?: readonly Scrape[];

  constructor(private readonly facts: MeshFacts, private readonly inventory: Inventory) {}

  /** Whether the input has no monitors. */
  get areNone(): boolean {
    return this.facts.ofKind(Kinds.SERVICE_MONITOR).length === 0 && this.facts.ofKind(Kinds.POD_MONITOR).length === 0;
  }

  /** Everything that monitors have scraped. */
  get scrapes(): readonly Scrape[] {
    return this.found ??= this.areNone ? [] : [...this.ofServices(), ...this.ofPods()];
  }

  private *ofServices(): Generator<Scrape> {
    const matching = this.index(Kinds.SERVICE_MONITOR);
    for (const service of this.inventory.services) {
      if (!service.isKubernetes) continue;
      for (const monitor of matching(new LabelledObject(service.object), service.namespace)) {
        yield* this.endpointsOf(monitor.object, service);
      }
    }
  }

  private *endpointsOf(monitor: MeshObject, service: Service): Generator<Scrape> {
    const endpoints = asList(own(monitor.spec, 'endpoints'));
    for (let index = 0; index < endpoints.length; index++) {
      const endpoint = endpoints[index];
      const common = { monitor, endpoint, path: ['spec', 'endpoints', index], service };
      const name = asText(own(endpoint, 'port'));
      const target = own(endpoint, 'targetPort');
      for (const port of name === undefined ? [] : service.ports.filter(one => one.name === name)) {
        for (const { workload, port: workloadPort } of this.inventory.endpoints.of(service, port)) {
          if (workload !== undefined) yield { ...common, workload, workloadPort, port };
        }
      }
      if (name !== undefined || target === undefined) continue;
      for (const workload of this.inventory.endpoints.workloads(service)) {
        const workloadPort = typeof target === 'number' ? target : workload.port(asWritten(target));
        if (workloadPort !== undefined) yield { ...common, workload, workloadPort };
      }
    }
  }

  private *ofPods(): Generator<Scrape> {
    const matching = this.index(Kinds.POD_MONITOR);
    for (const workload of this.inventory.workloads) {
      for (const { object: monitor } of matching(workload, workload.namespace)) {
        const endpoints = asList(own(monitor.spec, 'podMetricsEndpoints'));
        for (let index = 0; index < endpoints.length; index++) {
          const endpoint = endpoints[index];
          const workloadPort = podPort(endpoint, workload);
          if (workloadPort !== undefined) yield { monitor, endpoint, path: ['spec', 'podMetricsEndpoints', index], workload, workloadPort };
        }
      }
    }
  }

  /** Finds the monitors of a kind that select something, without trying every monitor. */
  private index(kind: string): (one: Listed, namespace: string) => readonly Monitor[] {
    const monitors = inCluster(this.facts, kind).map((object): Monitor => ({
      object, namespaces: namespacesOf(object), expressions: asList(at(object.spec, 'selector', 'matchExpressions')),
    }));
    const selector = ({ object }: Monitor) => selectorOf(at(object.spec, 'selector', 'matchLabels'));
    const selecting = new SelectorIndex(monitors.filter(one => !selectsAll(selector(one))), selector);
    // Those without labels are for all that stands in their namespaces.
    const wide = monitors.filter(one => selectsAll(selector(one)) && asObject(own(one.object.spec, 'selector')) !== undefined);
    const anywhere = wide.filter(({ namespaces }) => namespaces === 'any');
    const byNamespace = new Map<string, Monitor[]>();
    for (const one of wide) {
      for (const namespace of one.namespaces === 'any' ? [] : one.namespaces) {
        const list = byNamespace.get(namespace);
        if (list === undefined) byNamespace.set(namespace, [one]);
        else list.push(one);
      }
    }
    return (one, namespace) => {
      const candidates: Monitor[] = [];
      selecting.all(one, monitor => candidates.push(monitor));
      return [...candidates, ...anywhere, ...byNamespace.get(namespace) ?? []]
        .filter(({ namespaces, expressions }) => (namespaces === 'any' || namespaces.has(namespace)) && expressions.every(expression => holds(expression, one)));
    };
  }
}

/** The labels of an object's own metadata. */
class LabelledObject implements Listed {
  private readonly labels: ReadonlyMap<string, string>;

  constructor({ metadata }: MeshObject) {
    this.labels = labelsOf(metadata);
  }

  label(name: string): string | undefined {
    return this.labels.get(name);
  }

  eachLabel(visit: (key: string, value: string) => void): void {
    this.labels.forEach((value, key) => visit(key, value));
  }
}

function namespacesOf(monitor: MeshObject): ReadonlySet<string> | 'any' {
  const selector = own(monitor.spec, 'namespaceSelector');
  if (own(selector, 'any') === true) return 'any';
  const names = asList(own(selector, 'matchNames')).filter((name): name is string => typeof name === 'string');
  return new Set(names.length > 0 ? names : [namespaceOf(monitor)]);
}

/** Whether a requirement of a label selector holds; one that makes no sense selects nothing. */
function holds(expression: unknown, one: Labelled): boolean {
  const value = one.label(asText(own(expression, 'key')) ?? '');
  const values = asList(own(expression, 'values'));
  switch (own(expression, 'operator')) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    default: return false;
  }
}

/** The container port of an endpoint of a PodMonitor, by name or by number. */
function podPort(endpoint: unknown, workload: Workload): number | undefined {
  const name = asText(own(endpoint, 'port'));
  if (name !== undefined) return workload.port(name);
  const number = own(endpoint, 'portNumber') ?? own(endpoint, 'targetPort');
  return typeof number === 'number' ? number : undefined;
}
