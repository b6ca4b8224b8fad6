import { ApiObject, ApiObjectMetadata, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { writeClusterObject } from './private/cluster-object';
import { fail, show } from './private/errors';
import { chartOf, objectMetadata } from './private/metadata';
import { requireArray, requireBoolean, requireDnsLabel, requireEnum, requireHost, requireObject, requireText, requireTexts } from './private/require';
import { isDuration, MeshSettings, OutboundTrafficMode, ResolvedMeshSettings, TlsVersion } from '../mesh/settings';
import { AppState } from '../validate/app-state';
import { installValidation } from '../validate/install';

/** Options of an `IstioMesh`: the facts of the mesh, as far as they differ from Istio's defaults or should be written. */
export interface IstioMeshProps extends MeshSettings {
  /**
   * Kubernetes objects, as plain data, that are in the cluster but not in the
   * app: manifests of other teams, or an export. They count as present for every
   * check, and are not synthesized.
   *
   * @default - the app is all there is to see
   */
  readonly context?: { [field: string]: any }[];
}

/** Options of `IstioMesh.writeConfigMap()`. */
export interface MeshConfigMapProps {
  /**
   * Metadata of the ConfigMap.
   *
   * @default - named `istio`, or `istio-<revision>`, in the root namespace
   */
  readonly metadata?: ApiObjectMetadata;
}

/** Options of `IstioMesh.writeSailIstio()`. */
export interface SailIstioProps {
  /** The version of Istio to install, as the operator names it, such as `v1.28.0`. */
  readonly version: string;

  /**
   * The name of the resource, which is the name of the revision too. `default`
   * makes the default revision.
   *
   * @default - the revision of the mesh, else `default`
   */
  readonly name?: string;

  /**
   * The namespace in which the operator installs the control plane.
   *
   * @default - the root namespace of the mesh
   */
  readonly namespace?: string;

  /**
   * Metadata of the Istio resource.
   *
   * @default - the name alone
   */
  readonly metadata?: ApiObjectMetadata;
}

/**
 * The facts of the mesh that the other constructs and the validation go by.
 *
 * It describes a mesh that is there and writes nothing by itself. To set what it
 * states, write the mesh configuration in the form in which Istio was installed:
 * `writeConfigMap`, `writeSailIstio` or `helmValues`. Only facts that were stated
 * are written; Istio's defaults stay its own.
 *
 * The validation takes what is not stated from the mesh configuration among the
 * objects of the app (the ConfigMap `istio`, an `Istio` or `IstioOperator`
 * resource), and reports what contradicts it (MTLS902).
 *
 * Create it before the constructs that go by it, and once in an app; anything
 * else is an error.
 */
export class IstioMesh extends Construct {
  /** Whether clients choose mutual TLS by themselves. */
  public readonly autoMtls: boolean;

  /** The namespace of mesh-wide policies and rules. */
  public readonly rootNamespace: string;

  /** The trust domain of the mesh's certificates. */
  public readonly trustDomain: string;

  /** The DNS domain of the cluster's Services. */
  public readonly clusterDomain: string;

  /** The revision of the control plane; nothing for the default revision. */
  public readonly revision?: string;

  /** The least TLS version that sidecars accept for mesh mutual TLS. */
  public readonly minProtocolVersion: TlsVersion;

  /** Whether the control plane has ambient mode enabled. */
  public readonly ambient: boolean;

  /** Whether sidecars speak HBONE as well. */
  public readonly sidecarHbone: boolean;

  /** What a sidecar does with calls to unknown hosts. */
  public readonly outboundTrafficMode: OutboundTrafficMode;

  /** How long a proxy waits for the first bytes of a connection; `0s` is for ever. */
  public readonly protocolDetectionTimeout: string;

  /** Files and folders with certificates of the mesh's own authority, beside those that proxies write. */
  public readonly meshIssuedCertificates: string[];

  /** Whether a DestinationRule that names no `exportTo` counts in every namespace. */
  public readonly exportDestinationRules: boolean;

  /** Whether a Namespace that is not among the objects may have any labels. */
  public readonly openWorld: boolean;

  private readonly stated: MeshSettings;

  constructor(scope: Construct, id: string, props: IstioMeshProps = {}) {
    super(scope, id);
    this.stated = this.requireSettings(requireObject(this, 'props', props));
    installValidation(this);
    const state = AppState.of(this);
    state.stateFacts(this, this.stated);
    state.context = this.requireContext(props.context ?? []);
    const facts: ResolvedMeshSettings = state.currentFacts();
    this.autoMtls = facts.autoMtls;
    this.rootNamespace = facts.rootNamespace;
    this.trustDomain = facts.trustDomain;
    this.clusterDomain = facts.clusterDomain;
    this.revision = facts.revision;
    this.minProtocolVersion = facts.minProtocolVersion;
    this.ambient = facts.ambient;
    this.sidecarHbone = facts.sidecarHbone;
    this.outboundTrafficMode = facts.outboundTrafficMode;
    this.protocolDetectionTimeout = facts.protocolDetectionTimeout;
    this.meshIssuedCertificates = [...facts.meshIssuedCertificates];
    this.exportDestinationRules = facts.exportDestinationRules;
    this.openWorld = facts.openWorld;
  }

  /**
   * Writes the mesh configuration as the ConfigMap that istiod reads
   * (`istio`, or `istio-<revision>`, key `mesh`).
   *
   * For a control plane whose ConfigMap nobody else manages, such as the istiod
   * chart with `configMap: false`: it holds nothing but what was stated.
   *
   * @param scope the chart, or a construct in one
   * @param id the id of the ConfigMap in that scope
   */
  public writeConfigMap(scope: Construct, id: string, props: MeshConfigMapProps = {}): ApiObject {
    requireObject(this, 'props', props);
    const name = this.revision === undefined ? 'istio' : `istio-${this.revision}`;
    const namespace = props.metadata?.namespace ?? this.rootNamespace;
    return new ApiObject(scope, id, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: objectMetadata(props.metadata, name, namespace),
      data: { mesh: Yaml.stringify(this.meshConfig()) },
    });
  }

  /**
   * Writes the mesh configuration as an `Istio` resource of the Sail operator
   * (`sailoperator.io/v1`).
   *
   * An error where its name, which makes the revision, is not the revision of the
   * mesh.
   *
   * @param scope the chart, or a construct in one
   * @param id the id of the resource in that scope
   */
  public writeSailIstio(scope: Construct, id: string, props: SailIstioProps): ApiObject {
    requireObject(this, 'props', props);
    const version = requireText(this, 'version', props.version);
    const name = requireDnsLabel(this, 'name', props.name ?? props.metadata?.name ?? this.revision ?? 'default');
    if (name !== (this.revision ?? name) || (props.metadata?.name ?? name) !== name) {
      fail(this, `'name' must be the revision of the mesh, ${show(this.revision ?? props.metadata?.name)}, because the operator makes the revision from it; got ${show(name)}`);
    }
    const namespace = requireDnsLabel(this, 'namespace', props.namespace ?? this.rootNamespace);
    // The operator decides the revision itself, and has the profile beside the values.
    const { profile, revision: _, ...values } = this.helmValues();
    chartOf(scope);
    return writeClusterObject(scope, id, {
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: objectMetadata(props.metadata, name),
      spec: { version, namespace, ...(profile === undefined ? {} : { profile }), values },
    });
  }

  /**
   * The mesh configuration as values of the `istiod` Helm chart, as plain data.
   */
  public helmValues(): { [field: string]: any } {
    const { revision, ambient, clusterDomain } = this.stated;
    return {
      ...(ambient === true ? { profile: 'ambient' } : {}),
      ...(revision === undefined ? {} : { revision }),
      ...(clusterDomain === undefined ? {} : { global: { proxy: { clusterDomain } } }),
      meshConfig: this.meshConfig(),
    };
  }

  /** The mesh configuration as values of the `istiod` Helm chart, as YAML. */
  public helmValuesYaml(): string {
    return Yaml.stringify(this.helmValues());
  }

  /** Istio's MeshConfig, with the fields that were stated (istio/api, `mesh/v1alpha1/config.proto`). */
  private meshConfig(): { [field: string]: unknown } {
    const {
      autoMtls, rootNamespace, trustDomain, minProtocolVersion, outboundTrafficMode, protocolDetectionTimeout, exportDestinationRules, sidecarHbone,
    } = this.stated;
    return {
      ...(autoMtls === undefined ? {} : { enableAutoMtls: autoMtls }),
      ...(rootNamespace === undefined ? {} : { rootNamespace }),
      ...(trustDomain === undefined ? {} : { trustDomain }),
      ...(minProtocolVersion === undefined ? {} : { meshMTLS: { minProtocolVersion } }),
      ...(outboundTrafficMode === undefined ? {} : { outboundTrafficPolicy: { mode: outboundTrafficMode } }),
      ...(protocolDetectionTimeout === undefined ? {} : { protocolDetectionTimeout }),
      ...(exportDestinationRules === undefined ? {} : { defaultDestinationRuleExportTo: [exportDestinationRules ? '*' : '.'] }),
      ...(sidecarHbone === undefined ? {} : { defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: `${sidecarHbone}` } } }),
    };
  }

  /** The settings among the props, if all are of the right kind. */
  private requireSettings(props: IstioMeshProps): MeshSettings {
    const given = <T>(what: keyof MeshSettings, value: T | undefined, check: (owner: Construct, what: string, value: unknown) => T) =>
      (value === undefined ? undefined : check(this, what, value));
    // The compiler sees to it that none is forgotten: it would be silently ignored.
    const settings: { readonly [name in keyof Required<MeshSettings>]: MeshSettings[name] } = {
      autoMtls: given('autoMtls', props.autoMtls, requireBoolean),
      rootNamespace: given('rootNamespace', props.rootNamespace, requireDnsLabel),
      trustDomain: given('trustDomain', props.trustDomain, requireDomain),
      clusterDomain: given('clusterDomain', props.clusterDomain, requireDomain),
      revision: given('revision', props.revision, requireDnsLabel),
      minProtocolVersion: given('minProtocolVersion', props.minProtocolVersion, (owner, what, value) => requireEnum(owner, what, value, TlsVersion)),
      ambient: given('ambient', props.ambient, requireBoolean),
      sidecarHbone: given('sidecarHbone', props.sidecarHbone, requireBoolean),
      outboundTrafficMode: given('outboundTrafficMode', props.outboundTrafficMode,
        (owner, what, value) => requireEnum(owner, what, value, OutboundTrafficMode)),
      protocolDetectionTimeout: given('protocolDetectionTimeout', props.protocolDetectionTimeout, requireDuration),
      meshIssuedCertificates: given('meshIssuedCertificates', props.meshIssuedCertificates, requirePaths),
      exportDestinationRules: given('exportDestinationRules', props.exportDestinationRules, requireBoolean),
      openWorld: given('openWorld', props.openWorld, requireBoolean),
    };
    return settings;
  }

  private requireContext(context: readonly unknown[]): readonly unknown[] {
    requireArray(this, 'context', context, 'Kubernetes objects');
    context.forEach((object, i) => {
      const { kind, apiVersion } = requireObject(this, `context[${i}]`, object as { kind?: unknown; apiVersion?: unknown });
      if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
        fail(this, `'context[${i}]' must be a Kubernetes object with apiVersion and kind, as plain data; got ${show(object)}`);
      }
    });
    return context;
  }
}

function requireDomain(owner: Construct, what: string, value: unknown): string {
  const domain = requireHost(owner, what, value);
  return domain.includes('*') ? fail(owner, `'${what}' must be a domain without '*'; got ${show(domain)}`) : domain;
}

function requireDuration(owner: Construct, what: string, value: unknown): string {
  const text = requireText(owner, what, value);
  return isDuration(text) ? text : fail(owner, `'${what}' must be a duration in seconds as Istio writes it, such as '5s'; got ${show(value)}`);
}

function requirePaths(owner: Construct, what: string, value: unknown): string[] {
  const paths = requireTexts(owner, what, value as string[]);
  paths.forEach((path, index) => {
    if (!path.startsWith('/')) fail(owner, `'${what}[${index}]' must be an absolute path; got ${show(path)}`);
  });
  return paths;
}
