import { apiServerCalls } from './api-server-calls';
import { RuleContext } from './rule';
import { scrapedPorts } from './scrapes';
import { namespaceOf } from '../mesh/facts';
import { asList, asText, at, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Service, ServicePort } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** The workload ports that the manifests show to be called without certificates of the mesh, and by whom. */
export type OutsideCallers = ReadonlyMap<Workload, ReadonlyMap<number, string>>;

/** Everything that the input shows to come from outside the mesh: the API server, scrapers, Ingresses, nodes, and pods without proxy. */
export function outsideCallers(context: RuleContext): OutsideCallers {
  return context.once(outsideCallers, () => {
    const { inventory, known } = context.model;
    const found = new Map<Workload, Map<number, string>>();
    const add = (workload: Workload, port: number, who: string): void => {
      const ports = found.get(workload);
      if (ports === undefined) found.set(workload, new Map([[port, who]]));
      else if (!ports.has(port)) ports.set(port, who);
    };
    const addPort = (service: Service, port: ServicePort, who: string): void => {
      for (const { workload, port: number } of inventory.endpoints.of(service, port)) {
        if (workload !== undefined) add(workload, number, who);
      }
    };
    for (const { service, port, calls } of apiServerCalls(context)) addPort(service, port, `the API server (${calls[0].object.title})`);
    for (const { workload, workloadPort, object } of scrapedPorts(context)) add(workload, workloadPort, `a scraper (${object.title})`);
    for (const ingress of context.ofKind(Kinds.INGRESS)) {
      for (const backend of backendsOf(ingress.spec)) {
        const name = asText(at(backend, 'service', 'name')) ?? '';
        for (const service of inventory.servicesOf(`${name}.${namespaceOf(ingress)}.svc.${context.settings.clusterDomain}`)) {
          for (const port of service.ports) addPort(service, port, ingress.title);
        }
      }
    }
    for (const service of inventory.services) {
      const type = own(service.object.spec, 'type');
      if (type === 'LoadBalancer' || type === 'NodePort') service.ports.forEach(port => addPort(service, port, `callers of ${service.object.title} (${type})`));
    }
    for (const client of inventory.workloads) {
      if (client.dataPlane.value === 'sidecar' || client.dataPlane.value === 'ambient') continue;
      for (const { host, port: number } of known.callsOf(client)) {
        for (const service of inventory.servicesOf(host)) {
          service.ports.filter(port => port.number === number).forEach(port => addPort(service, port, client.key));
        }
      }
    }
    return found;
  });
}

function backendsOf(spec: unknown): readonly unknown[] {
  return [own(spec, 'defaultBackend'), ...asList(own(spec, 'rules')).flatMap(rule => asList(at(rule, 'http', 'paths')).map(path => own(path, 'backend')))];
}
