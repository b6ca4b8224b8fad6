import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { ApiServerTlsExemption } from './api-server-tls-exemption';
import { NetworkingApiVersion, SecurityApiVersion } from './api-version';
import { MtlsMode } from '../mesh/mtls-mode';
import { AppIndex } from './private/app-index';
import { begin } from './private/begin';
import { writeModeRule } from './private/destination-rule';
import { fail, show } from './private/errors';
import { objectMetadata, requireNamespace, requireSameNamespace } from './private/metadata';
import { ambientFaults, writePolicy } from './private/policy';
import { requireEnum } from './private/require';

/** Options of a `NamespaceMtls`. */
export interface NamespaceMtlsProps {
  /**
   * The name of the namespace. Not the root namespace, whose policy counts for
   * the whole mesh.
   *
   * @default - the namespace of the chart; an error where it has none
   */
  readonly namespace?: string;

  /** What the workloads of the namespace accept where no policy of their own says otherwise. */
  readonly mode: MtlsMode;

  /**
   * Metadata of the PeerAuthentication.
   *
   * @default - named `default`
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * The API version of the PeerAuthentication.
   *
   * @default SecurityApiVersion.V1
   */
  readonly apiVersion?: SecurityApiVersion;

  /**
   * Metadata of the DestinationRule that is written where auto mTLS is off.
   *
   * @default - named `default`
   */
  readonly ruleMetadata?: ApiObjectMetadata;

  /**
   * The API version of the DestinationRules that are written where auto mTLS is off.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly ruleApiVersion?: NetworkingApiVersion;
}

/**
 * The mode of one namespace: a PeerAuthentication without selector.
 *
 * Istio takes the oldest such policy of a namespace, as a whole, so there should
 * be one.
 *
 * Where auto mTLS is off (`IstioMesh`, `autoMtls: false`), a DestinationRule for
 * `*.<namespace>.svc.<cluster domain>` tells clients what to send: mesh
 * certificates for STRICT and PERMISSIVE, plaintext for DISABLE. It counts before
 * a rule for the whole mesh. For the namespace `default` it would cover the API
 * server, so the `ApiServerTlsExemption` is written beside it.
 */
export class NamespaceMtls extends Construct {
  /** The PeerAuthentication. */
  public readonly policy: ApiObject;

  /** The DestinationRule for the namespace's Services. Only there where auto mTLS is off and the mode is not UNSET. */
  public readonly rule?: ApiObject;

  /** The exemption of the API server. Only there beside a `rule` with mesh certificates for the namespace `default`. */
  public readonly apiServerExemption?: ApiServerTlsExemption;

  constructor(scope: Construct, id: string, props: NamespaceMtlsProps) {
    super(scope, id);
    const state = begin(this, props);
    const mode = requireEnum(this, 'mode', props.mode, MtlsMode);
    const { autoMtls, rootNamespace, clusterDomain } = state.facts(this);
    const namespace = requireNamespace(this, props);
    if (namespace === rootNamespace) {
      fail(this, `${show(namespace)} is the root namespace, where a policy without selector counts for the whole mesh; use MeshMtls if that is meant`);
    }
    requireSameNamespace(this, 'ruleMetadata', props.ruleMetadata, namespace);
    this.policy = writePolicy(this, 'Resource', props.apiVersion, objectMetadata(props.metadata, 'default', namespace), { mtls: { mode } });
    if (!autoMtls && mode !== MtlsMode.UNSET) {
      const plaintext = mode === MtlsMode.DISABLE;
      this.rule = writeModeRule(this, 'Rule', props.ruleApiVersion, objectMetadata(props.ruleMetadata, 'default', namespace),
        `*.${namespace}.svc.${clusterDomain}`, plaintext ? 'DISABLE' : 'ISTIO_MUTUAL');
      if (namespace === 'default' && !plaintext) {
        this.apiServerExemption = new ApiServerTlsExemption(this, 'ApiServer', { namespace, apiVersion: props.ruleApiVersion });
      }
    }
    if (mode === MtlsMode.DISABLE) {
      state.defer(this, () => ambientFaults(AppIndex.of(this, this), namespace));
    }
  }
}
