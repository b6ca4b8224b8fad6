/** The least TLS version that sidecars accept for mesh mTLS. */
export enum TlsVersion {
  /** TLS 1.2, Istio's default. */
  TLS_V1_2 = 'TLSV1_2',
  /** TLS 1.3. */
  TLS_V1_3 = 'TLSV1_3',
}

/** What a sidecar does with traffic to a host that is not in its registry. */
export enum OutboundTrafficMode {
  /** The call leaves as the application wrote it. Istio's default. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** The call fails. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
}

/**
 * Facts about the mesh on which the meaning of policies and rules depends.
 *
 * The names are those of Istio's mesh configuration (`pkg/config/mesh/mesh.go`
 * holds its defaults).
 */
export interface MeshSettings {
  /**
   * Whether clients choose mTLS by themselves where no DestinationRule says
   * otherwise (`meshConfig.enableAutoMtls`).
   *
   * @default true
   */
  readonly autoMtls?: boolean;

  /**
   * The namespace whose selector-less PeerAuthentication counts for the whole
   * mesh (`meshConfig.rootNamespace`).
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;

  /**
   * The trust domain of the mesh's certificates (`meshConfig.trustDomain`).
   *
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;

  /**
   * The DNS domain of the cluster's Services, as in `web.shop.svc.cluster.local`.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * The revision label that joins a namespace to this control plane
   * (`istio.io/rev`).
   *
   * @default - any revision: namespaces join with `istio-injection: enabled`, or with the `istio.io/rev` that they name
   */
  readonly revision?: string;

  /**
   * The least TLS version that a sidecar accepts for mesh mTLS
   * (`meshConfig.meshMTLS.minProtocolVersion`). The greatest is always TLS 1.3.
   *
   * @default TlsVersion.TLS_V1_2
   */
  readonly minProtocolVersion?: TlsVersion;

  /**
   * Whether the control plane has ambient mode enabled.
   *
   * @default - true if a Namespace asks for it with the label `istio.io/dataplane-mode: ambient`
   */
  readonly ambient?: boolean;

  /**
   * Whether sidecars speak HBONE as well, as the ambient profile makes them.
   *
   * @default - the value of `ambient`
   */
  readonly sidecarHbone?: boolean;

  /**
   * What a sidecar does with calls to unknown hosts
   * (`meshConfig.outboundTrafficPolicy.mode`).
   *
   * @default OutboundTrafficMode.ALLOW_ANY
   */
  readonly outboundTrafficMode?: OutboundTrafficMode;

  /**
   * How long a proxy waits for the first bytes of a connection where it has to
   * look at them (`meshConfig.protocolDetectionTimeout`), as Istio writes it:
   * `0s`, `5s`, `0.1s`. Zero is for ever, so that a call hangs whose server
   * speaks first, as MySQL does.
   *
   * @default '0s'
   */
  readonly protocolDetectionTimeout?: string;

  /**
   * Files and folders, as the client's proxy sees them, with certificates that
   * the mesh's own authority issued. A DestinationRule with `mode: MUTUAL` that
   * names them in `clientCertificate` passes a STRICT server; any other does not.
   *
   * @default - the folder to which the proxies write their own certificates, where the mesh configuration or an annotation of the pod names one (`OUTPUT_CERTS` in `proxyMetadata`)
   */
  readonly meshIssuedCertificates?: string[];

  /**
   * Whether a DestinationRule that names no `exportTo` counts in every
   * namespace (`meshConfig.defaultDestinationRuleExportTo`: `*`) or only in its
   * own (`.`).
   *
   * @default true
   */
  readonly exportDestinationRules?: boolean;

  /**
   * Whether the cluster may hold what the input does not show. In an open world
   * a Namespace that is not in the input may have any labels, and an answer that
   * hangs on them says so. In a closed one it has none.
   *
   * @default true
   */
  readonly openWorld?: boolean;
}

/** Whether a text is a duration as Istio's mesh configuration has it (protobuf's JSON form). */
export function isDuration(text: string): boolean {
  return /^\d+(\.\d{1,9})?s$/.test(text);
}

/** The settings with every default filled in. */
export interface ResolvedMeshSettings {
  readonly autoMtls: boolean;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly clusterDomain: string;
  readonly revision?: string;
  readonly minProtocolVersion: TlsVersion;
  readonly ambient: boolean;
  readonly sidecarHbone: boolean;
  /** Nobody has said whether there is ambient mode (or HBONE for sidecars): what Namespaces ask for tells. */
  readonly isAmbientOpen: boolean;
  readonly isHboneOpen: boolean;
  readonly outboundTrafficMode: OutboundTrafficMode;
  readonly protocolDetectionTimeout: string;
  readonly meshIssuedCertificates: readonly string[];
  readonly exportDestinationRules: boolean;
  readonly openWorld: boolean;
  /** One of the possibilities of an open world: all Namespaces that are not in the input give their pods sidecars. */
  readonly isUnknownInjected?: boolean;
}

/**
 * The same where nobody has said whether there is ambient mode: what the objects
 * ask for tells. They are looked at when somebody wants to know it, which in a
 * mesh of sidecars nobody does.
 */
export function openSettings(stated: ResolvedMeshSettings, looksAmbient: () => boolean): ResolvedMeshSettings {
  let answer: boolean | undefined;
  // What another mesh's objects have told counts in a part of it, too.
  const isAmbient = (): boolean => answer ??= stated.ambient || looksAmbient();
  return {
    ...stated,
    get ambient() {
      return isAmbient();
    },
    get sidecarHbone() {
      return stated.isHboneOpen ? isAmbient() : stated.sidecarHbone;
    },
  };
}

/** Fills in Istio's defaults. */
export function resolveSettings(given: MeshSettings = {}): ResolvedMeshSettings {
  const ambient = given.ambient ?? false;
  return {
    autoMtls: given.autoMtls ?? true,
    rootNamespace: given.rootNamespace ?? 'istio-system',
    trustDomain: given.trustDomain ?? 'cluster.local',
    clusterDomain: given.clusterDomain ?? 'cluster.local',
    revision: given.revision,
    minProtocolVersion: given.minProtocolVersion ?? TlsVersion.TLS_V1_2,
    ambient,
    sidecarHbone: given.sidecarHbone ?? ambient,
    isAmbientOpen: given.ambient === undefined,
    isHboneOpen: given.sidecarHbone === undefined,
    outboundTrafficMode: given.outboundTrafficMode ?? OutboundTrafficMode.ALLOW_ANY,
    protocolDetectionTimeout: given.protocolDetectionTimeout ?? '0s',
    meshIssuedCertificates: given.meshIssuedCertificates ?? [],
    exportDestinationRules: given.exportDestinationRules ?? true,
    openWorld: given.openWorld ?? true,
  };
}
