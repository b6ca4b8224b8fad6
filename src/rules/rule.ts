import { FieldPath } from '../mesh/json';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshModel } from '../mesh/model';
import { MeshObject } from '../mesh/object';
import { Service } from '../mesh/services/service';
import { MeshSettings, ResolvedMeshSettings } from '../mesh/settings';
import { Workload } from '../mesh/workloads/workload';
import { Acceptance } from '../schema';
import { AcknowledgementUse } from './acknowledgement';
import { Fault } from './calls/fault';
import { Severity } from './finding';
import { HousePolicy } from './house-policy';

/** One fault, as a rule reports it. The rule adds code, name, why and fix. */
export interface Problem {
  /** The object to change. */
  readonly at: MeshObject;
  /** The field to change; absent when the object as a whole is at fault. */
  readonly field?: FieldPath;
  /** Objects that decided or are affected. */
  readonly see?: readonly MeshObject[];
  /** The first of the calls that suffer, as `shop/web -> customers.shop.svc.cluster.local:80`; at most `MAX_CALLS` of them are kept. */
  readonly calls?: readonly string[];
  /** How many calls suffer, where that is more than `calls` lists. */
  readonly callCount?: number;
  /** One sentence with the values seen. */
  readonly what: string;
  /** What to do in this very case, where it says more than the rule's own fix. */
  readonly fix?: string;
  /** Where it differs from the rule's severity. */
  readonly severity?: Severity;
  /** What must hold for the finding to be true, where the input does not show it. */
  readonly condition?: string;
  /** Whether the manifests show that one of the calls is made; undefined where the rule looks at no others. */
  readonly isAnyKnown?: boolean;
  /** The workload ports that refuse the calls, for those who look for a way around. */
  readonly refusing?: readonly WorkloadPortRef[];
  /** The callers that would get through if they had a proxy, for the same. */
  readonly joins?: readonly Workload[];
}

/** A port of a workload. */
export interface WorkloadPortRef {
  readonly workload: Workload;
  /** The workload port. */
  readonly port: number;
  /** The service by which it was reached, where there is one. */
  readonly service?: Service;
}

/**
 * Asked of the rules instead of a check: what would newly be wrong after a change.
 * They then speak about nothing that is wrong today, and keep no fault for
 * another rule to tell that would tell it today already.
 */
export interface Forecast {
  /** The mesh before the change. */
  readonly before: MeshModel;
  /** The calls between proxies that fail after the change and did not before, by the code of the rule that speaks about them. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>;
}

/**
 * What a rule can see. Every question is recorded, so that a test can hold the
 * declared `reads` against what was read.
 */
export interface RuleContext {
  readonly settings: ResolvedMeshSettings;
  /** What Istio does with the mesh. A rule that asks it declares `MODEL` among its `reads`. */
  readonly model: MeshModel;
  /** What the users ask for beyond what works. */
  readonly house: HousePolicy;
  /** Where the settings come from. */
  readonly sources: SettingsSources;
  /** The day that counts as today, as YYYY-MM-DD; undefined when the caller named none. */
  readonly today?: string;
  /** Set where not the mesh is judged but a change of it. */
  readonly forecast?: Forecast;
  /** Whether the app writes objects to files of their own. */
  readonly writesFiles: boolean;
  /** The objects of a kind, ordered by identity. */
  ofKind(key: string): readonly MeshObject[];
  /** Every object, for rules about identity alone. Bodies must not be read from these. */
  everything(): readonly MeshObject[];
  /** The objects that share kind, namespace and name with others: each group on its own, ordered by version and place. */
  namesakes(): readonly (readonly MeshObject[])[];
  /** What the API server and istiod say about the object; undefined for kinds whose schema is not known here. */
  acceptance(object: MeshObject): Acceptance | undefined;
  /** What `compute` returned the first time that it was asked for under this key in this run, by any rule. */
  once<T>(key: unknown, compute: () => T): T;
  /** The acknowledgements and whether they were used; complete only in rules that run `last`. */
  acknowledgements(): readonly AcknowledgementUse[];
  report(problem: Problem): void;
}

/** Stands among the `reads` of a rule for everything that the mesh model reads. */
export const MODEL = 'model';

/** How many of the affected calls a finding names; the others are counted. */
export const MAX_CALLS = 5;

/** Where a claim can be looked up, nearest truth first. */
export interface Reference {
  readonly title: string;
  /** A path in the source of istio/istio, or the address of a page. */
  readonly where: string;
}

/** A small world of manifests that shows the fault, the cure and a healthy look-alike. All are run by the tests. */
export interface RuleExamples {
  /** Exactly one finding of this rule. */
  readonly invalid: string;
  /** The same world with the fix applied: silence. */
  readonly fixed: string;
  /** Looks almost like the fault, and is healthy. */
  readonly valid: string;
  /** The facts of the mesh in all three, where they are not Istio's defaults. */
  readonly settings?: MeshSettings;
  /** What the users ask for in all three. */
  readonly house?: HousePolicy;
}

/** A rule: text, examples and check in one value. */
export interface Rule {
  /** `MTLS` and three digits. */
  readonly code: string;
  /** The bad pattern in kebab case, readable after "acknowledge". */
  readonly name: string;
  readonly severity: Severity;
  /** The kinds that the check reads, as `<api group>/<kind>`; `*` for rules about identity alone, `MODEL` for what the model reads. */
  readonly reads: readonly string[];
  /** One sentence: the condition. */
  readonly summary: string;
  /** The symptom that a person will see. */
  readonly why: string;
  /** What to do, in general. */
  readonly fix: string;
  readonly references: readonly Reference[];
  readonly examples: RuleExamples;
  /** Runs after the acknowledgements of all others are known. */
  readonly last?: boolean;
  /**
   * Reports the faults of one object; called for each object of the kinds in
   * `reads`. A rule that needs no other object says all it has to say here.
   * Never throws, never prints, keeps no state.
   */
  readonly each?: (object: MeshObject, context: RuleContext) => void;
  /** Reports the faults that lie between objects; called once. Never throws, never prints, keeps no state. */
  readonly check?: (context: RuleContext) => void;
}

/** The page of a rule, relative to the package. */
export function docsOf(rule: { readonly code: string }): string {
  return `docs/rules/${rule.code.toLowerCase()}.md`;
}
