import { API_SERVER_KINDS } from './api-server-calls';
import { Severity } from './finding';
import { knownCallers } from './known-callers';
import { outsideCallers } from './outside-callers';
import { hasSelector } from './peer-authentications';
import { MODEL, Rule, RuleContext } from './rule';
import { ANY_PORT, standIn } from './stand-ins';
import { portsOf } from './strict-ports';
import { inCluster, namespaceOf } from '../mesh/facts';
import { INJECTION_KINDS } from '../mesh/injection';
import { asObject, at, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { Workload } from '../mesh/workloads/workload';

/** In which an exception carries why it is needed. */
const REASON = 'cdk8s-istio-mtls/reason';

const world = (spec: string) => `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: operator, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: operator}}
          spec:
            containers: [{name: operator, ports: [{containerPort: 9443}, {containerPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: operator, namespace: shop}
      spec:
        selector: {app: operator}
        ports: [{name: https-webhook, port: 443, targetPort: 9443}, {name: http, port: 80, targetPort: 8080}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: operator}
      webhooks: [{name: operator.example.com, clientConfig: {service: {name: operator, namespace: shop}}}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: web, env: [{name: OPERATOR_URL, value: "http://operator.shop"}]}]
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: operator, namespace: shop}
      spec:
        selector: {matchLabels: {app: operator}}${spec}
`;

export const rule: Rule = {
  code: 'MTLS309',
  name: 'exception-wider-than-needed',
  severity: Severity.WARNING,
  reads: [...new Set([...API_SERVER_KINDS, ...INJECTION_KINDS, Kinds.INGRESS, Kinds.PEER_AUTHENTICATION, MODEL])],
  summary: 'Below a STRICT policy, an exception opens a whole workload, while the manifests show callers without certificates on some of its ports only. '
    + 'A warning where it is DISABLE and takes the mTLS from calls between proxies; worth knowing where it is PERMISSIVE.',
  why: 'Every port of the workload takes plaintext from whoever reaches it. With DISABLE, proxies send plaintext as well: calls that were mTLS can be read and '
    + 'changed on the way, and callers lose their identity.',
  fix: 'Name the workload ports that need the exception in portLevelMtls, and leave the others STRICT.',
  references: [
    { title: 'How istiod composes policies for a workload, ComposePeerAuthentication', where: 'pilot/pkg/security/authn/policy_applier.go' },
    { title: 'Istio: PeerAuthentication, portLevelMtls', where: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/' },
  ],
  examples: {
    invalid: world('\n        mtls: {mode: DISABLE}'),
    fixed: world('\n        mtls: {mode: STRICT}\n        portLevelMtls:\n          "9443": {mode: DISABLE}'),
    valid: world('\n        mtls: {mode: DISABLE}').replace('{name: operator, namespace: shop}}}]', '{name: other, namespace: shop}}}]'),
  },
  check(context) {
    const candidates = context.model.inventory.workloads.length === 0 ? NONE : exceptions(context);
    if (candidates.size === 0) return;
    const told = new Set<MeshObject>();
    for (const workload of context.model.inventory.workloads) {
      if (workload.dataPlane.value !== 'sidecar') continue;
      const inNamespace = candidates.get(workload.namespace);
      const policy = inNamespace === undefined ? undefined : context.model.policyFor(workload)?.object;
      if (policy !== undefined && inNamespace!.has(policy) && !told.has(policy) && judge(context, workload, policy)) told.add(policy);
    }
  },
};

const NONE: ReadonlyMap<string, ReadonlySet<MeshObject>> = new Map();

/** By namespace, the policies that open whole workloads and say nothing of single ports, nor why. */
function exceptions(context: RuleContext): ReadonlyMap<string, ReadonlySet<MeshObject>> {
  const byNamespace = new Map<string, Set<MeshObject>>();
  for (const object of inCluster(context, Kinds.PEER_AUTHENTICATION)) {
    const mode = at(object.spec, 'mtls', 'mode');
    if ((mode !== 'DISABLE' && mode !== 'PERMISSIVE') || !hasSelector(object) || object.annotation(REASON) !== undefined) continue;
    if (asObject(own(object.spec, 'portLevelMtls')) !== undefined || namespaceOf(object) === context.settings.rootNamespace) continue;
    const list = byNamespace.get(namespaceOf(object));
    if (list === undefined) byNamespace.set(namespaceOf(object), new Set([object]));
    else list.add(object);
  }
  return byNamespace;
}

function judge(context: RuleContext, workload: Workload, policy: MeshObject): boolean {
  const { model } = context;
  const general = model.serverMode(standIn(policy, workload.namespace), ANY_PORT);
  const actual = model.serverMode(workload, ANY_PORT);
  if (general.value !== 'STRICT' || actual.decidedBy.object !== policy) return false;
  const callers = outsideCallers(context).get(workload);
  const open = [...portsOf(context, workload)].filter(port => callers?.has(port)).sort((a, b) => a - b);
  const others = [...portsOf(context, workload)].filter(port => !callers?.has(port)).sort((a, b) => a - b);
  // Without any caller in sight, what the exception is for cannot be seen either.
  if (callers === undefined || open.length === 0 || others.length === 0) return false;
  const lost = actual.value === 'DISABLE' ? callsThatLoseMtls(context, workload, new Set(others)) : [];
  const ports = open.map(port => `${port} (${callers.get(port)})`).join(', ');
  const levels = open.map(port => `    "${port}": {mode: ${actual.value}}`).join('\n');
  context.report({
    at: policy,
    field: ['spec', 'mtls', 'mode'],
    see: [...general.decidedBy.object === undefined ? [] : [general.decidedBy.object], workload.object],
    calls: lost,
    what: `the policy makes every port of ${workload.key} ${actual.value}, and the manifests show callers without certificates on workload port ${ports} only, `
      + `not on ${others.join(', ')}`,
    fix: `Open only what is needed, in ${policy.title}:\nspec:\n  mtls: {mode: STRICT}\n  portLevelMtls:\n${levels}`,
    severity: lost.length > 0 ? Severity.WARNING : Severity.INFO,
  });
  return true;
}

/** Known calls of sidecars to ports, which are plaintext because of the exception. */
function callsThatLoseMtls(context: RuleContext, workload: Workload, ports: ReadonlySet<number>): string[] {
  const { inventory } = context.model;
  const calls = new Set<string>();
  for (const service of inventory.endpoints.servicesOf(workload)) {
    for (const port of service.ports) {
      if (!inventory.endpoints.of(service, port).some(endpoint => endpoint.workload === workload && ports.has(endpoint.port))) continue;
      for (const client of knownCallers(context, service.host, port.number)) {
        if (client !== workload && client.dataPlane.value === 'sidecar') calls.add(`${client.key} -> ${service.host}:${port.number}`);
      }
    }
  }
  return [...calls];
}
