import { didYouMean } from '../collect/nearest';
import { Connection, reasonsOf } from '../mesh/connection';
import { Decision, Reason, reasonJson } from '../mesh/decision';
import { HostNames } from '../mesh/known/host-names';
import { MeshModel } from '../mesh/model';
import { ServerMode } from '../mesh/server/server-mode';
import { Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/*
 * Questions about one call or one workload port, in the words of people. A question
 * that has no answer throws and says what there is, so that a typing error never
 * passes for one.
 */

/** A call that is asked about. */
export interface CallQuestion {
  /** The workload that calls, as `namespace/name`. */
  readonly client: string;
  /** The host as the client writes it. */
  readonly host: string;
  /** The service port. */
  readonly port: number;
  /** Empty for none. */
  readonly subset: string;
}

/** What becomes of a call at each workload that answers, by their names. */
export function askConnections(model: MeshModel, { client: clientKey, host, port: number, subset }: CallQuestion): readonly Connection[] {
  const client = workloadOf(model, clientKey);
  const services = servicesOf(model, client, host);
  const ports = services.flatMap(service => service.ports.filter(port => port.number === number).map(port => ({ service, port })));
  const [{ host: full }] = services;
  if (ports.length === 0) {
    const all = [...new Set(services.flatMap(service => service.ports.map(port => port.number)))];
    const behind = services.flatMap(service => service.ports).find(({ target }) => target === number);
    const hint = behind === undefined ? '' : ` (${number} is the workload port behind service port ${behind.number})`;
    throw new Error(`${full} has no service port ${number}${hint}; its service ports are ${all.join(', ')}`);
  }
  if (services.some(service => model.inventory.isBehind(service, client))) {
    throw new Error(`${clientKey} is behind ${full} itself; ask for the call of another workload`);
  }
  const found = ports.flatMap(({ service, port }) => [...model.callsTo(client, service, port)]);
  const connections = found.filter(one => one.subset === subset);
  if (connections.length === 0 && subset !== '') {
    const subsets = [...new Set(found.map(one => one.subset).filter(name => name !== ''))];
    throw new Error(`no rule that ${clientKey} finds for ${full} has a subset ${JSON.stringify(subset)} with pods; `
      + (subsets.length === 0 ? 'there is none' : `there are ${subsets.sort().join(', ')}`));
  }
  if (connections.length === 0) {
    throw new Error(`nothing answers behind ${full}:${number}; check the selector of ${services[0].object.title}, and that its pods are part of the input`);
  }
  return connections.sort((a, b) => (a.server?.key ?? '') < (b.server?.key ?? '') ? -1 : 1);
}

/** What a workload port accepts. */
export function askMode(model: MeshModel, workload: string, workloadPort: number): Decision<ServerMode> {
  return model.serverMode(workloadOf(model, workload), workloadPort);
}

function workloadOf(model: MeshModel, key: string): Workload {
  const found = model.inventory.workload(key);
  if (found === undefined) {
    throw new Error(`there is no workload ${JSON.stringify(key)}${listed(key, model.inventory.workloads.map(workload => workload.key), 'workloads')}`);
  }
  return found;
}

function servicesOf(model: MeshModel, client: Workload, host: string): readonly Service[] {
  const found = new HostNames(model.inventory, model.settings.clusterDomain).resolve(host.toLowerCase().replace(/\.$/, ''), client.namespace);
  if (found.length === 0) {
    throw new Error(`${client.key} finds no Service or ServiceEntry under ${JSON.stringify(host)}${
      listed(host, model.inventory.services.map(service => service.host), 'hosts')}`);
  }
  return found;
}

function listed(wanted: string, all: readonly string[], noun: string): string {
  const names = [...new Set(all)].sort();
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  return didYouMean(wanted, names) || (names.length === 0 ? `; there are no ${noun}` : `; the ${noun} are ${shown}`);
}

/** What a call comes to, where it should come to something else: what is sent and accepted, and why. */
export function callText(connection: Connection, expected: string): string {
  const { client, host, port, subset, server, targetPort, wire, serverMode, result } = connection;
  const who = server === undefined ? 'outside the mesh' : `${server.key}, workload port ${targetPort}`;
  return [
    `${client.key} -> ${host}:${port}${subset === '' ? '' : ` subset ${subset}`}: expected ${expected}, got ${result}`,
    `    the client sends ${wire.value.sends}; ${who} accepts ${serverMode.value}`,
    ...reasonsOf(connection).map(reason => `    ${reasonText(reason)}`),
  ].join('\n');
}

/** A reason on one line: the object with its place, the field, and what the field does. */
export function reasonText(reason: Reason): string {
  const { object, field, text } = reasonJson(reason);
  const place = reason.object === undefined ? '' : ` (${reason.object.origin.place})`;
  return `${object}${place}${field === '' ? '' : `, ${field}`}: ${text}`;
}

/** What a workload port accepts, where it should accept something else, and why. */
export function modeText(workload: string, workloadPort: number, expected: ServerMode, { value, because }: Decision<ServerMode>): string {
  return [`${workload}, workload port ${workloadPort}: expected ${expected}, got ${value}`, ...because.map(reason => `    ${reasonText(reason)}`)].join('\n');
}
