import { Severity } from './finding';
import { MODEL, Rule, RuleContext } from './rule';
import { mergeMetrics, protocolOf, ScrapedPort, scrapedPorts, scrapers } from './scrapes';
import { anythingStrict, isExceptionLost, isGateway, lowerFirst, openPorts, portsText, serversOf, StrictPort, strictPort } from './strict-ports';
import { INJECTION_KINDS } from '../mesh/injection';
import { Kinds } from '../mesh/kinds';
import { isHttp } from '../mesh/services/protocol';
import { Service, ServicePort } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: monitoring}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: web, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9102}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: 8080}, {name: http-metrics, port: 9100, targetPort: metrics}]
      ---
      apiVersion: monitoring.coreos.com/v1
      kind: ServiceMonitor
      metadata: {name: web, namespace: monitoring}
      spec:
        selector: {matchLabels: {app: web}}
        namespaceSelector: {matchNames: [shop]}
        endpoints: [{port: http-metrics}]
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: prometheus, namespace: monitoring}
      spec:
        template:
          metadata: {labels: {app: prometheus}}
          spec:
            containers: [{name: prometheus, image: "quay.io/prometheus/prometheus:v3.5.0"}]
`;

export const rule: Rule = {
  code: 'MTLS303',
  name: 'scraped-port-strict',
  severity: Severity.WARNING,
  reads: [...INJECTION_KINDS, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A workload port from which metrics are scraped does not take what the scraper sends.',
  why: 'Prometheus connects to the address of the pod, without the certificate that a sidecar asks for: the target is down with "connection reset by peer" '
    + 'or "EOF", its metrics are missing, and no alert on them fires.',
  fix: 'Let the workload port of the metrics take plaintext too, let the agent serve them merged on port 15020, or give the scraper certificates of the mesh.',
  references: [
    { title: 'Istio: Prometheus, TLS settings', where: 'https://istio.io/latest/docs/ops/integrations/prometheus/#tls-settings' },
    { title: 'Istio\'s own table of what a port accepts, TestInbound', where: 'pilot/pkg/networking/core/sidecar_simulation_test.go' },
  ],
  examples: {
    invalid: WORLD,
    fixed: `${WORLD}      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web-9102, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls:
          "9102": {mode: PERMISSIVE}
    `,
    valid: WORLD.replace('{port: http-metrics}', '{port: http-metrics, scheme: https, tlsConfig: {certFile: /etc/prom-certs/cert-chain.pem, '
      + 'keyFile: /etc/prom-certs/key.pem, caFile: /etc/prom-certs/root-cert.pem, insecureSkipVerify: true}}'),
  },
  check(context) {
    const faults = new Map<string, Fault>();
    const told = new Set<string>();
    const isStrict = anythingStrict(context);
    for (const scraped of scrapedPorts(context)) {
      if (scraped.sends === 'mesh-certificates') reportAlpn(context, scraped, told);
      else if (isStrict && scraped.sends !== 'certificates') collect(context, scraped, faults);
    }
    faults.forEach(fault => reportStrict(context, fault));
  },
};

/** What scrapes the workload ports that one policy makes STRICT. */
interface Fault {
  readonly strict: StrictPort[];
  readonly scraped: ScrapedPort[];
  readonly clients: readonly string[];
  readonly condition?: string;
}

function collect(context: RuleContext, scraped: ScrapedPort, faults: Map<string, Fault>): void {
  const { workload, workloadPort, service, port } = scraped;
  const strict = strictPort(context, workload, workloadPort);
  if (strict === undefined || isExceptionLost(context, strict, port?.number)) return;
  const who = whoScrapes(context, scraped);
  if (who === undefined) return;
  const key = `${placeOf(workload, workloadPort, service, port)} ${strict.policy.identity}`;
  const fault = faults.get(key);
  if (fault === undefined) {
    const conditions = [strict.condition, who.condition].filter(one => one !== undefined);
    faults.set(key, { strict: [strict], scraped: [scraped], clients: who.clients, condition: conditions.length > 0 ? conditions.join(', and ') : undefined });
    return;
  }
  fault.scraped.push(scraped);
  if (!fault.strict.some(one => one.workload === workload && one.port === workloadPort)) fault.strict.push(strict);
}

/** Several workloads behind one service port are one fault. */
function placeOf(workload: Workload, workloadPort: number, service: Service | undefined, port: ServicePort | undefined): string {
  return `${service === undefined ? workload.key : service.host}:${port?.number ?? workloadPort}`;
}

/** Who is refused, and what must hold for that; undefined where whoever scrapes may well be let in. */
function whoScrapes(context: RuleContext, { workload, kind, service }: ScrapedPort): Pick<Fault, 'clients' | 'condition'> | undefined {
  const all = scrapers(context);
  // Sidecars know the addresses behind headless Services.
  const refused = all.filter(({ dataPlane }) => dataPlane.value === 'none' || (dataPlane.value === 'sidecar' && service?.isHeadless !== true)
    || (dataPlane.value === 'ambient' && !takesHbone(workload)));
  if (refused.length > 0) {
    const clients = refused.map(({ key }) => key);
    return kind === 'monitor' ? { clients } : { clients, condition: `${clients[0]} scrapes what has the annotation prometheus.io/scrape` };
  }
  if (all.some(({ dataPlane }) => dataPlane.value !== 'unknown')) return undefined;
  // Pods in ambient are often scraped from ambient, which works.
  if (workload.dataPlane.value === 'ambient') return undefined;
  return { clients: ['Prometheus'], condition: 'Prometheus brings no certificate of the mesh and is not in ambient (the input does not show it)' };
}

function takesHbone(workload: Workload): boolean {
  return workload.dataPlane.value === 'ambient' || workload.hasTunnel;
}

function reportStrict(context: RuleContext, { strict, scraped, clients, condition }: Fault): void {
  const [{ object, kind, service, workload, sends }] = scraped;
  const [{ policy, mode }] = strict;
  const who = kind === 'monitor' ? object.title : `the annotation prometheus.io/scrape of ${object.title}`;
  const open = openPorts(context, strict, service);
  const fix = kind === 'pod-annotation' && workload.dataPlane.value === 'sidecar' ? `${mergeMetrics(workload)}. Or: ${lowerFirst(open)}` : open;
  const targets = new Set(strict.flatMap(one => clients.map(client => `${client} -> ${one.workload.key}:${one.port}`)));
  context.report({
    at: policy,
    field: mode.decidedBy.field,
    see: [...new Set([...scraped.map(one => one.object), ...service === undefined ? [] : [service.object], ...serversOf(strict)])],
    calls: [...targets],
    what: `${who} has ${portsText(strict)} scraped ${sends === 'tls' ? 'with TLS that has no client certificate' : 'in plaintext'}, and it is STRICT`,
    fix,
    refusing: strict.map(one => ({ ...one, service })),
    condition,
  });
}

/** TLS of one's own, even with certificates of the mesh, has not the ALPN by which a PERMISSIVE port that reads HTTP tells mTLS from other TLS. */
function reportAlpn(context: RuleContext, { workload, workloadPort, object, field, service, port }: ScrapedPort, told: Set<string>): void {
  if (workload.dataPlane.value !== 'sidecar' || isGateway(workload)) return;
  const mode = context.model.serverMode(workload, workloadPort);
  const protocol = protocolOf(context, workload, workloadPort);
  if ((mode.value !== 'PERMISSIVE' && mode.value !== 'DISABLE') || protocol === undefined || !isHttp(protocol)) return;
  const policy = mode.decidedBy.object;
  const key = placeOf(workload, workloadPort, service, port);
  if (told.has(key)) return;
  told.add(key);
  context.report({
    at: policy ?? object,
    field: policy === undefined ? field : mode.decidedBy.field,
    see: [...policy === undefined ? [] : [object], ...service === undefined ? [] : [service.object], workload.object],
    calls: [`Prometheus -> ${workload.key}:${workloadPort}`],
    what: `${object.title} has workload port ${workloadPort} of ${workload.key} scraped with certificates of the mesh, and the port reads ${protocol} and is ${mode.value}, `
      + 'where only plaintext and the mTLS of Istio\'s own proxies are taken',
    fix: `Scrape in plaintext (scheme: http), or make workload port ${workloadPort} of ${workload.key} STRICT, which takes any TLS with a certificate of the mesh.`,
  });
}
