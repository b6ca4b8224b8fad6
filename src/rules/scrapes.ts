import { RuleContext } from './rule';
import { containersOf } from './strict-ports';
import { injectionFacts } from '../mesh/injection';
import { asList, asText, FieldPath, own } from '../mesh/json';
import { isPrometheus } from '../mesh/known/images';
import { MeshObject } from '../mesh/object';
import { Protocol } from '../mesh/services/protocol';
import { Service, ServicePort } from '../mesh/services/service';
import { templatePath } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** What a scraper sends. `certificates`: TLS with a client certificate, of which only `mesh-certificates` are known to be of the mesh. */
export type ScraperSends = 'plaintext' | 'tls' | 'certificates' | 'mesh-certificates';

/** A workload port from which the manifests have metrics taken. */
export interface ScrapedPort {
  readonly workload: Workload;
  readonly workloadPort: number;
  readonly service?: Service;
  readonly port?: ServicePort;
  readonly sends: ScraperSends;
  /** The object that has it scraped, and where. */
  readonly object: MeshObject;
  readonly field: FieldPath;
  readonly kind: 'monitor' | 'pod-annotation' | 'service-annotation';
}

const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';
const MERGE = 'prometheus.istio.io/merge-metrics';

/** Everything that the manifests have scraped: by monitors, by annotations of pods that the agent does not serve, by annotations of Services. */
export function* scrapedPorts(context: RuleContext): Generator<ScrapedPort> {
  const { inventory, known } = context.model;
  for (const { monitor, path, endpoint, workload, workloadPort, service, port } of known.monitors.scrapes) {
    yield { workload, workloadPort, service, port, sends: sent(endpoint), object: monitor, field: path, kind: 'monitor' };
  }
  for (const workload of inventory.workloads) {
    if (workload.annotation(SCRAPE) !== 'true' || isMerged(context, workload)) continue;
    const workloadPort = portIn(workload.annotation(PORT)) ?? onlyPort(workload);
    const field = [...templatePath(workload.object), 'metadata', 'annotations', SCRAPE];
    if (workloadPort !== undefined) yield { workload, workloadPort, sends: 'plaintext', object: workload.object, field, kind: 'pod-annotation' };
  }
  for (const service of inventory.services) {
    if (service.isKubernetes && service.object.annotation(SCRAPE) === 'true') yield* ofService(context, service);
  }
}

function* ofService(context: RuleContext, service: Service): Generator<ScrapedPort> {
  const { endpoints } = context.model.inventory;
  const number = portIn(service.object.annotation(PORT));
  const common = { service, sends: 'plaintext', object: service.object, field: ['metadata', 'annotations', SCRAPE], kind: 'service-annotation' } as const;
  if (number !== undefined) {
    // The annotation's port takes the place of whatever port the endpoint has.
    for (const workload of endpoints.workloads(service)) {
      yield { ...common, workload, workloadPort: number, port: servicePortTo(context, service, workload, number) };
    }
  } else if (service.ports.length === 1) {
    for (const { workload, port } of endpoints.of(service, service.ports[0])) {
      if (workload !== undefined) yield { ...common, workload, workloadPort: port, port: service.ports[0] };
    }
  }
}

function servicePortTo(context: RuleContext, service: Service, workload: Workload, workloadPort: number): ServicePort | undefined {
  return service.ports.find(port => context.model.inventory.endpoints.of(service, port)
    .some(endpoint => endpoint.workload === workload && endpoint.port === workloadPort));
}

/** Whether the agent serves the application's metrics on its own port, which the injector then writes into the annotation. Ambient has no agent. */
function isMerged(context: RuleContext, workload: Workload): boolean {
  if (workload.dataPlane.value !== 'sidecar' && workload.dataPlane.value !== 'unknown') return false;
  const annotation = workload.annotation(MERGE);
  if (annotation !== undefined) return annotation !== 'false';
  const { metricsMerging } = context.once(injectionFacts, () => injectionFacts(context));
  return metricsMerging === undefined || metricsMerging.isOn;
}

function portIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

function onlyPort(workload: Workload): number | undefined {
  const ports = containersOf(workload).flatMap(container => asList(own(container, 'ports')));
  const number = own(ports[0], 'containerPort');
  return ports.length === 1 && typeof number === 'number' ? number : undefined;
}

/** What an endpoint of a monitor says that is sent. */
function sent(endpoint: unknown): ScraperSends {
  if (asText(own(endpoint, 'scheme'))?.toLowerCase() !== 'https') return 'plaintext';
  const tls = own(endpoint, 'tlsConfig');
  const file = asText(own(tls, 'certFile'));
  if (file !== undefined) return MESH_FILES.test(file) ? 'mesh-certificates' : 'certificates';
  return own(tls, 'cert') === undefined ? 'tls' : 'certificates';
}

/** Where Istio's guides have the agent write certificates for Prometheus. */
const MESH_FILES = /^\/etc\/(prom-certs|istio-output-certs|istio-certs|certs\/istio)\//;

/** What scrapes, as far as the input shows it. */
export function scrapers(context: RuleContext): readonly Workload[] {
  return context.once(scrapers, () => context.model.inventory.workloads.filter(isPrometheus));
}

/** What the sidecar of a workload takes a port to be; undefined where its Services disagree or none has the port. */
export function protocolOf(context: RuleContext, workload: Workload, workloadPort: number): Protocol | undefined {
  const { endpoints } = context.model.inventory;
  const protocols = new Set<Protocol>();
  for (const service of endpoints.servicesOf(workload)) {
    const port = servicePortTo(context, service, workload, workloadPort);
    if (port !== undefined) protocols.add(port.protocol);
  }
  return protocols.size === 1 ? [...protocols][0] : undefined;
}

/** How to have the agent serve the metrics of a workload whose annotations are scraped. */
export function mergeMetrics(workload: Workload): string {
  return workload.annotation(MERGE) === 'false'
    ? `Remove the annotation ${MERGE} from the pods of ${workload.key}, so that the agent serves their metrics on port 15020`
    : `Annotate the pods of ${workload.key} with ${MERGE}: "true", so that the agent serves their metrics on port 15020`;
}
