import { isDeepStrictEqual } from 'util';
import { fromBody } from '../collect/body';
import { statementsIn } from '../collect/settings';
import { yamlDocuments } from '../collect/yaml';
import { Mesh } from '../mesh/mesh';
import { MeshObject } from '../mesh/object';
import { MeshSettings, resolveSettings } from '../mesh/settings';
import { RULES } from '../rules';
import { dedent } from '../rules/dedent';
import { Finding, Severity } from '../rules/finding';
import { HousePolicy } from '../rules/house-policy';
import { Rule } from '../rules/rule';
import { runRules } from '../rules/run';

/** A finding that a case expects. Only what is given is compared. */
export interface ExpectedFinding {
  /** The object, as `PeerAuthentication shop/default`. */
  readonly object: string;
  readonly field?: string;
  readonly what?: string | RegExp;
  readonly fix?: string;
  /** Left out, it is the severity of the rule. */
  readonly severity?: Severity;
  /** The related objects. */
  readonly see?: readonly string[];
  readonly condition?: string;
  /** The calls that are named, at most five. */
  readonly calls?: readonly string[];
  readonly callCount?: number;
}

/** A small world in which a rule is silent. */
export interface ValidCase {
  /** What the case shows, as a sentence about the mesh. */
  readonly name: string;
  /** The manifests. */
  readonly yaml: string;
  readonly settings?: MeshSettings;
  /** The day that counts as today; 2026-11-24 where none is given. */
  readonly today?: string | null;
  /** What the users ask for beyond what works. */
  readonly house?: HousePolicy;
}

/** A small world in which a rule speaks; every finding is listed, in the order in which they are reported. */
export interface InvalidCase extends ValidCase {
  readonly findings: readonly ExpectedFinding[];
}

export interface RuleCases {
  readonly valid: readonly ValidCase[];
  readonly invalid: readonly InvalidCase[];
}

/** What the harness needs of the test runner: jest, vitest, mocha and node:test have it. */
interface Runner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void): void;
}

const TODAY = '2026-11-24';

/**
 * Tests a rule as a specification: worlds in which it is silent, and worlds in
 * which it speaks, with all that it says.
 *
 * Beside the cases it holds every rule to the contract: the kinds that it reads
 * over all cases are the kinds that it declares; the answer does not depend on
 * the order of the objects, on a second run or on an unrelated namespace; each
 * of its examples does what it claims; junk in any field never makes it throw.
 */
export function testRule(rule: Rule, cases: RuleCases, runner: Runner = globalThis as unknown as Runner): void {
  const { describe, it } = runner;
  const all: readonly InvalidCase[] = [...cases.valid.map(valid => ({ ...valid, findings: [] })), ...cases.invalid];
  describe(`${rule.code} ${rule.name}`, () => {
    describe('is silent when', () => cases.valid.forEach(one => it(one.name, () => expectFindings(rule, { ...one, findings: [] }))));
    describe('speaks when', () => cases.invalid.forEach(one => it(one.name, () => expectFindings(rule, one))));

    it('has cases that are named once each', () => {
      equal(new Set(all.map(one => one.name)).size, all.length, 'two cases have the same name');
      equal(cases.valid.length > 0 && cases.invalid.length > 0, true, 'a rule needs a valid and an invalid case');
    });

    it('reads the kinds that it declares, over all cases and examples', () => {
      const read = new Set<string>();
      for (const one of [...all, ...examples(rule)]) {
        run(rule, objectsOf(one.yaml), one, key => read.add(key));
      }
      equal([...read].sort(), [...rule.reads].sort(), 'declared and actual reads differ: the declaration is wrong, or a case is missing');
    });

    it('gives one answer in any order, twice, and beside an unrelated namespace', () => {
      for (const one of all) {
        const objects = objectsOf(one.yaml);
        const answer = run(rule, objects, one);
        equal(run(rule, objects, one), answer, `${one.name}: the second run differs`);
        equal(run(rule, [...objects].reverse(), one), answer, `${one.name}: the order of the objects changes the answer`);
        equal(run(rule, [...objects, ...objectsOf(UNRELATED, 'zz')], one), answer, `${one.name}: an unrelated namespace changes the answer`);
      }
    });

    it('has examples that do what they claim', () => {
      const [invalid, fixed, valid] = examples(rule).map(one =>
        run(rule, objectsOf(one.yaml), one).filter(finding => finding.severity !== Severity.INFO));
      equal(invalid.length, 1, 'examples.invalid must give exactly one finding');
      equal(fixed, [], 'examples.fixed must be silent');
      equal(valid, [], 'examples.valid must be silent');
    });

    it('survives junk in every field', () => {
      for (const one of [...all, ...examples(rule)]) {
        for (const body of yamlDocuments(dedent(one.yaml))) {
          for (const broken of withJunk(body)) {
            run(rule, place([broken]), one);
          }
        }
      }
    });
  });
}

