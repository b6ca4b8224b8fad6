import { IConstruct } from 'constructs';
import type * as Engine from './report-engine';
import { AcceptedMode, CallOutcome, CallVerdict, ClientSends, ModeVerdict } from './verdicts';
import type { Connection } from '../mesh/connection';
import { MeshSettings } from '../mesh/settings';
import { Finding } from '../rules/finding';

/** What a report of manifests is told beside them. */
export interface MtlsReportOptions {
  /**
   * The facts of the mesh that the manifests do not state themselves.
   *
   * @default - Istio's defaults
   */
  readonly settings?: MeshSettings;

  /**
   * The day that counts as today, as `YYYY-MM-DD`.
   *
   * @default - exceptions are not checked against their `expires` date
   */
  readonly today?: string;
}

/** Which of the calls to a service port is meant. */
export interface CallOptions {
  /**
   * The subset of a DestinationRule.
   *
   * @default - the call names none
   */
  readonly subset?: string;
}

/**
 * What Istio does with the mutual TLS of a mesh: a picture of it for people, the
 * same as data, and answers about single calls and workload ports for tests.
 *
 * A report speaks of the app, or of the manifests, as they were when it was made.
 */
export class MtlsReport {
  /**
   * The report of the app that a construct is in, as it is now: every object of
   * it, whoever made it, with what `IstioMesh` and `MtlsValidation` were told. The
   * app need not be synthesized before.
   *
   * Throws when a construct was given something that cannot be right.
   */
  public static of(scope: IConstruct): MtlsReport {
    return new MtlsReport(engine().albumOfApp(scope));
  }

  /**
   * The report of manifests as text: YAML or JSON, several documents or a list.
   *
   * Throws for a part that cannot be read, with its line and column.
   */
  public static fromYaml(yaml: string, options: MtlsReportOptions = {}): MtlsReport {
    return new MtlsReport(engine().albumOfYaml(yaml, options));
  }

  /**
   * The report of manifests in files and folders.
   *
   * Throws for a file or a part of it that cannot be read.
   */
  public static fromFiles(paths: string[], options: MtlsReportOptions = {}): MtlsReport {
    return new MtlsReport(engine().albumOfFiles(paths, options));
  }

  private constructor(private readonly album: Engine.Album) {}

  /** One HTML page that needs nothing else: it works from disk, and without a network. */
  public html(): string {
    return this.album.text('html');
  }

  /** All that the page shows, as JSON. Its `version` grows when a field changes its meaning or goes. */
  public json(): string {
    return this.album.text('json');
  }

  /** The graph of the known calls as a Mermaid flowchart, which Markdown on code hosts draws. */
  public mermaid(): string {
    return this.album.text('mermaid');
  }

  /** The graph of the known calls for Graphviz. */
  public dot(): string {
    return this.album.text('dot');
  }

  /**
   * Writes the report to a file. The ending of its name says as what: `.html`,
   * `.json`, `.mmd` (Mermaid) or `.dot`.
   *
   * Throws when the ending is another one, or the file cannot be written.
   */
  public write(path: string): void {
    this.album.write(path);
  }

  /** The findings, errors first, then by place; acknowledged ones with their reason. */
  public findings(): Finding[] {
    return [...this.album.survey.findings];
  }

  /**
   * What becomes of a call. Where several workloads answer, the worst of what can
   * happen; `connections` has all.
   *
   * Throws when there is no such workload, host, service port or subset, and names
   * those that there are.
   *
   * @param client the workload that calls, as `namespace/name`
   * @param host the host as the client writes it: `customers`, `customers.shop` or in full
   * @param servicePort the port of the Service, which need not be that of the workload
   */
  public connection(client: string, host: string, servicePort: number, options: CallOptions = {}): CallVerdict {
    const { WEIGHT } = engine();
    const all = this.connections(client, host, servicePort, options);
    return all.reduce((worst, one) => WEIGHT.indexOf(one.outcome) < WEIGHT.indexOf(worst.outcome) ? one : worst);
  }

