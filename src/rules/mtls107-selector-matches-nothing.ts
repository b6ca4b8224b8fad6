import { Severity } from './finding';
import { selectorLabels } from './peer-authentications';
import { POLICY_COMPOSITION } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf, Selection, selections, workloadsByNamespace } from './selections';
import { at } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { pairsOf, SelectorIndex, selectorKey } from '../mesh/labels';
import { PeerAuthentication } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}}}
      ---`;

export const rule: Rule = {
  code: 'MTLS107',
  name: 'selector-matches-nothing',
  severity: Severity.WARNING,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.NAMESPACE, MODEL],
  summary: 'No workload in the namespace of a PeerAuthentication has the labels that it selects.',
  why: 'The policy has no effect and nothing says so: the workload that was meant keeps the mode of its namespace. A policy selects pods of its own '
    + 'namespace only, by the labels of the pods and not by those of the Deployment.',
  fix: 'Select labels that the pods have, and put the policy into their namespace.',
  references: [POLICY_COMPOSITION],
  examples: {
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: website}}
        mtls: {mode: STRICT}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: elsewhere}
      spec:
        selector: {matchLabels: {app: website}}
        mtls: {mode: STRICT}
    `,
  },
  check(context) {
    const idle = selections(context).filter(({ workloads, selector }) => workloads.length === 0 && !Object.keys(selector).some(isAddedLater));
    if (idle.length === 0) return;
    const elsewhere = matchesElsewhere(context, idle);
    const namespaces = new Set(context.ofKind(Kinds.NAMESPACE).map(({ name }) => name));
    for (const selection of idle) {
      const own = workloadsByNamespace(context).get(selection.namespace);
      const others = elsewhere.get(selection) ?? [];
      // Of a namespace that the input shows empty, only pods that have the labels elsewhere tell that it was the wrong one.
      if (own === undefined && (others.length === 0 || !namespaces.has(selection.namespace))) continue;
      for (const policy of selection.policies) report(context, policy, own ?? [], others);
    }
  },
};

/** Labels that pods get after the manifests were written: from controllers, from the API server, from injection. */
function isAddedLater(key: string): boolean {
  return ADDED_LATER.test(key);
}

const ADDED_LATER = new RegExp('^(pod-template-hash|controller-revision-hash|pod-template-generation|job-name|controller-uid|istio\\.io/rev'
  + '|networking\\.istio\\.io/tunnel|gateway\\.networking\\.k8s\\.io/gateway-name|apps\\.kubernetes\\.io/pod-index'
  + '|((security|service|topology|gateway)\\.istio\\.io|statefulset\\.kubernetes\\.io|batch\\.kubernetes\\.io|topology\\.kubernetes\\.io)/.*)$');

function report(context: RuleContext, policy: PeerAuthentication, own: readonly Workload[], others: readonly Workload[]): void {
  const labels = selectorLabels(policy.object).join(', ');
  const namespace = JSON.stringify(policy.namespace);
  const labelled = own.find(({ object }) => pairsOf(policy.selector).every(([key, value]) => at(object.metadata, 'labels', key) === value));
  const seen = [...labelled === undefined ? [] : [labelled], ...others];
  context.report({
    at: policy.object,
    field: others.length > 0 && own.length === 0 ? ['metadata', 'namespace'] : ['spec', 'selector'],
    see: seen.slice(0, 5).map(({ object }) => object),
    what: `${own.length < 2 ? 'no workload' : `none of the ${own.length} workloads`} of namespace ${namespace} has ${labels}`
      + (labelled !== undefined ? `; ${namesOf([labelled])} has it in its own metadata, and not in that of its pods` : '')
      + (labelled === undefined && others.length > 0 ? `; ${namesOf(others)} has, in another namespace` : ''),
    fix: fixFor(policy, own, others, labelled),
    condition: `no workload of namespace ${namespace} that the input does not show has ${labels}`,
  });
}

function fixFor(policy: PeerAuthentication, own: readonly Workload[], others: readonly Workload[], labelled: Workload | undefined): string {
  if (labelled !== undefined) {
    return `Add ${selectorLabels(policy.object).join(', ')} to the pod template of ${namesOf([labelled])}, or select labels that its pods have.`;
  }
  if (others.length > 0) {
    const [{ namespace }] = others;
    return `Move the policy to the workload: metadata: {name: ${policy.object.name}, namespace: ${namespace}}.`;
  }
  const [key] = pairsOf(policy.selector)[0];
  const values = [...new Set(own.map(workload => workload.label(key)).filter(value => value !== undefined))].sort();
  return values.length === 0
    ? `Select labels that the pods of namespace ${JSON.stringify(policy.namespace)} have; none of them has ${key}.`
    : `Select labels that the pods have; ${key} is ${values.slice(0, 5).join(', ')}${values.length > 5 ? ` and ${values.length - 5} more` : ''} there.`;
}

/** The workloads of other namespaces that have the labels, and for which no policy with the same selector stands in their own. */
function matchesElsewhere(context: RuleContext, idle: readonly Selection[]): ReadonlyMap<Selection, readonly Workload[]> {
  const index = new SelectorIndex(idle, ({ selector }) => selector);
  const covered = new Set(selections(context).map(({ namespace, selector }) => `${namespace}/${selectorKey(selector)}`));
  const found = new Map<Selection, Workload[]>();
  for (const workloads of workloadsByNamespace(context).values()) {
    for (const workload of workloads) {
      index.all(workload, selection => {
        if (covered.has(`${workload.namespace}/${selectorKey(selection.selector)}`)) return;
        const list = found.get(selection);
        if (list === undefined) found.set(selection, [workload]);
        else if (list.length < MANY) list.push(workload);
      });
    }
  }
  return found;
}

/** More workloads than a finding could name are not kept. */
const MANY = 50;
