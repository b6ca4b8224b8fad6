import { FieldPath, pathText } from '../mesh/json';
import { Mesh } from '../mesh/mesh';
import { compareText, MeshObject } from '../mesh/object';
import { acceptance, Acceptance } from '../schema';
import { Acknowledgement, AcknowledgementUse, annotatedAcknowledgements, covers } from './acknowledgement';
import { Finding, FindingPlace, Severity } from './finding';
import { docsOf, Problem, Rule, RuleContext } from './rule';

/** What the rules are run with, beside the mesh. */
export interface RunOptions {
  /** Acknowledgements made in code; those in annotations are found in the mesh. */
  readonly acknowledgements?: readonly Acknowledgement[];
  /** The day that counts as today, as YYYY-MM-DD. */
  readonly today?: string;
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
  const acknowledgements = [...annotatedAcknowledgements(mesh.objects), ...options.acknowledgements ?? []];
  const uses = new Array<number>(acknowledgements.length).fill(0);
  const findings: Finding[] = [];

  const derived = new Map<unknown, unknown>();

  const run = (rule: Rule) => {
    const context: RuleContext = {
      settings: mesh.settings,
      today: options.today,
      ofKind: key => {
        options.onRead?.(rule, key);
        return mesh.ofKind(key);
      },
      everything: () => {
        options.onRead?.(rule, '*');
        return mesh.objects;
      },
      acceptance: object => {
        object.note ??= acceptance(object.body, 'cluster') ?? UNKNOWN_KIND;
        return object.note === UNKNOWN_KIND ? undefined : object.note as Acceptance;
      },
      once: <T>(key: unknown, compute: () => T): T => {
        if (!derived.has(key)) {
          derived.set(key, compute());
        }
        return derived.get(key) as T;
      },
      acknowledgements: () => acknowledgements.map((acknowledgement, i): AcknowledgementUse => ({ acknowledgement, used: uses[i] })),
      report: problem => {
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
    rule.check(context);
  };

  rules.filter(rule => !rule.last).forEach(run);
  rules.filter(rule => rule.last).forEach(run);
  return findings.sort(order);
}

/** Stands for "no answer" among the notes of objects. */
const UNKNOWN_KIND = Symbol('the schema of the kind is not known here');

function finding(rule: Rule, problem: Problem, acknowledged: string | undefined): Finding {
  return {
    code: rule.code,
    name: rule.name,
    severity: problem.severity ?? rule.severity,
    at: placeOf(problem.at, problem.field),
    see: (problem.see ?? []).map(object => placeOf(object)),
    what: problem.what,
    why: rule.why,
    fix: problem.fix ?? rule.fix,
    docs: docsOf(rule),
    ...problem.condition === undefined ? {} : { condition: problem.condition },
    ...acknowledged === undefined ? {} : { acknowledged },
  };
}

function placeOf(object: MeshObject, field?: FieldPath): FindingPlace {
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
