import { FieldPath, JsonObject, pathText } from '../mesh/json';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { compareText, MeshObject } from '../mesh/object';
import { acceptance, Acceptance, HEALTHY } from '../schema';
import { ACKNOWLEDGE_ANNOTATION, Acknowledgement, AcknowledgementUse, annotatedAcknowledgements, covers } from './acknowledgement';
import { Finding, FindingPlace, Severity } from './finding';
import { HousePolicy } from './house-policy';
import { docsOf, Forecast, MAX_CALLS, MODEL, Problem, Rule, RuleContext } from './rule';

/** What the rules are run with, beside the mesh. */
export interface RunOptions {
  /** Acknowledgements made in code; those in annotations are found in the mesh. */
  readonly acknowledgements?: readonly Acknowledgement[];
  /** The day that counts as today, as YYYY-MM-DD. */
  readonly today?: string;
  /** What the users ask for beyond what works; nothing by default. */
  readonly house?: HousePolicy;
  /** Where the settings of the mesh come from; unknown by default, and then nothing can be in conflict. */
  readonly sources?: SettingsSources;
  /** Set where not the mesh is judged but a change of it. */
  readonly forecast?: Forecast;
  /** Told of every fault as the rule reports it. */
  readonly onProblem?: (rule: Rule, problem: Problem) => void;
  /** Told of every kind that a rule reads; for tests. */
  readonly onRead?: (rule: Rule, key: string) => void;
}

/**
 * Runs the rules over a mesh.
 *
 * The findings come ordered by weight, place and code; those that were
 * acknowledged carry the reason and stay in the list.
 */
export function runRules(mesh: Mesh, rules: readonly Rule[], options: RunOptions = {}): Finding[] {
  const acknowledgements = [...annotatedAcknowledgements(mesh.annotated(ACKNOWLEDGE_ANNOTATION)), ...options.acknowledgements ?? []];
  const uses = new Array<number>(acknowledgements.length).fill(0);
  const findings: Finding[] = [];

  const derived = new Map<unknown, unknown>();

  const contextOf = (rule: Rule) => {
    const context: RuleContext = {
      settings: mesh.settings,
      get model() {
        options.onRead?.(rule, MODEL);
        return mesh.model;
      },
      house: options.house ?? {},
      sources: options.sources ?? UNKNOWN_SOURCES,
      today: options.today,
      forecast: options.forecast,
      ofKind: key => {
        options.onRead?.(rule, key);
        return mesh.ofKind(key);
      },
      everything: () => {
        options.onRead?.(rule, '*');
        return mesh.objects;
      },
      namesakes: () => {
        options.onRead?.(rule, '*');
        return mesh.namesakes();
      },
      writesFiles: mesh.writesFiles,
      acceptance: acceptanceOf,
      once: <T>(key: unknown, compute: () => T): T => {
        if (!derived.has(key)) {
          derived.set(key, compute());
        }
        return derived.get(key) as T;
      },
      acknowledgements: () => acknowledgements.map((acknowledgement, i): AcknowledgementUse => ({ acknowledgement, used: uses[i] })),
      report: problem => {
        options.onProblem?.(rule, problem);
        if (!problem.at.origin.judged) {
          return;
        }
        let reason: string | undefined;
        acknowledgements.forEach((one, i) => {
          if (covers(one, rule.code, problem.at)) {
            uses[i]++;
            reason ??= one.reason;
          }
        });
        findings.push(finding(rule, problem, reason));
      },
    };
    return context;
  };

  const run = (some: readonly Rule[]) => {
    const bound = some.map(rule => ({ rule, context: contextOf(rule) }));
    // Objects outside, rules inside: an object is looked at by all of its rules while its data is at hand.
    for (const kind of new Set(some.flatMap(rule => rule.each ? rule.reads : []))) {
      const readers = bound.filter(({ rule }) => rule.each && rule.reads.includes(kind));
      readers.forEach(({ rule }) => options.onRead?.(rule, kind));
      for (const object of mesh.ofKind(kind)) {
        for (const { rule, context } of readers) {
          rule.each!(object, context);
        }
      }
    }
    bound.forEach(({ rule, context }) => rule.check?.(context));
  };
  run(rules.filter(rule => !rule.last));
  run(rules.filter(rule => rule.last));
  return findings.sort(order);
}

/** What the API server and istiod say about a body, as a note to keep with its object. */
export function examine(body: JsonObject): unknown {
  return acceptance(body, 'cluster') ?? UNKNOWN_KIND;
}

/** Whether the note of a body proves that it holds plain data alone. */
export function provesPlain(note: unknown): boolean {
  return note === HEALTHY;
}

function acceptanceOf(object: MeshObject): Acceptance | undefined {
  object.note ??= examine(object.body);
  return object.note === UNKNOWN_KIND ? undefined : object.note as Acceptance;
}

const UNKNOWN_SOURCES: SettingsSources = { given: {}, found: [] };

/** Stands for "no answer" among the notes of objects. */
const UNKNOWN_KIND = Symbol('the schema of the kind is not known here');

function finding(rule: Rule, problem: Problem, acknowledged: string | undefined): Finding {
  return {
    code: rule.code,
    name: rule.name,
    severity: problem.severity ?? rule.severity,
    at: placeOf(problem.at, problem.field),
    see: (problem.see ?? []).map(object => placeOf(object)),
    calls: (problem.calls ?? []).slice(0, MAX_CALLS),
    callCount: problem.callCount ?? problem.calls?.length ?? 0,
    what: problem.what,
    why: rule.why,
    fix: problem.fix ?? rule.fix,
    docs: docsOf(rule),
    ...problem.condition === undefined ? {} : { condition: problem.condition },
    ...acknowledged === undefined ? {} : { acknowledged },
  };
}

/** A place as findings name it. */
export function placeOf(object: MeshObject, field?: FieldPath): FindingPlace {
  const position = object.origin.locate?.(field ?? []);
  return {
    place: object.origin.place,
    object: object.title,
    ...position,
    ...field && field.length > 0 ? { field: pathText(field) } : {},
  };
}

const WEIGHT = { [Severity.ERROR]: 0, [Severity.WARNING]: 1, [Severity.INFO]: 2 };

function order(a: Finding, b: Finding): number {
  return WEIGHT[a.severity] - WEIGHT[b.severity]
    || compareText(a.at.place, b.at.place)
    || (a.at.line ?? 0) - (b.at.line ?? 0)
    || compareText(a.code, b.code)
    || compareText(a.at.object, b.at.object)
    || compareText(a.at.field ?? '', b.at.field ?? '')
    || compareText(a.what, b.what);
}
