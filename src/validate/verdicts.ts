/** How a call ends. */
export enum CallOutcome {
  /** With the mutual TLS of the mesh, between sidecars. */
  MTLS = 'mtls',
  /** With the mutual TLS of the mesh, in the tunnel of ambient mode. */
  HBONE = 'hbone',
  /** It arrives as the application wrote it. */
  PLAINTEXT = 'plaintext',
  /** TLS that is not the mesh's reaches the application, which has to speak it. */
  TLS_TO_APP = 'tls-to-app',
  /** It does not arrive. */
  FAIL = 'fail',
  /** It hangs on what the objects do not show. */
  DEPENDS = 'depends',
}

/** What a client puts on the wire. */
export enum ClientSends {
  /** What the application wrote. */
  PLAINTEXT = 'plaintext',
  /** The mutual TLS of the mesh. */
  ISTIO_MTLS = 'istio-mtls',
  /** TLS that a DestinationRule asks for, with certificates of one's own or none. */
  TLS = 'tls',
  /** A tunnel with the mutual TLS of ambient mode. */
  HBONE = 'hbone',
  /** Nothing: the client's proxy does not let the call out. */
  NONE = 'none',
  /** It hangs on what the objects do not show. */
  UNKNOWN = 'unknown',
}

/** What a workload port accepts. */
export enum AcceptedMode {
  /** Only mutual TLS of the mesh. */
  STRICT = 'STRICT',
  /** Mutual TLS of the mesh, and plaintext. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plaintext only. */
  DISABLE = 'DISABLE',
  /** Whatever the application does: no proxy answers on the port. */
  NONE = 'none',
  /** It hangs on what the objects do not show. */
  UNKNOWN = 'unknown',
}

/** What becomes of a call at one workload that answers. */
export interface CallVerdict {
  /** The workload that calls, as `namespace/name`. */
  readonly client: string;

  /** The host in full. */
  readonly host: string;

  /** The service port. */
  readonly servicePort: number;

  /**
   * The workload that answers, as `namespace/name`.
   *
   * @default - the endpoint is outside the mesh
   */
  readonly server?: string;

  /** The workload port that answers. */
  readonly workloadPort: number;

  /** What the client puts on the wire. */
  readonly clientSends: ClientSends;

  /** What the workload port accepts. */
  readonly serverMode: AcceptedMode;

  /** How the call ends. */
  readonly outcome: CallOutcome;

  /** Whether the objects show that the call is made. */
  readonly known: boolean;

  /** The fields that decide, a line each, the deciding one first. */
  readonly because: string[];
}

/** What a workload port accepts, and why. */
export interface ModeVerdict {
  /** What is accepted. */
  readonly mode: AcceptedMode;

  /** The fields that decide, a line each, the deciding one first. */
  readonly because: string[];
}
