import { Severity } from './finding';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf, workloadsByNamespace } from './selections';
import { own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { DATAPLANE_MODE as AMBIENT } from '../mesh/workloads/data-plane';
import { templatePath } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';
const INJECTION = 'istio-injection';

export const rule: Rule = {
  code: 'MTLS405',
  name: 'sidecar-and-ambient',
  severity: Severity.ERROR,
  reads: [Kinds.NAMESPACE, MODEL],
  summary: 'A workload is labelled for ambient and gets a sidecar.',
  why: 'A pod with a sidecar is left alone by ztunnel, so that the label for ambient has no effect: the pods keep their sidecars, '
    + 'waypoints do not see their calls, and nothing says so.',
  fix: 'Keep one of the two labels. To leave sidecars, remove the label for injection and restart the pods.',
  references: [
    { title: 'Which pods istio-cni redirects to ztunnel, and that those with a sidecar are left out', where: 'cni/pkg/util/enablement_selector.go' },
    { title: 'The webhook that injects sidecars', where: 'manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml' },
  ],
  examples: {
    settings: { ambient: true },
    invalid: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled, istio.io/dataplane-mode: ambient}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}}}
    `,
    fixed: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}}}
    `,
    valid: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web, sidecar.istio.io/inject: "true"}}}}
    `,
  },
  check(context) {
    if (!context.settings.ambient) return;
    for (const workload of context.model.inventory.workloads) {
      if (workload.label(AMBIENT) === 'ambient' && workload.dataPlane.value === 'sidecar') reportWorkload(context, workload);
    }
    for (const object of context.ofKind(Kinds.NAMESPACE)) {
      const labels = own(object.metadata, 'labels');
      const injection = own(labels, INJECTION) === 'enabled' ? INJECTION : typeof own(labels, REVISION) === 'string' ? REVISION : undefined;
      if (own(labels, AMBIENT) === 'ambient' && injection !== undefined) judgeNamespace(context, object, injection);
    }
  },
};

function reportWorkload(context: RuleContext, workload: Workload): void {
  const { decidedBy } = workload.dataPlane;
  context.report({
    at: workload.object,
    field: [...templatePath(workload.object), 'metadata', 'labels', AMBIENT],
    see: decidedBy.object === undefined || decidedBy.object === workload.object ? [] : [decidedBy.object],
    what: `the pods of ${namesOf([workload])} are labelled ${AMBIENT}=ambient and get a sidecar: ${decidedBy.text}`,
    fix: `Label the pods ${INJECT}: "false" to have them in ambient, or remove ${AMBIENT} from them to keep the sidecar.`,
  });
}

function judgeNamespace(context: RuleContext, object: MeshObject, injection: string): void {
  const workloads = workloadsByNamespace(context).get(object.name) ?? [];
  // Pods that say something themselves are not what the labels of the namespace make them.
  const silent = workloads.filter(workload => [AMBIENT, INJECT, REVISION].every(name => workload.label(name) === undefined));
  const concerned = silent.filter(({ dataPlane }) => dataPlane.value === 'sidecar');
  // A revision may be another control plane's, and pods that are not in the input may say what they want.
  const isOpen = workloads.length === 0 && injection === INJECTION && context.settings.revision === undefined;
  if (concerned.length === 0 && !isOpen) return;
  context.report({
    at: object,
    field: ['metadata', 'labels', AMBIENT],
    see: concerned.slice(0, 5).map(workload => workload.object),
    what: `${object.title} has the labels ${injection} and ${AMBIENT}=ambient: `
      + `${isOpen ? 'its pods' : `the pods of ${namesOf(concerned)}`} get sidecars, and ztunnel leaves them alone`,
    fix: `Remove ${injection} from ${object.title} to have its pods in ambient, or ${AMBIENT} to keep the sidecars.`,
    severity: isOpen ? Severity.WARNING : undefined,
    ...isOpen ? { condition: `a pod of namespace ${object.name} does not refuse the sidecar itself` } : {},
  });
}
