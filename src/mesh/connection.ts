import { ClientSends, Wire } from './client/wire';
import { Decision, Reason, reasonJson, ReasonJson } from './decision';
import { pathText } from './json';
import { KnownCalls } from './known/known-calls';
import { Outcome } from './server/outcome';
import { ServerMode } from './server/server-mode';
import { Service } from './services/service';
import { Workload } from './workloads/workload';

/** One call of a client workload to one endpoint of a service port. */
export interface Connection {
  readonly client: Workload;
  readonly service: Service;
  readonly host: string;
  /** The service port. */
  readonly port: number;
  /** The subset that is called, or empty. */
  readonly subset: string;
  /** The workload that answers; undefined outside the mesh. */
  readonly server?: Workload;
  /** The workload port that answers. */
  readonly targetPort: number;
  readonly wire: Decision<Wire>;
  readonly serverMode: Decision<ServerMode>;
  /** What becomes of the bytes of the call, where they come. */
  readonly outcome: Decision<Outcome>;
  /** Why they never come, and nothing refuses the call either: both sides wait for each other. */
  readonly hangs?: Reason;
  /** What the client gets: the outcome, or `fail` where the call hangs. */
  readonly result: Outcome;
  /** Whether the manifests show that the call is made; worked out when it is asked for. */
  readonly known: boolean;
}

/** What is told of a connection. */
export type ConnectionFacts = Omit<Connection, 'known' | 'result'>;

/** A connection that looks up only when asked whether its call is known. */
export class FoundConnection implements Connection {
  readonly client: Workload;
  readonly service: Service;
  readonly host: string;
  readonly port: number;
  readonly subset: string;
  readonly server?: Workload;
  readonly targetPort: number;
  readonly wire: Decision<Wire>;
  readonly serverMode: Decision<ServerMode>;
  readonly outcome: Decision<Outcome>;
  readonly hangs?: Reason;

  constructor(facts: ConnectionFacts, private readonly knownCalls: KnownCalls) {
    this.client = facts.client;
    this.service = facts.service;
    this.host = facts.host;
    this.port = facts.port;
    this.subset = facts.subset;
    this.server = facts.server;
    this.targetPort = facts.targetPort;
    this.wire = facts.wire;
    this.serverMode = facts.serverMode;
    this.outcome = facts.outcome;
    this.hangs = facts.hangs;
  }

  get result(): Outcome {
    return this.hangs === undefined ? this.outcome.value : 'fail';
  }

  get known(): boolean {
    return this.knownCalls.isKnown(this.client, this.host, this.port, this.subset);
  }

  /** The same call with other facts. */
  with(facts: Partial<ConnectionFacts>): FoundConnection {
    return new FoundConnection({ ...this, ...facts }, this.knownCalls);
  }
}

/** What every format says of a connection. */
export interface CallFacts {
  readonly client: string;
  readonly host: string;
  /** The service port. */
  readonly port: number;
  readonly subset: string;
  /** The workload that answers; null outside the mesh. */
  readonly server: string | null;
  /** The workload port. */
  readonly targetPort: number;
  readonly clientSends: ClientSends;
  readonly serverMode: ServerMode;
  readonly outcome: Outcome;
}

/** A connection as the command line prints it. */
export interface ConnectionJson extends CallFacts {
  /** There only where the call hangs: what `outcome` says happens to bytes that never come. */
  readonly hangs?: true;
  readonly because: readonly ReasonJson[];
  readonly known: boolean;
}

/** Everything that the outcome hangs on, each step once, the deciding one first. */
export function reasonsOf({ hangs, outcome, wire, serverMode }: Connection): readonly Reason[] {
  const reasons: Reason[] = hangs === undefined ? [] : [hangs];
  for (const reason of [...outcome.because, ...wire.because, ...serverMode.because]) {
    if (!reasons.some(other => says(other, reason))) reasons.push(reason);
  }
  return reasons;
}

/** Whether a reason already says what another one does: it is the same, or quotes it. */
function says(one: Reason, other: Reason): boolean {
  return one === other || (one.object === other.object && pathText(one.field) === pathText(other.field) && one.text.endsWith(other.text));
}

/** What every format says of a connection, as plain data. */
export function callFacts({ client, host, port, subset, server, targetPort, wire, serverMode, outcome }: Connection): CallFacts {
  return {
    client: client.key,
    host,
    port,
    subset,
    server: server?.key ?? null,
    targetPort,
    clientSends: wire.value.sends,
    serverMode: serverMode.value,
    outcome: outcome.value,
  };
}

/** A connection as plain data. */
export function connectionJson(connection: Connection): ConnectionJson {
  const { hangs, known } = connection;
  return { ...callFacts(connection), ...hangs === undefined ? {} : { hangs: true }, because: reasonsOf(connection).map(reasonJson), known };
}
