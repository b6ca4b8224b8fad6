import { Aged, createdAt } from '../age';
import { namespaceOf } from '../facts';
import { asList, asObject, asText, FieldPath, JsonObject, own } from '../json';
import { Selector, selectorOf } from '../labels';
import { MeshObject } from '../object';

/** A traffic policy with the place where it stands. */
export interface TrafficPolicy {
  readonly object: MeshObject;
  readonly path: FieldPath;
  readonly value: JsonObject;
}

/** A subset of a rule. */
export interface Subset {
  readonly name: string;
  readonly labels: Selector;
  readonly policy?: TrafficPolicy;
  readonly object: MeshObject;
  readonly path: FieldPath;
}

/** A DestinationRule as the control plane reads it. */
export interface DestinationRule extends Aged {
  readonly object: MeshObject;
  readonly createdAt: number;
  readonly namespace: string;
  /** The host, fully qualified. */
  readonly host: string;
  /** Empty for the mesh's default. A rule with a workload selector is private whatever it says. */
  readonly exportTo: ReadonlySet<string>;
  /** The clients for which the rule is; undefined for all. */
  readonly workloadSelector?: Selector;
  readonly policy?: TrafficPolicy;
  readonly subsets: readonly Subset[];
}

/** The place of a rule's own traffic policy. */
export const POLICY: FieldPath = ['spec', 'trafficPolicy'];

const PRIVATE: ReadonlySet<string> = new Set(['.']);
const UNSAID: ReadonlySet<string> = new Set();
const NO_SUBSETS: readonly Subset[] = [];

/** Reads a rule; undefined for one without a host. */
export function destinationRule(object: MeshObject, clusterDomain: string): DestinationRule | undefined {
  const spec = object.spec;
  const host = asText(own(spec, 'host'));
  if (host === undefined || host === '') return undefined;
  const namespace = namespaceOf(object);
  const selector = asObject(own(spec, 'workloadSelector'));
  return {
    object,
    createdAt: createdAt(object),
    namespace,
    host: qualified(host, namespace, clusterDomain),
    exportTo: selector !== undefined ? PRIVATE : namesIn(own(spec, 'exportTo')),
    workloadSelector: selector === undefined ? undefined : selectorOf(own(selector, 'matchLabels')),
    policy: trafficPolicy(object, POLICY, own(spec, 'trafficPolicy')),
    subsets: subsetsOf(object, own(spec, 'subsets')),
  };
}

/**
 * A host without a dot is a Service in the namespace of the rule, not of the
 * client. A host with one is left as it is, so `web.shop` names nothing
 * (`ResolveShortnameToFQDN` in pilot/pkg/model/config.go).
 */
function qualified(host: string, namespace: string, clusterDomain: string): string {
  return host === '*' || host.includes('.') || host.includes(':') ? host : `${host}.${namespace}.svc.${clusterDomain}`;
}

function namesIn(exportTo: unknown): ReadonlySet<string> {
  return Array.isArray(exportTo) ? new Set(exportTo.filter((item): item is string => typeof item === 'string')) : UNSAID;
}

function subsetsOf(object: MeshObject, value: unknown): readonly Subset[] {
  if (!Array.isArray(value)) return NO_SUBSETS;
  const subsets: Subset[] = [];
  asList(value).forEach((subset, index) => {
    const name = asText(own(subset, 'name'));
    if (name === undefined || name === '' || subsets.some(other => other.name === name)) return;
    const path: FieldPath = ['spec', 'subsets', index];
    subsets.push({
      name,
      object,
      path,
      labels: selectorOf(own(subset, 'labels')),
      policy: trafficPolicy(object, [...path, 'trafficPolicy'], own(subset, 'trafficPolicy')),
    });
  });
  return subsets;
}

function trafficPolicy(object: MeshObject, path: FieldPath, value: unknown): TrafficPolicy | undefined {
  const policy = asObject(value);
  return policy === undefined ? undefined : { object, path, value: policy };
}
