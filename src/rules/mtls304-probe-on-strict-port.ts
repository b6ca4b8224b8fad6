import { Severity } from './finding';
import { Probe, probesOf } from './probes';
import { MODEL, Rule, RuleContext } from './rule';
import { anythingStrict, isExceptionLost, strictPort, StrictPort } from './strict-ports';
import { Reason } from '../mesh/decision';
import { INJECTION_KINDS, injectionFacts } from '../mesh/injection';
import { Kinds } from '../mesh/kinds';
import { Workload } from '../mesh/workloads/workload';

const REWRITE = 'sidecar.istio.io/rewriteAppHTTPProbers';

const world = (annotations: string) => `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata:
            labels: {app: web}
            annotations: ${annotations}
          spec:
            containers:
              - name: web
                ports: [{containerPort: 8080}]
                readinessProbe: {httpGet: {path: /ready, port: 8080}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: STRICT}
`;

export const rule: Rule = {
  code: 'MTLS304',
  name: 'probe-on-strict-port',
  severity: Severity.ERROR,
  reads: [...INJECTION_KINDS, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A probe of the kubelet goes to a STRICT workload port, and the rewriting of probes is switched off.',
  why: 'The kubelet has no certificate of the mesh, so the pod\'s proxy closes its connection: "Readiness probe failed ... connection reset by peer". '
    + 'The pod never becomes ready, or is started again and again.',
  fix: 'Leave the rewriting of probes on, which is Istio\'s default: the agent then asks the application on behalf of the kubelet.',
  references: [
    { title: 'How the injector rewrites probes, app_probe.go', where: 'pkg/kube/inject/app_probe.go' },
    { title: 'Istio: Health checking of Istio services', where: 'https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/' },
  ],
  examples: {
    invalid: world(`{${REWRITE}: "false"}`),
    fixed: world('{}'),
    valid: world(`{${REWRITE}: "false", traffic.sidecar.istio.io/excludeInboundPorts: "8080"}`),
  },
  check(context) {
    if (!anythingStrict(context)) return;
    for (const workload of context.model.inventory.workloads) judge(context, workload);
  },
};

/** The port of a probe with the probe. */
interface Refused {
  readonly probe: Probe;
  readonly strict: StrictPort;
}

function judge(context: RuleContext, workload: Workload): void {
  // Ambient lets the kubelet through by its address, and without a sidecar nothing is in the way.
  if (workload.dataPlane.value !== 'sidecar' && workload.dataPlane.value !== 'unknown') return;
  const off = rewritingOff(context, workload);
  if (off === undefined) return;
  const refused: Refused[] = [];
  for (const probe of probesOf(workload)) {
    const strict = strictPort(context, workload, probe.port);
    if (strict !== undefined && !isExceptionLost(context, strict)) refused.push({ probe, strict });
  }
  if (refused.length > 0) report(context, workload, off, refused);
}

/** Why the probes of a workload are not rewritten; undefined where they are. */
function rewritingOff(context: RuleContext, workload: Workload): Reason | undefined {
  const annotation = workload.annotation(REWRITE);
  if (annotation !== undefined && annotation !== '') {
    return isTrue(annotation) ? undefined : workload.annotationReason(REWRITE, `the annotation ${REWRITE} is ${JSON.stringify(annotation)}`);
  }
  const { probeRewriting } = context.once(injectionFacts, () => injectionFacts(context));
  return probeRewriting === undefined || probeRewriting.isOn ? undefined : probeRewriting.reason;
}

/** As the injector reads it (`strconv.ParseBool`). */
function isTrue(text: string): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);
}

function report(context: RuleContext, workload: Workload, off: Reason, refused: readonly Refused[]): void {
  const { strict } = refused[0];
  const isOwn = off.object === workload.object;
  const probes = refused.map(({ probe }) => `the ${probe.name} of container ${JSON.stringify(probe.container)} (${probe.kind} on workload port ${probe.port})`);
  context.report({
    at: workload.object,
    field: isOwn ? off.field : refused[0].probe.path,
    see: [...isOwn || off.object === undefined ? [] : [off.object], strict.policy],
    calls: refused.map(({ probe }) => `kubelet -> ${workload.key}:${probe.port}`),
    what: `${off.text}, so ${probes.join(' and ')} ${probes.length === 1 ? 'reaches' : 'reach'} a sidecar that is STRICT (from ${strict.policy.title})`,
    fix: isOwn
      ? `Remove the annotation ${REWRITE} from the pods of ${workload.key}, so that the agent asks the application on behalf of the kubelet.`
      : `Set sidecarInjectorWebhook.rewriteAppHTTPProbe to true in ${off.object?.title ?? 'the values of Istio'}, or annotate the pods of ${workload.key} with ${REWRITE}: "true".`,
    refusing: refused.map(one => one.strict),
    ...strict.condition === undefined ? {} : { severity: Severity.WARNING, condition: strict.condition },
  });
}
