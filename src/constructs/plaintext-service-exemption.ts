import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkingApiVersion } from './api-version';
import { begin } from './private/begin';
import { writeModeRule } from './private/destination-rule';
import { exceptionAnnotations } from './private/exception';
import { givenNamespace, nameFromId, objectMetadata } from './private/metadata';
import { requireInstance } from './private/require';
import { ServiceRef } from './service-ref';

/** Options of a `PlaintextServiceExemption`. */
export interface PlaintextServiceExemptionProps {
  /** The Service whose pods have no proxy, or the host. */
  readonly service: ServiceRef;

  /** Why the Service gets plaintext. Written to the annotation `cdk8s-istio-mtls/reason`. */
  readonly reason: string;

  /**
   * Who answers for the exemption. Written to the annotation `cdk8s-istio-mtls/owner`.
   *
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * The last day on which the exemption is needed, as YYYY-MM-DD. Written to the
   * annotation `cdk8s-istio-mtls/expires`, which the validation reads.
   *
   * @default - it does not expire
   */
  readonly expires?: string;

  /**
   * The namespace in which the rule lives.
   *
   * @default - the namespace of the Service, where the rule counts before any rule
   * of the root namespace; the root namespace for a host that is no Service
   */
  readonly namespace?: string;

  /**
   * Metadata of the DestinationRule.
   *
   * @default - named after the construct's id, in lower case
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
 * Lets clients in the mesh call a Service without proxies in plaintext, where a
 * wider rule would have them send mesh certificates, and keeps the reason with
 * the object.
 *
 * A mesh with auto mTLS and no such rule does not need it: clients see which
 * endpoints have a proxy.
 */
export class PlaintextServiceExemption extends Construct {
  /** The DestinationRule. */
  public readonly rule: ApiObject;

  constructor(scope: Construct, id: string, props: PlaintextServiceExemptionProps) {
    super(scope, id);
    const { rootNamespace, clusterDomain } = begin(this, props).facts(this);
    const service = requireInstance(this, 'service', props.service, ServiceRef, 'ServiceRef.of(service)');
    const host = service._host(this, 'service', clusterDomain);
    const annotations = exceptionAnnotations(this, props);
    const namespace = givenNamespace(this, props) ?? service._nameAndNamespace(this, 'service', clusterDomain)?.namespace ?? rootNamespace;
    this.rule = writeModeRule(this, 'Resource', props.apiVersion, objectMetadata(props.metadata, nameFromId(this), namespace, annotations),
      host, 'DISABLE');
  }
}
