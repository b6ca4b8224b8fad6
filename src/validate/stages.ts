import { Staged } from './app-state';
import { fromBody } from '../collect/body';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
import { MeshObject, Origin } from '../mesh/object';
import { Blocker, forecast } from '../plan/forecast';
import { RULES } from '../rules';
import { ACKNOWLEDGE_ANNOTATION, Acknowledgement, annotatedAcknowledgements, covers } from '../rules/acknowledgement';
import { Finding, Severity } from '../rules/finding';
import { docsOf } from '../rules/rule';
import { placeOf, RunOptions, runRules } from '../rules/run';

/** The stage after the one that is written; undefined for the last. */
export function nextStage({ stage, stages }: Staged): string | undefined {
  return stages[stages.indexOf(stage) + 1];
}

/**
 * What stands in the way of a construct's next stage: the calls that it would
 * break, and whatever else would be an error then. All are warnings, since they
 * hang on a step that nobody has taken yet.
 *
 * @param today what is found at the present stage
 */
export function ahead(mesh: Mesh, staged: Staged, today: readonly Finding[], options: RunOptions): Finding[] {
  const next = nextStage(staged);
  if (next === undefined) {
    return [];
  }
  const { path } = staged.construct.node;
  const step = `the stage of ${path} becomes ${next}`;
  const after = atStage(mesh, staged, next);
  const acknowledgements = [...annotatedAcknowledgements(mesh.annotated(ACKNOWLEDGE_ANNOTATION)), ...options.acknowledgements ?? []];
  const blockers = forecast(mesh, after);
  const errors = today.filter(({ severity }) => severity === Severity.ERROR);
  const known = new Set([...errors, ...blockers.map(findingOf)].map(({ code, at }) => `${code} ${at.object}`));
  const then = runRules(after, RULES, options);
  const others = then.filter(({ code, severity, at, acknowledged }) =>
    severity === Severity.ERROR && acknowledged === undefined && !known.has(`${code} ${at.object}`));
  // A call can fail by a fault that a more specific rule tells, and is then told by that alone; so is an object that is wrong today.
  const wrong = new Set(errors.map(({ at }) => at.object));
  const said = new Set(then.filter(({ severity }) => severity !== Severity.INFO).map(({ code }) => code));
  const calls = blockers
    .filter(({ code, object }) => said.has(code) || (others.length === 0 && !wrong.has(object.title)))
    .filter(({ code, object }) => !acknowledgements.some(one => covers(one, code, object)))
    .map(findingOf);
  return [...calls, ...others].map(finding => ({
    ...finding,
    severity: Severity.WARNING,
    condition: finding.condition === undefined ? step : `${step}, and ${finding.condition}`,
  }));
}

/** What a stage breaks that works in the first one. */
export function broken(mesh: Mesh, staged: Staged): readonly Blocker[] {
  const [first] = staged.stages;
  return staged.stage === first ? [] : forecast(atStage(mesh, staged, first), mesh);
}

/**
 * The known calls that a stage breaks and that no rule accuses anybody for,
 * because what they hang on is not part of the app: a rule of another team that
 * sends plaintext is right until the app demands mutual TLS.
 */
export function brokenBeside(mesh: Mesh, staged: Staged, acknowledgements: readonly Acknowledgement[]): Finding[] {
  const { path } = staged.construct.node;
  const own = mesh.objects.filter(object => isPart(object, path));
  return broken(mesh, staged)
    .filter(({ object, isKnown, condition }) => !object.origin.judged && isKnown && condition === undefined)
    .map(blocker => {
      // Nobody can acknowledge it where it stands, so the construct may.
      const acknowledged = acknowledgements.find(one => [blocker.object, ...own].some(object => covers(one, blocker.code, object)));
      return {
        ...findingOf(blocker),
        severity: Severity.ERROR,
        see: own.slice(-1).map(({ title }) => ({ place: path, object: title })),
        ...acknowledged === undefined ? {} : { acknowledged: acknowledged.reason },
      };
    });
}

/** The mesh as it is when a construct writes another of its stages. */
function atStage(mesh: Mesh, { construct, objectsOf }: Staged, stage: string): Mesh {
  const { path } = construct.node;
  const origin: Origin = { place: path, isConstruct: true, judged: true };
  const objects = objectsOf(stage).flatMap(body => fromBody(body, origin));
  const written = mesh.objects.filter(object => isPart(object, path));
  const isGone = new Set(written);
  // Where no rules are written, which is nearly always, all that does not hang on policies is kept.
  return [...written, ...objects].every(({ key }) => key === Kinds.PEER_AUTHENTICATION)
    ? mesh.withPolicies([...mesh.ofKind(Kinds.PEER_AUTHENTICATION).filter(object => !isGone.has(object)), ...objects])
    : new Mesh([...mesh.objects.filter(object => !isGone.has(object)), ...objects], mesh.settings);
}

function isPart({ origin }: MeshObject, path: string): boolean {
  return origin.isConstruct && (origin.place === path || origin.place.startsWith(`${path}/`));
}

function findingOf({ code, name, object, field, calls, callCount, what, why, fix, condition }: Blocker): Finding {
  return {
    code,
    name,
    severity: Severity.ERROR,
    at: placeOf(object, field),
    see: [],
    calls: [...calls],
    callCount,
    what,
    why,
    fix,
    docs: docsOf({ code }),
    ...condition === undefined ? {} : { condition },
  };
}
