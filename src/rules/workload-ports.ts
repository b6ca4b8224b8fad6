import { RuleContext } from './rule';
import { Selection, selections } from './selections';
import { asList, asObject, asText, at, own, textEntries } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { PeerAuthentication } from '../mesh/policies/peer-authentication';
import { workloadPort } from '../mesh/services/endpoints';
import { Service, ServicePort } from '../mesh/services/service';
import { templatePath } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** A service port under which clients reach a workload port of another number. */
export interface Translation {
  readonly workload: Workload;
  readonly service: Service;
  readonly port: ServicePort;
  /** The workload port behind it. */
  readonly target: number;
}

/** A key of portLevelMtls that names no workload port that the input shows. */
export interface StrayPort {
  readonly port: number;
  /** The service port that has this number, where there is one. */
  readonly translation?: Translation;
}

/** What is known of the ports of the workloads that a policy selects. */
export interface StrayPorts {
  readonly policy: PeerAuthentication;
  readonly workloads: readonly Workload[];
  readonly stray: readonly StrayPort[];
  /** The workload ports that the input shows, in order. */
  readonly known: readonly number[];
}

/**
 * The policies with keys of portLevelMtls that name no workload port. Nothing is
 * said where the input shows no workload of the policy, or one of which no port
 * is known: a container need not declare its ports.
 */
export function strayPorts(context: RuleContext): readonly StrayPorts[] {
  return context.once(strayPorts, () => selections(context).flatMap(selection => strayIn(context, selection)));
}

const NOTHING: readonly StrayPorts[] = [];

function strayIn(context: RuleContext, { policies, workloads }: Selection): readonly StrayPorts[] {
  if (workloads.length === 0) return NOTHING;
  // Nearly every policy names container ports, and they are found without looking at anything else.
  const suspects = policies.filter(({ ports }) => ports?.every(({ port }) => isContainerPort(workloads[0], port)) === false);
  const shown = suspects.length === 0 ? undefined : portsOfAll(context, workloads);
  if (shown === undefined) return NOTHING;
  const known = [...shown.known].sort((a, b) => a - b);
  return suspects.flatMap(policy => {
    const stray = policy.ports!.filter(({ port }) => !shown.known.has(port)).map(({ port }) => ({ port, translation: shown.translations.get(port) }));
    return stray.length === 0 ? [] : { policy, workloads, stray, known };
  });
}

function isContainerPort({ object }: Workload, port: number): boolean {
  return asList(at(object.body, ...templatePath(object), 'spec', 'containers'))
    .some(container => asList(own(container, 'ports')).some(one => own(one, 'containerPort') === port));
}

interface Ports {
  readonly known: Set<number>;
  /** By service port; where several Services have the same, the first. */
  readonly translations: Map<number, Translation>;
}

/** The ports of several workloads together; undefined where those of one of them are not known. */
function portsOfAll(context: RuleContext, workloads: readonly Workload[]): Ports | undefined {
  const all: Ports = { known: new Set(), translations: new Map() };
  for (const workload of workloads) {
    const own_ = portsOf(context, workload);
    if (own_ === undefined || own_.known.size === 0) return undefined;
    own_.known.forEach(port => all.known.add(port));
    own_.translations.forEach((one, port) => {
      if (!all.translations.has(port)) all.translations.set(port, one);
    });
  }
  return all;
}

/** The workload ports that the input shows, as far as it does. */
export function shownPorts(context: RuleContext, workload: Workload): ReadonlySet<number> {
  return portsOf(context, workload)?.known ?? declaredPorts(workload);
}

/** The ports of one workload; undefined where a Service names one that the manifest does not have. */
function portsOf(context: RuleContext, workload: Workload): Ports | undefined {
  const known = declaredPorts(workload);
  const translations = new Map<number, Translation>();
  for (const service of context.model.inventory.endpoints.servicesOf(workload)) {
    for (const port of service.ports) {
      const target = workloadPort(service, port, workload);
      if (target === undefined) return undefined;
      known.add(target);
      // Clients of a headless service dial the pod on the service port, and nothing translates it.
      if (service.isHeadless) known.add(port.number);
      else if (target !== port.number && !translations.has(port.number)) translations.set(port.number, { workload, service, port, target });
    }
  }
  return { known, translations };
}

/** The ports that a workload's own manifest names: those of its containers and its probes, and those that annotations tell of. */
function declaredPorts(workload: Workload): Set<number> {
  const { object } = workload;
  const ports = new Set<number>();
  const add = (value: unknown): void => {
    const number = typeof value === 'string' ? workload.port(value) ?? (/^\d{1,5}$/.test(value) ? Number(value) : undefined) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number > 0) ports.add(number);
  };
  if (object.key === Kinds.WORKLOAD_ENTRY) {
    Object.values(asObject(own(object.spec, 'ports')) ?? {}).forEach(add);
    return ports;
  }
  const template = at(object.body, ...templatePath(object));
  const spec = own(template, 'spec');
  for (const container of [...asList(own(spec, 'containers')), ...asList(own(spec, 'initContainers'))]) {
    for (const port of asList(own(container, 'ports'))) add(own(port, 'containerPort'));
    for (const probe of PROBES) handlerPorts(own(container, probe)).forEach(add);
    for (const hook of HOOKS) handlerPorts(at(container, 'lifecycle', hook)).forEach(add);
  }
  for (const [name, value] of textEntries(at(template, 'metadata', 'annotations'))) {
    if (PORT_ANNOTATIONS.test(name)) value.split(',').forEach(item => add(item.trim()));
  }
  return ports;
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HOOKS = ['postStart', 'preStop'];

/** Annotations that name workload ports: what Prometheus scrapes and what the sidecar leaves alone or takes. */
const PORT_ANNOTATIONS = /^(prometheus\.io\/port|traffic\.sidecar\.istio\.io\/(includeInboundPorts|excludeInboundPorts))$/;

function handlerPorts(handler: unknown): unknown[] {
  return [at(handler, 'httpGet', 'port'), at(handler, 'tcpSocket', 'port'), at(handler, 'grpc', 'port')];
}

/** Whether the pods' own configuration speaks of a port: an argument or an environment variable such as `LISTEN=:9090`. */
export function mentionsPort(workload: Workload, port: number): boolean {
  const spec = at(workload.object.body, ...templatePath(workload.object), 'spec');
  const number = new RegExp(`(^|\\D)${port}(\\D|$)`);
  return [...asList(own(spec, 'containers')), ...asList(own(spec, 'initContainers'))].some(container => [
    ...asList(own(container, 'command')),
    ...asList(own(container, 'args')),
    ...asList(own(container, 'env')).map(variable => own(variable, 'value')),
  ].some(text => number.test(asText(text) ?? '')));
}
