import { Aged, createdAt } from '../age';
import { namespaceOf } from '../facts';
import { asList, asObject, asText, FieldPath, Fields, JsonObject, onlyKey, own } from '../json';
import { Selector, selectorOf } from '../labels';
import { MeshObject } from '../object';

/** A traffic policy with the place where it stands. */
export interface TrafficPolicy {
  readonly object: MeshObject;
  readonly path: FieldPath;
  readonly value: JsonObject;
  /** Where the policy is `tls: {mode: …}` and nothing else, as most are, the mode: so that nobody has to look. */
  readonly bareMode?: BareMode;
}

/** A mode that needs no other field beside it. */
export type BareMode = 'DISABLE' | 'ISTIO_MUTUAL';

/** A subset of a rule. */
export interface Subset {
  readonly name: string;
  readonly labels: Selector;
  readonly policy?: TrafficPolicy;
  readonly object: MeshObject;
  readonly path: FieldPath;
}

/** The rules of one namespace for one host. */
export interface NamespaceRules {
  readonly namespace: string;
  /** The one of its own that sidecars find whose pods no rule selects. */
  readonly rule?: MergedRule;
  /** Whether there is one for some of its own clients. */
  readonly hasOwn: boolean;
  /** What its own clients find; empty where none is for them. */
  readonly own: readonly MergedRule[];
  /** What clients of other namespaces may find. No rule of these asks for labels: one that does is private. */
  readonly exported: readonly MergedRule[];
  /** The one that clients of all other namespaces find; undefined where there is none, and where exports name namespaces. */
  readonly exportedToAll?: MergedRule;
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
 * A rule, or several that act as one, and all that there is in its namespace for
 * its host where it is for everybody: a mesh has many thousands of them.
 */
export abstract class SoleRule implements MergedRule, NamespaceRules {
  note: unknown = undefined;
  abstract readonly namespace: string;
  abstract readonly first: DestinationRule;
  abstract readonly from: readonly DestinationRule[];
  abstract readonly policy: TrafficPolicy | undefined;
  abstract readonly subsets: readonly Subset[];

  get rule(): MergedRule {
    return this;
  }

  get hasOwn(): boolean {
    return true;
  }

  get own(): readonly MergedRule[] {
    return [this];
  }

  get exported(): readonly MergedRule[] {
    return [this];
  }

  get exportedToAll(): MergedRule {
    return this;
  }
}

/**
 * A DestinationRule as the control plane reads it. It is also its own traffic
 * policy, and the rule in effect where no other is for its host, and not three
 * objects for that.
 */
export class DestinationRule extends SoleRule implements Aged, TrafficPolicy {
  // In the order in which they are needed, so that what is asked for together lies together.
  readonly namespace: string;
  private readonly contents: Contents;
  readonly createdAt: number;
  readonly object: MeshObject;
  readonly host: string;

  /** @param host fully qualified */
  constructor(object: MeshObject, host: string, contents: Contents) {
    super();
    // The namespace and the time are taken now, while the object is at hand: of many thousands, looking once more costs more than the room.
    this.namespace = namespaceOf(object);
    this.contents = contents;
    this.createdAt = createdAt(object);
    this.object = object;
    this.host = host;
  }

  /** Empty for the mesh's default. A rule with a workload selector is private whatever it says. */
  get exportTo(): ReadonlySet<string> {
    return this.contents.exportTo;
  }

  /** The clients for which the rule is; undefined for all. */
  get workloadSelector(): Selector | undefined {
    return this.contents.workloadSelector;
  }

  get subsets(): readonly Subset[] {
    return this.contents.subsets;
  }

  get first(): DestinationRule {
    return this;
  }

  get from(): readonly DestinationRule[] {
    return [this];
  }

  get policy(): TrafficPolicy | undefined {
    return this.contents.hasPolicy ? this : undefined;
  }

  get bareMode(): BareMode | undefined {
    return this.contents.bareMode;
  }

  get path(): FieldPath {
    return POLICY;
  }

  get value(): JsonObject {
    return asObject(own(this.object.spec, 'trafficPolicy')) ?? NOTHING;
  }

  /** Whether clients of a namespace may use the rule when it stands in another one. */
  isExportedTo(namespace: string): boolean {
    return this.isPublic || this.exportTo.has(namespace);
  }

  /** Whether the rule is for all pods of all namespaces, if that is what the mesh makes of a rule that says nothing of it. */
  get saysNothing(): boolean {
    return this.exportTo.size === 0; // One with a selector is private.
  }

  /** Whether clients of every namespace may use the rule. */
  get isPublic(): boolean {
    return this.exportTo.size === 0 || this.exportTo.has('*');
  }
}

/** What a rule says beside its host. Thousands say the same, and share it. */
interface Contents {
  readonly exportTo: ReadonlySet<string>;
  readonly workloadSelector: Selector | undefined;
  readonly subsets: readonly Subset[];
  /** Whether there is a traffic policy. */
  readonly hasPolicy: boolean;
  readonly bareMode: BareMode | undefined;
}

/** The place of a rule's own traffic policy. */
export const POLICY: FieldPath = ['spec', 'trafficPolicy'];

const NOTHING: JsonObject = {};
const PRIVATE: ReadonlySet<string> = new Set(['.']);
const UNSAID: ReadonlySet<string> = new Set();
const NO_SUBSETS: readonly Subset[] = [];
const SILENT: Contents = { exportTo: UNSAID, workloadSelector: undefined, subsets: NO_SUBSETS, hasPolicy: false, bareMode: undefined };
const POLICY_ONLY: Contents = { ...SILENT, hasPolicy: true };
const BARE: { readonly [mode in BareMode]: Contents } = {
  DISABLE: { ...POLICY_ONLY, bareMode: 'DISABLE' },
  ISTIO_MUTUAL: { ...POLICY_ONLY, bareMode: 'ISTIO_MUTUAL' },
};

/** Reads a rule; undefined for one without a host. */
export function destinationRule(object: MeshObject, clusterDomain: string): DestinationRule | undefined {
  const spec = object.spec as Fields;
  const host = asText(spec?.host);
  if (host === undefined || host === '') return undefined;
  return new DestinationRule(object, qualified(host, object, clusterDomain), contentsOf(object, spec));
}

function contentsOf(object: MeshObject, spec: Fields): Contents {
  const selector = asObject(spec?.workloadSelector);
  const exportTo = selector !== undefined ? PRIVATE : namesIn(spec?.exportTo);
  const subsets = subsetsOf(object, spec?.subsets);
  const policy = asObject(spec?.trafficPolicy);
  const bareMode = policy && bareModeOf(policy);
  if (selector === undefined && exportTo.size === 0 && subsets.length === 0) {
    return policy === undefined ? SILENT : bareMode === undefined ? POLICY_ONLY : BARE[bareMode];
  }
  return { exportTo, workloadSelector: selector && selectorOf(own(selector, 'matchLabels')), subsets, hasPolicy: policy !== undefined, bareMode };
}

function bareModeOf(policy: JsonObject): BareMode | undefined {
  if (onlyKey(policy) !== 'tls') return undefined;
  const tls = asObject(policy.tls);
  if (tls === undefined || onlyKey(tls) !== 'mode') return undefined;
  return tls.mode === 'DISABLE' || tls.mode === 'ISTIO_MUTUAL' ? tls.mode : undefined;
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
