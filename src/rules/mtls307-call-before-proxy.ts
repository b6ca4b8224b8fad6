import { Severity } from './finding';
import { MODEL, Rule, RuleContext } from './rule';
import { anythingStrict, areStrict, conditionOf, lowerFirst, openPorts, portsText, serversOf, StrictPort, strictPortsBehind } from './strict-ports';
import { Reason } from '../mesh/decision';
import { INJECTION_KINDS, injectionFacts } from '../mesh/injection';
import { asList, asText, at, FieldPath, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { InitCall } from '../mesh/known/known-calls';
import { Service, ServicePort } from '../mesh/services/service';
import { templatePath } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

const NATIVE = 'sidecar.istio.io/nativeSidecar';

/** The user of the sidecar, whose connections are not redirected to it. */
const PROXY_USER = 1337;

const world = (native: string) => `
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
      kind: StatefulSet
      metadata: {name: postgres, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: postgres}}
          spec:
            containers: [{name: postgres, ports: [{containerPort: 5432}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec:
        selector: {app: postgres}
        ports: [{name: tcp-postgres, port: 5432}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api, namespace: shop}
      spec:
        template:
          metadata:
            labels: {app: api}
            annotations: {${NATIVE}: "${native}"}
          spec:
            initContainers:
              - name: migrate
                env: [{name: DATABASE_URL, value: "postgres://db.shop:5432/app"}]
            containers:
              - name: api
`;

export const rule: Rule = {
  code: 'MTLS307',
  name: 'call-before-proxy',
  severity: Severity.ERROR,
  reads: [...INJECTION_KINDS, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'An init container calls a STRICT workload port before its pod has a proxy, or past it.',
  why: 'The init container runs before the sidecar does, so its call brings no certificate of the mesh and fails: "connection reset by peer" or '
    + '"connection refused". The pod hangs in Init:Error or Init:CrashLoopBackOff.',
  fix: 'Have Istio run the sidecar as a native one, which starts before the init containers, or let the workload port take plaintext too.',
  references: [
    { title: 'Where the injector puts the proxy, reorderPod', where: 'pkg/kube/inject/webhook.go' },
    { title: 'Istio: Compatibility with application init containers', where: 'https://istio.io/latest/docs/setup/additional-setup/cni/#compatibility-with-application-init-containers' },
  ],
  examples: { invalid: world('false'), fixed: world('true'), valid: world('false').replace('name: DATABASE_URL', 'name: NO_PROXY') },
  check(context) {
    if (!anythingStrict(context)) return;
    for (const workload of context.model.inventory.workloads) {
      // Pods of ambient are captured before any of their containers starts; MTLS206 speaks about those without a proxy.
      if (workload.dataPlane.value === 'sidecar' && initContainersOf(workload).length > 0) judge(context, workload);
    }
  },
};

function initContainersOf(workload: Workload): readonly unknown[] {
  return asList(at(workload.object.body, ...specPath(workload), 'initContainers'));
}

function specPath(workload: Workload): FieldPath {
  return [...templatePath(workload.object), 'spec'];
}

/** A call of an init container that a STRICT port refuses. */
interface Refused {
  readonly call: InitCall;
  readonly service: Service;
  readonly port: ServicePort;
  readonly strict: readonly StrictPort[];
  readonly isPast: boolean;
}

function judge(context: RuleContext, workload: Workload): void {
  const native = nativeSidecar(context, workload);
  const containers = initContainersOf(workload);
  const refused: Refused[] = [];
  for (const call of context.model.known.callsOfInitContainers(workload)) {
    const container = containers[call.initContainer];
    const isPast = isPastProxy(workload, container);
    // One that goes on running has the proxy beside it soon.
    if ((native?.isOn === true && !isPast) || own(container, 'restartPolicy') === 'Always') continue;
    for (const service of context.model.inventory.servicesOf(call.host)) {
      const port = service.ports.find(({ number }) => number === call.port);
      const strict = port === undefined ? [] : strictPortsBehind(context, service, port);
      if (port !== undefined && strict.length > 0) refused.push({ call, service, port, strict, isPast });
    }
  }
  if (refused.length > 0) report(context, workload, native, refused);
}

/** Whether the sidecar is told to run as a native one, and what tells it; undefined where that depends on versions. */
function nativeSidecar(context: RuleContext, workload: Workload): { readonly isOn: boolean; readonly reason: Reason } | undefined {
  const annotation = workload.annotation(NATIVE);
  if (annotation !== undefined) {
    return { isOn: annotation === 'true', reason: workload.annotationReason(NATIVE, `the annotation ${NATIVE} is ${JSON.stringify(annotation)}`) };
  }
  return context.once(injectionFacts, () => injectionFacts(context)).nativeSidecars;
}

/** Whether the connections of a container are left alone, because it runs as the user of the sidecar. */
function isPastProxy(workload: Workload, container: unknown): boolean {
  const user = at(container, 'securityContext', 'runAsUser') ?? at(workload.object.body, ...specPath(workload), 'securityContext', 'runAsUser');
  return user === PROXY_USER;
}

function report(context: RuleContext, workload: Workload, native: ReturnType<typeof nativeSidecar>, refused: readonly Refused[]): void {
  // What is past the proxy is sure, whatever kind of sidecar it is.
  const sure = refused.filter(({ isPast, strict }) => (isPast || native !== undefined) && conditionOf(strict) === undefined);
  const [{ call, service, port, strict, isPast }] = sure.length > 0 ? sure : refused;
  const container = initContainersOf(workload)[call.initContainer];
  const name = JSON.stringify(asText(own(container, 'name')) ?? '');
  const conditions = [
    conditionOf(strict),
    isPast || native !== undefined ? undefined : `the sidecar of ${workload.key} is not a native one (it depends on the versions of Istio and Kubernetes)`,
  ].filter(one => one !== undefined);
  const cause = isPast ? `runs as user ${PROXY_USER}, whose connections are not redirected to the sidecar`
    : native !== undefined ? `runs before the sidecar (${native.reason.text})` : 'runs before the sidecar, where that is not a native one';
  const cure = isPast ? `Run init container ${name} as another user than ${PROXY_USER}, with a native sidecar (annotation ${NATIVE}: "true")`
    : `Annotate the pods of ${workload.key} with ${NATIVE}: "true" (Kubernetes 1.29 and later), so that the sidecar starts before the init containers`;
  const deciders = [native?.reason.object, call.because.object].filter(object => object !== undefined && object !== workload.object);
  context.report({
    at: workload.object,
    field: [...specPath(workload), 'initContainers', call.initContainer],
    see: [...new Set([...deciders.map(object => object!), ...strict.map(({ policy }) => policy), service.object, ...serversOf(strict)])],
    calls: [...new Set(refused.map(one => `${workload.key} (init container) -> ${one.service.host}:${one.port.number}`))],
    what: `init container ${name} ${cause}, and calls service port ${port.number} of ${service.object.title}, and ${portsText(strict)} behind it ${areStrict(strict)}`,
    fix: `${cure}. Or: ${lowerFirst(openPorts(context, strict, service))}`,
    refusing: refused.flatMap(one => one.strict.map(each => ({ ...each, service: one.service }))),
    ...conditions.length === 0 ? {} : { severity: Severity.WARNING, condition: conditions.join(', and ') },
  });
}
