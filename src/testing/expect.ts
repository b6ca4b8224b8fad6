import { IConstruct } from 'constructs';
import { MeshUnderTest } from './mesh-under-test';
import { didYouMean } from '../collect/nearest';
import { Connection, reasonsOf } from '../mesh/connection';
import { Decision, Reason, reasonJson } from '../mesh/decision';
import { HostNames } from '../mesh/known/host-names';
import { Outcome } from '../mesh/server/outcome';
import { ServerMode } from '../mesh/server/server-mode';
import { Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** Which of the calls to a service port is meant. */
export interface ConnectionOptions {
  /** The subset of a DestinationRule. By default the call names none. */
  readonly subset?: string;
}

/**
 * Says what must become of a call, and throws an Error that says why it does not.
 *
 * Works in every test runner: there is nothing but an Error.
 *
 * @param source the app, a construct in it, or manifests (`MeshUnderTest.ofYaml`, `.ofFiles`)
 * @param client the workload that calls, as `namespace/name`
 * @param host the host as the client writes it: `customers`, `customers.shop` or in full
 * @param port the service port
 */
export function expectConnection(source: IConstruct | MeshUnderTest, client: string, host: string, port: number, options: ConnectionOptions = {}):
ConnectionExpectation {
  return new ConnectionExpectation(find(MeshUnderTest.from(source), client, host, port, options.subset ?? ''));
}

/** Says what a workload port must accept, and throws an Error that says why it does not. */
export function expectMode(source: IConstruct | MeshUnderTest, workload: string, workloadPort: number): ModeExpectation {
  const { _mesh: { model } } = MeshUnderTest.from(source);
  return new ModeExpectation(`${workload}, workload port ${workloadPort}`, model.serverMode(workloadOf(MeshUnderTest.from(source), workload), workloadPort));
}

/** What is asked of a call. Where several workloads answer, it is asked of each of them. */
export class ConnectionExpectation {
  constructor(private readonly connections: readonly Connection[]) {}

  /** How the call ends at each workload that answers, by its name. */
  get outcomes(): readonly { readonly server: string | undefined; readonly outcome: Outcome }[] {
    return this.connections.map(({ server, outcome }) => ({ server: server?.key, outcome: outcome.value }));
  }

  /** The call ends so, whoever answers. `mtls` is what sidecars speak, and `hbone` what ambient does. */
  toBe(outcome: Outcome): void {
    this.require(outcome, one => one === outcome, this.toBe);
  }

  /** The call does not end so, whoever answers. */
  notToBe(outcome: Outcome): void {
    this.require(`not ${outcome}`, one => one !== outcome, this.notToBe);
  }

  /** The call carries the mutual TLS of the mesh, between sidecars or in ambient. */
  toBeMutualTls(): void {
    this.require('mtls or hbone', one => one === 'mtls' || one === 'hbone', this.toBeMutualTls);
  }

  /** The call arrives, in whatever form. */
  toWork(): void {
    this.require('a call that works', one => one !== 'fail' && one !== 'depends', this.toWork);
  }

  private require(expected: string, holds: (outcome: Outcome) => boolean, caller: (...args: never[]) => void): void {
    const wrong = this.connections.filter(({ outcome }) => !holds(outcome.value));
    if (wrong.length > 0) throw failure(wrong.map(one => callText(one, expected)).join('\n'), caller);
  }
}

/** What is asked of a workload port. */
export class ModeExpectation {
  constructor(private readonly title: string, private readonly mode: Decision<ServerMode>) {}

  /** The workload port accepts this: `STRICT`, `PERMISSIVE`, `DISABLE`, `none` without a proxy, `unknown` where the input does not show it. */
  toBe(mode: ServerMode): void {
    if (this.mode.value !== mode) {
      throw failure([`${this.title}: expected ${mode}, got ${this.mode.value}`, ...this.mode.because.map(reasonText)].join('\n'), this.toBe);
    }
  }
}

function find(source: MeshUnderTest, clientKey: string, host: string, number: number, subset: string): readonly Connection[] {
  const { model } = source._mesh;
  const client = workloadOf(source, clientKey);
  const services = servicesOf(source, client, host);
  const ports = services.flatMap(service => service.ports.filter(port => port.number === number).map(port => ({ service, port })));
  const [{ host: full }] = services;
  if (ports.length === 0) {
    const all = [...new Set(services.flatMap(service => service.ports.map(port => port.number)))];
    const behind = services.flatMap(service => service.ports).find(({ target }) => target === number);
    const hint = behind === undefined ? '' : ` (${number} is the workload port behind service port ${behind.number})`;
    throw wrongQuestion(`${full} has no service port ${number}${hint}; its service ports are ${all.join(', ')}`);
  }
  if (services.some(service => model.inventory.isBehind(service, client))) {
    throw wrongQuestion(`${clientKey} is behind ${full} itself; ask for the call of another workload`);
  }
  const found = ports.flatMap(({ service, port }) => [...model.callsTo(client, service, port)]);
  const connections = found.filter(one => one.subset === subset);
  if (connections.length === 0 && subset !== '') {
    const subsets = [...new Set(found.map(one => one.subset).filter(name => name !== ''))];
    throw wrongQuestion(`no rule that ${clientKey} finds for ${full} has a subset ${JSON.stringify(subset)} with pods; `
      + (subsets.length === 0 ? 'there is none' : `there are ${subsets.sort().join(', ')}`));
  }
  if (connections.length === 0) {
    throw wrongQuestion(`nothing answers behind ${full}:${number}; check the selector of ${services[0].object.title}, and that its pods are part of the input`);
  }
  return connections.sort((a, b) => (a.server?.key ?? '') < (b.server?.key ?? '') ? -1 : 1);
}

function workloadOf({ _mesh: { model } }: MeshUnderTest, key: string): Workload {
  const found = model.inventory.workload(key);
  if (found === undefined) {
    throw wrongQuestion(`there is no workload ${JSON.stringify(key)}${listed(key, model.inventory.workloads.map(workload => workload.key), 'workloads')}`);
  }
  return found;
}

function servicesOf({ _mesh: { model } }: MeshUnderTest, client: Workload, host: string): readonly Service[] {
  const found = new HostNames(model.inventory, model.settings.clusterDomain).resolve(host.toLowerCase().replace(/\.$/, ''), client.namespace);
  if (found.length === 0) {
    throw wrongQuestion(`${client.key} finds no Service or ServiceEntry under ${JSON.stringify(host)}${
      listed(host, model.inventory.services.map(service => service.host), 'hosts')}`);
  }
  return found;
}

function listed(wanted: string, all: readonly string[], noun: string): string {
  const names = [...new Set(all)].sort();
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  return didYouMean(wanted, names) || (names.length === 0 ? `; there are no ${noun}` : `; the ${noun} are ${shown}`);
}

function callText(connection: Connection, expected: string): string {
  const { client, host, port, subset, server, targetPort, wire, serverMode, outcome } = connection;
  const who = server === undefined ? 'outside the mesh' : `${server.key}, workload port ${targetPort}`;
  return [
    `${client.key} -> ${host}:${port}${subset === '' ? '' : ` subset ${subset}`}: expected ${expected}, got ${outcome.value}`,
    `    the client sends ${wire.value.sends}; ${who} accepts ${serverMode.value}`,
    ...reasonsOf(connection).map(reasonText),
  ].join('\n');
}

function reasonText(reason: Reason): string {
  const { object, field, text } = reasonJson(reason);
  const place = reason.object === undefined ? '' : ` (${reason.object.origin.place})`;
  return `    ${object}${place}${field === '' ? '' : `, ${field}`}: ${text}`;
}

/** An Error whose stack begins at the line of the test. */
function failure(message: string, caller: (...args: never[]) => void): Error {
  const error = new Error(message);
  Error.captureStackTrace(error, caller);
  return error;
}

function wrongQuestion(message: string): Error {
  return failure(message, expectConnection);
}
