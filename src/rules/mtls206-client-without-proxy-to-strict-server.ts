import { Severity } from './finding';
import { joinMesh } from './join-mesh';
import { MODEL, Rule, RuleContext } from './rule';
import { anythingStrict, areStrict, byPolicy, lowerFirst, openPorts, portsText, serversOf, StrictPort, strictPortsBehind } from './strict-ports';
import { Kinds } from '../mesh/kinds';
import { KnownCall } from '../mesh/known/known-calls';
import { MeshObject } from '../mesh/object';
import { Service, ServicePort } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: notebooks, labels: {istio-injection: enabled}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: tools}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: notebooks}
      spec:
        mtls: {mode: STRICT}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: notebook, namespace: notebooks}
      spec:
        template:
          metadata: {labels: {app: notebook}}
          spec:
            containers: [{name: notebook, ports: [{containerPort: 8888}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: notebook, namespace: notebooks}
      spec:
        selector: {app: notebook}
        ports: [{name: http, port: 80, targetPort: 8888}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: culler, namespace: tools}
      spec:
        template:
          metadata: {labels: {app: culler}}
          spec:
            containers:
              - name: culler
                env: [{name: NOTEBOOK_URL, value: "http://notebook.notebooks.svc.cluster.local"}]
`;

export const rule: Rule = {
  code: 'MTLS206',
  name: 'client-without-proxy-to-strict-server',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A workload without a proxy is shown to call a STRICT workload port.',
  why: 'The client sends what its application writes, without a certificate of the mesh, and the server\'s proxy closes the connection: '
    + '"connection reset by peer", or exit code 56 of curl.',
  fix: 'Give the client a proxy, or let the workload port take plaintext too.',
  references: [
    { title: 'Istio\'s own table of what a port accepts, TestInbound', where: 'pilot/pkg/networking/core/sidecar_simulation_test.go' },
    { title: 'Istio: Mutual TLS migration', where: 'https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/' },
  ],
  examples: {
    invalid: WORLD,
    fixed: WORLD.replace('{labels: {app: culler}}', '{labels: {app: culler, sidecar.istio.io/inject: "true"}}'),
    valid: WORLD.replace('name: NOTEBOOK_URL', 'name: NO_PROXY'),
  },
  check(context) {
    if (!anythingStrict(context)) return;
    const faults = new Map<ServicePort, Fault>();
    for (const client of context.model.inventory.workloads) {
      const { value } = client.dataPlane;
      if (value !== 'none' && !(value === 'unknown' && hasSureServers(context))) continue;
      for (const call of context.model.known.callsOf(client)) collect(context, client, call, faults);
    }
    faults.forEach(fault => report(context, fault));
  },
};

/** The calls to one service port, and the STRICT workload ports behind it. */
interface Fault {
  readonly service: Service;
  readonly port: ServicePort;
  readonly strict: readonly StrictPort[];
  readonly calls: { readonly client: Workload; readonly call: KnownCall }[];
}

/** Whether it is known of any workload that it has a proxy: where both ends are unknown, nothing is said. */
function hasSureServers(context: RuleContext): boolean {
  return context.once(hasSureServers, () => context.model.inventory.workloads.some(({ dataPlane }) => dataPlane.value === 'sidecar' || dataPlane.value === 'ambient'));
}

function collect(context: RuleContext, client: Workload, call: KnownCall, faults: Map<ServicePort, Fault>): void {
  // MTLS303 speaks about what is scraped.
  if (call.subset !== '' || call.because.object?.key === Kinds.SERVICE_MONITOR) return;
  for (const service of context.model.inventory.servicesOf(call.host)) {
    const port = service.ports.find(({ number }) => number === call.port);
    if (port === undefined) continue;
    const strict = strictPortsBehind(context, service, port).filter(({ condition, workload }) => condition === undefined && workload !== client);
    if (strict.length === 0) continue;
    const fault = faults.get(port);
    if (fault === undefined) faults.set(port, { service, port, strict, calls: [{ client, call }] });
    else fault.calls.push({ client, call });
  }
}

function report(context: RuleContext, { service, port, strict, calls }: Fault): void {
  // What is sure is said without the rest.
  const sure = calls.filter(({ client }) => client.dataPlane.value === 'none');
  const named = sure.length > 0 ? sure : calls;
  const [{ client, call: { because } }] = named;
  const isOpen = sure.length === 0;
  const deciders = [...present(client.dataPlane.decidedBy.object), ...present(because.object)];
  byPolicy(strict).forEach((ports, policy) => context.report({
    at: policy,
    field: ports[0].mode.decidedBy.field,
    see: [...new Set([client.object, ...deciders, service.object, ...serversOf(ports)])],
    calls: named.map(one => `${one.client.key} -> ${service.host}:${port.number}`),
    what: `${client.key} ${isOpen ? 'may have' : 'has'} no proxy (${client.dataPlane.decidedBy.text}) and calls service port ${port.number} of ${service.object.title}, `
      + `and ${portsText(ports)} behind it ${areStrict(ports)}`,
    fix: `${joinMesh(context, client)}.\nOr, where it has to stay without one, ${lowerFirst(openPorts(context, ports, service))}`,
    refusing: ports.map(one => ({ ...one, service })),
    joins: named.map(one => one.client),
    ...isOpen ? { severity: Severity.WARNING, condition: `the pods of ${client.key} have no proxy (Namespace ${client.namespace} is not in the input)` } : {},
  }));
}

function present(object: MeshObject | undefined): MeshObject[] {
  return object === undefined ? [] : [object];
}
