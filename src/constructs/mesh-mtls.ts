import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { ApiServerTlsExemption } from './api-server-tls-exemption';
import { NetworkingApiVersion, SecurityApiVersion } from './api-version';
import { MtlsMode } from '../mesh/mtls-mode';
import { begin } from './private/begin';
import { writeModeRule } from './private/destination-rule';
import { fail, show } from './private/errors';
import { objectMetadata } from './private/metadata';
import { writePolicy } from './private/policy';
import { requireEnum, requireObject } from './private/require';

/** Options of a `MeshStrictMtls`. */
export interface MeshStrictMtlsProps {
  /**
   * Metadata of the PeerAuthentication. Its namespace can only be the root
   * namespace of the mesh; any other is an error.
   *
   * @default - named `default`, in the root namespace
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
   * @default - named `default`, in the root namespace
   */
  readonly ruleMetadata?: ApiObjectMetadata;

  /**
   * The API version of the DestinationRules that are written where auto mTLS is off.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly ruleApiVersion?: NetworkingApiVersion;
}

/** Options of a `MeshMtls`. */
export interface MeshMtlsProps extends MeshStrictMtlsProps {
  /** What workloads accept where neither their namespace nor a policy of their own says otherwise. */
  readonly mode: MtlsMode;
}

/**
 * The mode of the whole mesh: a PeerAuthentication without selector in the root
 * namespace.
 *
 * Istio takes the oldest such policy, as a whole, so there should be one.
 *
 * Where auto mTLS is off (`IstioMesh`, `autoMtls: false`), clients send plaintext
 * unless a rule says otherwise, and STRICT alone would cut them all off. STRICT
 * therefore also writes
 *
 * - a DestinationRule in the root namespace that gives every Service of the
 *   cluster mesh certificates: host `*.local` where the cluster domain is
 *   `cluster.local`, `*.svc.<cluster domain>` elsewhere, since a shorter wildcard
 *   could cover hosts outside the cluster;
 * - the `ApiServerTlsExemption`, because that host is covered too.
 *
 * The other modes accept plaintext and need no rule.
 */
export class MeshMtls extends Construct {
  /** The PeerAuthentication. */
  public readonly policy: ApiObject;

  /** The DestinationRule for all Services. Only there where auto mTLS is off and the mode is STRICT. */
  public readonly rule?: ApiObject;

  /** The exemption of the API server. Only there where `rule` is. */
  public readonly apiServerExemption?: ApiServerTlsExemption;

  constructor(scope: Construct, id: string, props: MeshMtlsProps) {
    super(scope, id);
    const { autoMtls, rootNamespace, clusterDomain } = begin(this, props).facts(this);
    const mode = requireEnum(this, 'mode', props.mode, MtlsMode);
    const metadata = (what: string, given: ApiObjectMetadata | undefined) => {
      const namespace = given === undefined ? undefined : requireObject(this, what, given).namespace;
      if (namespace !== undefined && namespace !== rootNamespace) {
        fail(this, `'${what}.namespace' is ${show(namespace)}, and a mesh-wide policy counts only in the root namespace ${show(rootNamespace)}; `
          + 'leave it out, use NamespaceMtls for one namespace, or state another root namespace on the IstioMesh');
      }
      return objectMetadata(given, 'default', rootNamespace);
    };
    this.policy = writePolicy(this, 'Resource', props.apiVersion, metadata('metadata', props.metadata), { mtls: { mode } });
    if (!autoMtls && mode === MtlsMode.STRICT) {
      const host = clusterDomain === 'cluster.local' ? '*.local' : `*.svc.${clusterDomain}`;
      this.rule = writeModeRule(this, 'Rule', props.ruleApiVersion, metadata('ruleMetadata', props.ruleMetadata), host, 'ISTIO_MUTUAL');
      this.apiServerExemption = new ApiServerTlsExemption(this, 'ApiServer', { apiVersion: props.ruleApiVersion });
    }
  }
}
