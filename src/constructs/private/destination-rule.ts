import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { requireEnum } from './require';
import { NetworkingApiVersion } from '../api-version';

/** A traffic policy as far as this library writes it. */
export interface TrafficPolicy {
  tls?: unknown;
  portLevelSettings?: unknown;
}

/** The spec of a DestinationRule, as far as this library writes it. */
export interface DestinationRuleSpec {
  host: string;
  trafficPolicy?: TrafficPolicy;
  subsets?: unknown[];
  exportTo?: string[];
  workloadSelector?: { matchLabels: unknown };
}

/** Writes a DestinationRule. */
export function writeRule(
  scope: Construct, id: string, apiVersion: NetworkingApiVersion | undefined, metadata: ApiObjectMetadata, spec: DestinationRuleSpec,
): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: requireEnum(scope, 'apiVersion', apiVersion ?? NetworkingApiVersion.V1, NetworkingApiVersion),
    kind: 'DestinationRule',
    metadata,
    spec,
  });
}

/** Writes the rule that gives all clients one TLS mode towards a host. */
export function writeModeRule(
  scope: Construct, id: string, apiVersion: NetworkingApiVersion | undefined, metadata: ApiObjectMetadata, host: string,
  mode: 'DISABLE' | 'ISTIO_MUTUAL',
): ApiObject {
  return writeRule(scope, id, apiVersion, metadata, { host, trafficPolicy: { tls: { mode } } });
}
