import { Aged, createdAt as creationOf } from '../age';
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

/** One or several DestinationRules for one host that act as one. */
export interface MergedRule {
  /** What those who answer for clients have worked out; a field is cheaper than a map of thousands. */
  note?: unknown;
  /** The rule that gives it its scope. */
  readonly first: DestinationRule;
  /** The rules in it. */
  readonly from: readonly DestinationRule[];
  readonly policy?: TrafficPolicy;
  readonly subsets: readonly Subset[];
}

/**
 * A DestinationRule as the control plane reads it. A mesh has many thousands, so
 * it is also the rule in effect where no other is for its host, and its own
 * traffic policy, and not three objects for that.
 */
export class DestinationRule implements Aged, MergedRule, TrafficPolicy {
  note?: unknown;

  constructor(
    readonly object: MeshObject,
    readonly createdAt: number,
    /** The host, fully qualified. */
    readonly host: string,
    /** Empty for the mesh's default. A rule with a workload selector is private whatever it says. */
    readonly exportTo: ReadonlySet<string>,
    /** The clients for which the rule is; undefined for all. */
    readonly workloadSelector: Selector | undefined,
    private readonly given: JsonObject | undefined,
    readonly subsets: readonly Subset[],
  ) {}

  get namespace(): string {
    return namespaceOf(this.object);
  }

  get first(): DestinationRule {
    return this;
  }

  get from(): readonly DestinationRule[] {
    return [this];
  }

  get policy(): TrafficPolicy | undefined {
    return this.given === undefined ? undefined : this;
  }

  get path(): FieldPath {
    return POLICY;
  }

  get value(): JsonObject {
    return this.given ?? NOTHING;
  }

  /** Whether clients of a namespace may use the rule when it stands in another one. */
  isExportedTo(namespace: string): boolean {
    return this.isPublic || this.exportTo.has(namespace);
  }

  /** Whether clients of every namespace may use the rule. */
  get isPublic(): boolean {
    return this.exportTo.size === 0 || this.exportTo.has('*');
  }
}

/** The place of a rule's own traffic policy. */
export const POLICY: FieldPath = ['spec', 'trafficPolicy'];

const NOTHING: JsonObject = {};
const PRIVATE: ReadonlySet<string> = new Set(['.']);
const UNSAID: ReadonlySet<string> = new Set();
const NO_SUBSETS: readonly Subset[] = [];

/** Reads a rule; undefined for one without a host. */
export function destinationRule(object: MeshObject, clusterDomain: string): DestinationRule | undefined {
  const spec = object.spec;
  const host = asText(own(spec, 'host'));
  if (host === undefined || host === '') return undefined;
  const selector = asObject(own(spec, 'workloadSelector'));
  return new DestinationRule(
    object,
    creationOf(object),
    qualified(host, object, clusterDomain),
    selector !== undefined ? PRIVATE : namesIn(own(spec, 'exportTo')),
    selector === undefined ? undefined : selectorOf(own(selector, 'matchLabels')),
    asObject(own(spec, 'trafficPolicy')),
    subsetsOf(object, own(spec, 'subsets')),
  );
}

/**
 * A host without a dot is a Service in the namespace of the rule, not of the
 * client. A host with one is left as it is, so `web.shop` names nothing
 * (`ResolveShortnameToFQDN` in pilot/pkg/model/config.go).
 */
function qualified(host: string, object: MeshObject, clusterDomain: string): string {
  return host === '*' || host.includes('.') || host.includes(':') ? host : `${host}.${namespaceOf(object)}.svc.${clusterDomain}`;
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
