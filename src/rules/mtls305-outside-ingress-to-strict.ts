import { Severity } from './finding';
import { controllerOf, IngressController } from './ingress-controllers';
import { joinMesh } from './join-mesh';
import { MODEL, Rule, RuleContext } from './rule';
import { anythingStrict, areStrict, byPolicy, conditionOf, lowerFirst, openPorts, portsText, serversOf, StrictPort, strictPortsBehind } from './strict-ports';
import { namespaceOf } from '../mesh/facts';
import { asList, asText, asWritten, at, FieldPath, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { imagesOf } from '../mesh/known/images';
import { MeshObject } from '../mesh/object';
import { carriesHttp } from '../mesh/services/protocol';
import { Service, ServicePort } from '../mesh/services/service';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
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
            containers: [{name: web, ports: [{containerPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: 8080}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web, namespace: shop}
      spec:
        ingressClassName: alb
        rules:
          - host: www.example.com
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: web, port: {number: 80}}}
`;

export const rule: Rule = {
  code: 'MTLS305',
  name: 'outside-ingress-to-strict',
  severity: Severity.ERROR,
  reads: [Kinds.INGRESS, Kinds.INGRESS_CLASS, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'Traffic from outside the mesh is led to a STRICT workload port: by an Ingress whose controller has no proxy, by a NodePort or by a load balancer.',
  why: 'Whoever comes from outside brings no certificate of the mesh, and the pod\'s proxy closes the connection: users see 502 Bad Gateway, '
    + 'and the targets of a load balancer are unhealthy.',
  fix: 'Lead the traffic through an Istio gateway, give the ingress controller a proxy, or let the workload port take plaintext too.',
  references: [
    { title: 'Istio\'s own table of what a port accepts, TestInbound', where: 'pilot/pkg/networking/core/sidecar_simulation_test.go' },
    { title: 'Istio: Ingress gateways', where: 'https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-control/' },
  ],
  examples: {
    invalid: WORLD,
    fixed: `${WORLD}      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web-8080, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls:
          "8080": {mode: PERMISSIVE}
    `,
    valid: WORLD.replace('ingressClassName: alb', 'ingressClassName: istio'),
  },
  check(context) {
    if (!anythingStrict(context)) return;
    const routed = new Map<ServicePort, Routed>();
    for (const ingress of context.ofKind(Kinds.INGRESS)) collect(context, ingress, routed);
    routed.forEach(one => reportIngress(context, one));
    for (const service of context.model.inventory.services) {
      if (service.isKubernetes && isOpenToNodes(service)) reportService(context, service, routed);
    }
  },
};

/** The Ingresses that lead to a service port. */
interface Routed {
  readonly service: Service;
  readonly port: ServicePort;
  readonly ingresses: { readonly ingress: MeshObject; readonly field: FieldPath; readonly controller: IngressController }[];
}

function collect(context: RuleContext, ingress: MeshObject, routed: Map<ServicePort, Routed>): void {
  const controller = controllerOf(context, ingress);
  if (controller === undefined) return;
  // Which of several controllers it is cannot be seen; one with a proxy may well get through.
  const hasProxy = controller.workloads.some(({ dataPlane }) => dataPlane.value === 'sidecar' || dataPlane.value === 'ambient');
  const add = (backend: unknown, field: FieldPath): void => {
    const name = asText(at(backend, 'service', 'name'));
    const number = at(backend, 'service', 'port', 'number') ?? at(backend, 'service', 'port', 'name');
    if (name === undefined || number === undefined) return;
    for (const service of context.model.inventory.servicesOf(`${name}.${namespaceOf(ingress)}.svc.${context.settings.clusterDomain}`)) {
      const port = service.ports.find(one => one.number === number || one.name === number);
      if (port === undefined || (hasProxy && (service.isHeadless || !goesPastSidecar(controller, ingress, port)))) continue;
      const entry = routed.get(port);
      if (entry === undefined) routed.set(port, { service, port, ingresses: [{ ingress, field, controller }] });
      else entry.ingresses.push({ ingress, field, controller });
    }
  };
  add(own(ingress.spec, 'defaultBackend'), ['spec', 'defaultBackend']);
  asList(own(ingress.spec, 'rules')).forEach((one, index) => asList(at(one, 'http', 'paths')).forEach((path, place) =>
    add(own(path, 'backend'), ['spec', 'rules', index, 'http', 'paths', place, 'backend'])));
}

/**
 * Whether ingress-nginx calls in a way that its sidecar cannot tell the service
 * from: at the addresses of pods, unless it is told to call the service, and
 * where HTTP is read, under the host of the outside, unless it is told to name
 * the service.
 */
function goesPastSidecar({ workloads }: IngressController, ingress: MeshObject, { protocol }: ServicePort): boolean {
  const isNginx = workloads.every(workload => workload.dataPlane.value === 'sidecar' && imagesOf(workload).some(image => image.endsWith('ingress-nginx/controller')));
  return isNginx && (ingress.annotation(`${NGINX}/service-upstream`) !== 'true'
    || (carriesHttp(protocol) && ingress.annotation(`${NGINX}/upstream-vhost`) === undefined));
}

const NGINX = 'nginx.ingress.kubernetes.io';

function reportIngress(context: RuleContext, { service, port, ingresses }: Routed): void {
  byPolicy(strictPortsBehind(context, service, port)).forEach((strict, policy) => {
    const [{ ingress, controller }] = ingresses;
    const open = openPorts(context, strict, service);
    const without = controller.workloads.filter(({ dataPlane }) => dataPlane.value === 'none');
    const isPast = controller.workloads.some(({ dataPlane }) => dataPlane.value === 'sidecar');
    const unknown = controller.isCloud || without.length > 0 ? undefined : unknownController(controller, isPast);
    const conditions = [conditionOf(strict), unknown].filter(one => one !== undefined);
    const who = controller.isCloud ? 'which a load balancer outside the cluster serves'
      : without.length > 0 ? `which ${without[0].key} serves without a proxy`
        : isPast ? `which ${controller.workloads[0].key} serves at the addresses of pods, past the services that its sidecar knows` : 'whose controller brings no certificate of the mesh';
    context.report({
      at: policy,
      field: strict[0].mode.decidedBy.field,
      see: [...new Set([...ingresses.map(one => one.ingress), ...without.map(({ object }) => object), service.object, ...serversOf(strict)])],
      calls: [...new Set(ingresses.map(one => `${one.controller.workloads[0]?.key ?? 'ingress controller'} (${one.ingress.title}) -> ${service.host}:${port.number}`))],
      what: `${ingress.title} has class ${JSON.stringify(controller.name)}, ${who}, and leads to service port ${port.number} of ${service.object.title}, `
        + `and ${portsText(strict)} behind it ${areStrict(strict)}`,
      fix: isPast ? `Annotate ${ingress.title}, so that the controller calls the service by its name:\n${NGINX}/service-upstream: "true"\n`
        + `${NGINX}/upstream-vhost: ${service.host}\nOr: ${lowerFirst(open)}`
        : without.length > 0 ? `${joinMesh(context, without[0])}. Or: ${lowerFirst(open)}` : open,
      refusing: strict.map(one => ({ ...one, service })),
      joins: isPast ? [] : without,
      ...conditions.length === 0 ? {} : { severity: Severity.WARNING, condition: conditions.join(', and ') },
    });
  });
}

function unknownController({ name, workloads }: IngressController, isPast: boolean): string {
  if (isPast) return `the ConfigMap of ${workloads[0].key} does not set service-upstream and the like for all Ingresses`;
  return workloads.length > 0
    ? `the pods of ${workloads[0].key} have no proxy (Namespace ${workloads[0].namespace} is not in the input)`
    : `the controller of class ${JSON.stringify(name)} has no proxy (the input does not show it)`;
}

/** Whether a service has a port on the nodes, by which everybody outside can come. */
function isOpenToNodes({ object }: Service): boolean {
  const type = own(object.spec, 'type');
  return type === 'LoadBalancer' || type === 'NodePort';
}

function reportService(context: RuleContext, service: Service, routed: ReadonlyMap<ServicePort, Routed>): void {
  const ports = service.ports.filter(port => !routed.has(port));
  const strict: StrictPort[] = [];
  const closed: ServicePort[] = [];
  for (const port of ports) {
    const found = strictPortsBehind(context, service, port);
    if (found.length === 0 || isBehindGateway(context, service, port)) continue;
    strict.push(...found);
    closed.push(port);
  }
  const type = asWritten(own(service.object.spec, 'type'));
  byPolicy(strict).forEach((some, policy) => context.report({
    at: policy,
    field: some[0].mode.decidedBy.field,
    see: [service.object, ...serversOf(some)],
    calls: closed.map(port => `${type === 'NodePort' ? 'outside (node port)' : 'outside (load balancer)'} -> ${service.host}:${port.number}`),
    what: `${service.object.title} is of type ${type}, which is for callers outside the mesh, and ${portsText(some)} behind it ${areStrict(some)}`,
    fix: `Make the type of ${service.object.title} ClusterIP and lead the traffic through an Istio gateway. Or: ${lowerFirst(openPorts(context, some, service))}`,
    refusing: some.map(one => ({ ...one, service })),
    severity: Severity.WARNING,
    condition: conditionOf(some),
  }));
}

/** Whether a gateway of the input leads to the port: then the way by the nodes is left over from before. */
function isBehindGateway(context: RuleContext, service: Service, port: ServicePort): boolean {
  const { inventory, known } = context.model;
  const gateways = context.once(isBehindGateway, () => inventory.workloads.filter(({ isGateway }) => isGateway));
  return gateways.some(gateway => known.isKnown(gateway, service.host, port.number));
}
