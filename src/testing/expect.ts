import { IConstruct } from 'constructs';
import { MeshUnderTest } from './mesh-under-test';
import { askConnections, askMode, callText, modeText } from '../ask/questions';
import { Connection } from '../mesh/connection';
import { Decision } from '../mesh/decision';
import { Outcome } from '../mesh/server/outcome';
import { ServerMode } from '../mesh/server/server-mode';

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
  const { _mesh: { model } } = MeshUnderTest.from(source);
  return new ConnectionExpectation(asked(() => askConnections(model, { client, host, port, subset: options.subset ?? '' }), expectConnection));
}

/** Says what a workload port must accept, and throws an Error that says why it does not. */
export function expectMode(source: IConstruct | MeshUnderTest, workload: string, workloadPort: number): ModeExpectation {
  const { _mesh: { model } } = MeshUnderTest.from(source);
  return new ModeExpectation(workload, workloadPort, asked(() => askMode(model, workload, workloadPort), expectMode));
}

/** What is asked of a call. Where several workloads answer, it is asked of each of them. */
export class ConnectionExpectation {
  constructor(private readonly connections: readonly Connection[]) {}

  /** How the call ends at each workload that answers, by its name. */
  get outcomes(): readonly { readonly server: string | undefined; readonly outcome: Outcome }[] {
    return this.connections.map(({ server, result }) => ({ server: server?.key, outcome: result }));
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
    const wrong = this.connections.filter(({ result }) => !holds(result));
    if (wrong.length > 0) throw failure(wrong.map(one => callText(one, expected)).join('\n'), caller);
  }
}

/** What is asked of a workload port. */
export class ModeExpectation {
  constructor(private readonly workload: string, private readonly workloadPort: number, private readonly mode: Decision<ServerMode>) {}

  /** The workload port accepts this: `STRICT`, `PERMISSIVE`, `DISABLE`, `none` without a proxy, `unknown` where the input does not show it. */
  toBe(mode: ServerMode): void {
    if (this.mode.value !== mode) {
      throw failure(modeText(this.workload, this.workloadPort, mode, this.mode), this.toBe);
    }
  }
}

/** An Error whose stack begins at the line of the test. */
function failure(message: string, caller: (...args: never[]) => void): Error {
  const error = new Error(message);
  Error.captureStackTrace(error, caller);
  return error;
}

/** An answer; the Error of a question that has none begins at the line of the test too. */
function asked<T>(ask: () => T, caller: (...args: never[]) => void): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, caller);
    throw error;
  }
}
