import { Severity } from './finding';
import { knownCallers } from './known-callers';
import { hasSelector } from './peer-authentications';
import { MODEL, Rule, RuleContext, WorkloadPortRef } from './rule';
import { ANY_PORT, standIn } from './stand-ins';
import { anythingStrict } from './strict-ports';
import { Decision } from '../mesh/decision';
import { inCluster, namespaceOf } from '../mesh/facts';
import { asObject, asText, at, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { isSelected, selectorOf } from '../mesh/labels';
import { MeshObject } from '../mesh/object';
import { ServerMode } from '../mesh/server/server-mode';
import { workloadPort } from '../mesh/services/endpoints';
import { Service, ServicePort } from '../mesh/services/service';
import { TLS_MODE, Workload } from '../mesh/workloads/workload';

const world = (identity: string) => `
      apiVersion: v1
      kind: Namespace
      metadata: {name: vms, labels: {istio-injection: enabled}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: vms}
      spec:
        mtls: {mode: STRICT}
      ---
      apiVersion: networking.istio.io/v1
      kind: WorkloadGroup
      metadata: {name: rates, namespace: vms}
      spec:
        metadata: {labels: {app: rates}}
        template: {serviceAccount: rates}
      ---
      apiVersion: networking.istio.io/v1
      kind: WorkloadEntry
      metadata: {name: rates-1, namespace: vms}
      spec:
        address: 10.0.0.5
        labels: {app: rates}${identity}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: rates, namespace: vms}
      spec:
        selector: {app: rates}
        ports: [{name: http, port: 8080}]
`;

export const rule: Rule = {
  code: 'MTLS310',
  name: 'workload-entry-without-identity',
  severity: Severity.ERROR,
  reads: [Kinds.WORKLOAD_GROUP, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A WorkloadEntry or WorkloadGroup names neither a service account nor the label security.istio.io/tlsMode, and its machines are STRICT.',
  why: 'Clients take a machine without a service account for one that cannot do mTLS and send it plaintext, which its STRICT proxy refuses: HTTP 503, '
    + 'flag UC.',
  fix: 'Name the service account with which the proxy of the machine was set up. A machine without a proxy is told apart by the label '
    + 'security.istio.io/tlsMode: disabled.',
  references: [
    { title: 'What clients are told of a WorkloadEntry, getTLSModeFromWorkloadEntry', where: 'pilot/pkg/serviceregistry/serviceentry/conversion.go' },
    { title: 'Istio: WorkloadEntry', where: 'https://istio.io/latest/docs/reference/config/networking/workload-entry/' },
  ],
  examples: {
    invalid: world(''),
    fixed: world('\n        serviceAccount: rates'),
    valid: world('').replace('labels: {app: rates}\n', 'labels: {app: rates, security.istio.io/tlsMode: disabled}\n'),
  },
  check(context) {
    if (!anythingStrict(context)) return;
    const groups = inCluster(context, Kinds.WORKLOAD_GROUP).map(readGroup);
    const byNamespace = new Map<string, Group[]>();
    for (const group of groups) {
      const list = byNamespace.get(group.namespace);
      if (list === undefined) byNamespace.set(group.namespace, [group]);
      else list.push(group);
      if (!group.hasIdentity) judgeGroup(context, group);
    }
    for (const machine of context.model.inventory.machines) {
      if (machine.serviceAccount === '' && machine.label(TLS_MODE) === undefined) judgeMachine(context, machine, byNamespace.get(machine.namespace) ?? []);
    }
  },
};

/** A WorkloadGroup, which is what machines with a proxy register with. */
interface Group {
  readonly object: MeshObject;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: unknown };
  readonly serviceAccount: string;
  readonly hasIdentity: boolean;
}

function readGroup(object: MeshObject): Group {
  const template = own(object.spec, 'template');
  const labels = { ...asObject(own(template, 'labels')), ...asObject(at(object.spec, 'metadata', 'labels')) };
  const serviceAccount = asText(own(template, 'serviceAccount')) ?? '';
  return { object, namespace: namespaceOf(object), labels, serviceAccount, hasIdentity: serviceAccount !== '' || own(labels, TLS_MODE) !== undefined };
}

function judgeGroup(context: RuleContext, { object, namespace, labels }: Group): void {
  const machines = standIn(object, namespace, labels);
  const mode = context.model.serverMode(machines, ANY_PORT);
  if (mode.value !== 'STRICT' || context.forecast?.before.serverMode(machines, ANY_PORT).value === 'STRICT') return;
  context.report({
    at: object,
    field: ['spec', 'template', 'serviceAccount'],
    see: policyOf(mode),
    refusing: [{ workload: machines, port: ANY_PORT }],
    what: `the group names no service account, so clients send its machines plaintext, and they are STRICT (${mode.decidedBy.text})`,
    fix: `Set spec.template.serviceAccount of ${object.title} to the service account with which the proxies of its machines were set up.`,
  });
}

/** A service port by which a machine is called, and the workload port behind it, which is STRICT. */
interface Called {
  readonly service: Service;
  readonly port: ServicePort;
  readonly mode: Decision<ServerMode>;
  readonly refusing: WorkloadPortRef;
}

function judgeMachine(context: RuleContext, machine: Workload, groups: readonly Group[]): void {
  const group = groups.find(one => isSelected(machine, selectorOf(one.labels)) && Object.keys(one.labels).length > 0);
  // What the group lacks, its machines lack with it.
  if (group !== undefined && !group.hasIdentity) return;
  const assumed = standIn(machine.object, machine.namespace, labelsOf(machine));
  const called: Called[] = [];
  for (const service of context.model.inventory.endpoints.servicesOf(machine)) {
    for (const port of service.isExternal ? [] : service.ports) {
      const number = workloadPort(service, port, machine);
      const mode = number === undefined ? undefined : context.model.serverMode(assumed, number);
      if (mode?.value !== 'STRICT' || context.forecast?.before.serverMode(assumed, number!).value === 'STRICT') continue;
      called.push({ service, port, mode, refusing: { workload: machine, port: number!, service } });
    }
  }
  if (called.length === 0) return;
  const [{ service, mode }] = called;
  // A policy for these machines alone, or a group that they register with, says that they have a proxy.
  const isSure = group !== undefined || (mode.decidedBy.object !== undefined && hasSelector(mode.decidedBy.object));
  const account = group?.serviceAccount ?? '';
  context.report({
    at: machine.object,
    field: ['spec', 'serviceAccount'],
    see: [...group === undefined ? [] : [group.object], ...policyOf(mode), service.object],
    calls: called.flatMap(one => knownCallers(context, one.service.host, one.port.number).map(({ key }) => `${key} -> ${one.service.host}:${one.port.number}`)),
    what: `the machine names no service account, so clients of ${service.host} send it plaintext, and it is STRICT (${mode.decidedBy.text})`,
    fix: account !== '' ? `Give ${machine.object.title} the service account of its group:\nspec:\n  serviceAccount: ${account}`
      : `Set spec.serviceAccount of ${machine.object.title} to the service account with which its proxy was set up. If it has no proxy, label it `
        + `with ${TLS_MODE}: disabled.`,
    refusing: called.map(({ refusing }) => refusing),
    ...isSure ? {} : { severity: Severity.WARNING, condition: `the machine of ${machine.object.title} has a proxy (the input does not show it)` },
  });
}

function labelsOf(machine: Workload): { readonly [key: string]: string } {
  const labels: { [key: string]: string } = {};
  machine.eachLabel((key, value) => Object.defineProperty(labels, key, { value, enumerable: true }));
  return labels;
}

function policyOf(mode: Decision<ServerMode>): MeshObject[] {
  return mode.decidedBy.object === undefined ? [] : [mode.decidedBy.object];
}
