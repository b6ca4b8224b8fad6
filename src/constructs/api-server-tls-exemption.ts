import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkingApiVersion } from './api-version';
import { begin } from './private/begin';
import { writeModeRule } from './private/destination-rule';
import { givenNamespace, objectMetadata } from './private/metadata';

/** Options of an `ApiServerTlsExemption`. */
export interface ApiServerTlsExemptionProps {
  /**
   * The namespace in which the rule lives.
   *
   * @default - the root namespace of the mesh, so that it counts for every client
   * whose own namespace, and the namespace `default`, say nothing else
   */
  readonly namespace?: string;

  /**
   * Metadata of the DestinationRule.
   *
   * @default - named `api-server`
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * The API version of the DestinationRule.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly apiVersion?: NetworkingApiVersion;
}

/**
 * Lets clients in the mesh call the Kubernetes API server.
 *
 * The API server has no proxy. A rule that gives `*.local` mesh certificates
 * covers its host too (`kubernetes.default.svc.cluster.local`), and every call
 * to it then fails. This rule takes the host out again. A mesh with auto mTLS
 * and no such rule does not need it.
 *
 * `MeshStrictMtls` writes one by itself where auto mTLS is off.
 */
export class ApiServerTlsExemption extends Construct {
  /** The DestinationRule. */
  public readonly rule: ApiObject;

  constructor(scope: Construct, id: string, props: ApiServerTlsExemptionProps = {}) {
    super(scope, id);
    const { rootNamespace, clusterDomain } = begin(this, props).facts(this);
    const namespace = givenNamespace(this, props) ?? rootNamespace;
    const metadata = objectMetadata(props.metadata, 'api-server', namespace);
    this.rule = writeModeRule(this, 'Resource', props.apiVersion, metadata, `kubernetes.default.svc.${clusterDomain}`, 'DISABLE');
  }
}