/** The findings of one rule over some YAML, for tests that look at more than `testRule` compares. */
export function findingsOf(rule: Rule, yaml: string, given: Pick<ValidCase, 'settings' | 'house'> = {}): Finding[] {
  return run(rule, objectsOf(yaml), given);
}

/** The findings of a rule over the example that shows its fault. */
export function exampleFindings(rule: Rule): Finding[] {
  const [invalid] = examples(rule);
  return run(rule, objectsOf(invalid.yaml), invalid).filter(finding => finding.severity !== Severity.INFO);
}

function expectFindings(rule: Rule, one: InvalidCase): void {
  const actual = run(rule, objectsOf(one.yaml), one);
  equal(
    actual.map((finding, i) => asExpected(finding, one.findings[i])),
    one.findings.map(expected => ({ severity: rule.severity, ...expected })),
    `${rule.code}: findings differ`,
  );
}

/** A finding in the words of the expectation, with those fields alone that the expectation names. */
function asExpected(finding: Finding, expected: ExpectedFinding | undefined): ExpectedFinding {
  const full: ExpectedFinding = {
    severity: finding.severity,
    object: finding.at.object,
    field: finding.at.field,
    what: expected?.what instanceof RegExp && expected.what.test(finding.what) ? expected.what : finding.what,
    fix: finding.fix,
    see: finding.see.map(other => other.object),
    condition: finding.condition,
    calls: finding.calls,
    callCount: finding.callCount,
  };
  return expected
    ? Object.fromEntries(Object.entries(full).filter(([key]) => key === 'severity' || key in expected)) as unknown as ExpectedFinding
    : full;
}

function examples(rule: Rule): ValidCase[] {
  return (['invalid', 'fixed', 'valid'] as const).map(name => {
    const { settings, house } = rule.examples;
    return { name, yaml: rule.examples[name], settings, house };
  });
}

/** A rule about acknowledgements needs the findings of the others; any other rule is judged alone. */
function run(
  rule: Rule, objects: readonly MeshObject[], one: Omit<ValidCase, 'name' | 'yaml'>, onRead?: (key: string) => void,
): Finding[] {
  const rules = rule.last ? [...RULES.filter(other => other !== rule && !other.last), rule] : [rule];
  return runRules(new Mesh(objects, resolveSettings(one.settings)), rules, {
    today: one.today === null ? undefined : one.today ?? TODAY,
    house: one.house,
    sources: { given: one.settings ?? {}, found: statementsIn(objects) },
    onRead: (reader, key) => reader === rule && onRead?.(key),
  }).filter(finding => finding.code === rule.code);
}

function objectsOf(yaml: string, prefix = 'case'): MeshObject[] {
  return place(yamlDocuments(dedent(yaml)), prefix);
}

/** Every object stands at a place of its own, in a file of its own, as in an app that writes one file per resource. */
function place(bodies: readonly unknown[], prefix = 'case'): MeshObject[] {
  return bodies.flatMap((body, i) => fromBody(body, { place: `${prefix}/${String(i).padStart(2, '0')}`, isConstruct: true, judged: true }))
    .map(object => new MeshObject(object, { ...object.origin, outputFile: `${object.kind}.${object.name}.k8s.yaml` }, object.metadata, object.body));
}

const UNRELATED = `
  apiVersion: v1
  kind: Namespace
  metadata: {name: zz-unrelated, labels: {istio-injection: enabled}}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: zz-unrelated, namespace: zz-unrelated}
  spec: {mtls: {mode: STRICT}}
  ---
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: zz-unrelated, namespace: zz-unrelated}
  spec: {host: zz-unrelated.zz-unrelated.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
`;

const JUNK: readonly unknown[] = [null, true, -1, 1e99, '', '\u0000', 'x'.repeat(10_000), [], {}, [[null]], { mode: 3 }, JSON.parse('{"__proto__": {"mode": "STRICT"}}')];

/** The body with each of its fields replaced by each piece of junk. */
function* withJunk(body: unknown): Generator<unknown> {
  if (typeof body !== 'object' || body === null) {
    return;
  }
  for (const key of Object.keys(body)) {
    const value = (body as { [key: string]: unknown })[key];
    const replaced = (other: unknown) => Array.isArray(body) ? Object.assign([...body], { [key]: other }) : { ...body, [key]: other };
    for (const junk of JUNK) {
      yield replaced(junk);
    }
    for (const deeper of withJunk(value)) {
      yield replaced(deeper);
    }
  }
}

function equal(actual: unknown, expected: unknown, message: string): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${message}\nexpected: ${JSON.stringify(expected, undefined, 2)}\nactual:   ${JSON.stringify(actual, undefined, 2)}`);
  }
}