  /**
   * What becomes of a call at each workload that answers, by their names.
   *
   * Throws as `connection` does.
   *
   * @param client the workload that calls, as `namespace/name`
   * @param host the host as the client writes it: `customers`, `customers.shop` or in full
   * @param servicePort the port of the Service, which need not be that of the workload
   */
  public connections(client: string, host: string, servicePort: number, options: CallOptions = {}): CallVerdict[] {
    return this.ask(client, host, servicePort, options).map(verdictOf);
  }

  /**
   * What a workload port accepts.
   *
   * Throws when there is no such workload.
   *
   * @param workload the workload, as `namespace/name`
   * @param workloadPort the port that its containers listen on
   */
  public mode(workload: string, workloadPort: number): ModeVerdict {
    const { askMode, reasonText } = engine();
    const { value, because } = askMode(this.album.survey.mesh.model, workload, workloadPort);
    return { mode: value as AcceptedMode, because: because.map(reasonText) };
  }

  /**
   * Throws when a call ends otherwise at any workload that answers, and says which
   * fields decide: for tests, in any language and with any test runner.
   *
   * @param client the workload that calls, as `namespace/name`
   * @param host the host as the client writes it: `customers`, `customers.shop` or in full
   * @param servicePort the port of the Service, which need not be that of the workload
   * @param outcome how the call has to end
   */
  public expectConnection(client: string, host: string, servicePort: number, outcome: CallOutcome, options: CallOptions = {}): void {
    this.expect(this.ask(client, host, servicePort, options), outcome, ({ result }) => result === outcome);
  }

  /**
   * Throws when a call does not carry the mutual TLS of the mesh, between sidecars
   * or in ambient, at any workload that answers, and says which fields decide.
   *
   * @param client the workload that calls, as `namespace/name`
   * @param host the host as the client writes it: `customers`, `customers.shop` or in full
   * @param servicePort the port of the Service, which need not be that of the workload
   */
  public expectMutualTls(client: string, host: string, servicePort: number, options: CallOptions = {}): void {
    this.expect(this.ask(client, host, servicePort, options), 'mtls or hbone', ({ result }) => result === 'mtls' || result === 'hbone');
  }

  /**
   * Throws when a workload port accepts something else, and says which fields decide.
   *
   * @param workload the workload, as `namespace/name`
   * @param workloadPort the port that its containers listen on
   * @param mode what the port has to accept
   */
  public expectMode(workload: string, workloadPort: number, mode: AcceptedMode): void {
    const { askMode, modeText } = engine();
    const found = askMode(this.album.survey.mesh.model, workload, workloadPort);
    if (found.value !== mode) throw new Error(modeText(workload, workloadPort, mode, found));
  }

  private ask(client: string, host: string, port: number, { subset = '' }: CallOptions): readonly Connection[] {
    return engine().askConnections(this.album.survey.mesh.model, { client, host, port, subset });
  }

  private expect(connections: readonly Connection[], expected: string, holds: (connection: Connection) => boolean): void {
    const wrong = connections.filter(connection => !holds(connection));
    if (wrong.length > 0) throw new Error(wrong.map(connection => engine().callText(connection, expected)).join('\n'));
  }
}

function verdictOf(connection: Connection): CallVerdict {
  const { reasonsOf, reasonText } = engine();
  const { client, host, port, server, targetPort, wire, serverMode, result, known } = connection;
  return {
    client: client.key,
    host,
    servicePort: port,
    ...server === undefined ? {} : { server: server.key },
    workloadPort: targetPort,
    clientSends: wire.value.sends as ClientSends,
    serverMode: serverMode.value as AcceptedMode,
    outcome: result as CallOutcome,
    known,
    because: reasonsOf(connection).map(reasonText),
  };
}

function engine(): typeof Engine {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./report-engine');
}
