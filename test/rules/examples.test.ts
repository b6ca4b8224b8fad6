import { readManifestText } from '../../src/collect/manifests';
import { statementsIn } from '../../src/collect/settings';
import { Mesh } from '../../src/mesh/mesh';
import { MeshObject } from '../../src/mesh/object';
import { resolveSettings } from '../../src/mesh/settings';
import { RULES } from '../../src/rules';
import { dedent } from '../../src/rules/dedent';
import { Severity } from '../../src/rules/finding';
import { Rule, RuleExamples } from '../../src/rules/rule';
import { runRules } from '../../src/rules/run';

/*
 * One fault gives one finding, whichever rules look at it; and the fix that a
 * rule shows makes all of them silent.
 */

type World = 'invalid' | 'fixed' | 'valid';

/** What all rules together say about an example, as `error MTLS102 at PeerAuthentication istio-system/gateway`. */
function said({ code, examples }: Rule, name: World): string[] {
  const { objects, problems } = readManifestText(dedent(examples[name]), `${code}.yaml`);
  expect(problems).toEqual([]);
  const mesh = new Mesh(code === 'MTLS501' ? objects.map(inFileOfItsOwn) : objects, resolveSettings(examples.settings));
  const sources = { given: examples.settings ?? {}, found: statementsIn(objects) };
  return runRules(mesh, RULES, { today: '2026-11-24', house: examples.house, sources })
    .filter(({ severity, acknowledged }) => severity !== Severity.INFO && acknowledged === undefined)
    .map(finding => `${finding.severity} ${finding.code} at ${finding.at.object}`);
}

/** An object of an app that writes one file per resource, which is what MTLS501 is about. */
function inFileOfItsOwn(object: MeshObject): MeshObject {
  return new MeshObject(object, { ...object.origin, outputFile: `${object.kind}.${object.name}.k8s.yaml` }, object.metadata, object.body);
}

describe.each(RULES.map(rule => [rule.code, rule] as const))('of the examples of %s', (code, rule) => {
  it('the fault gives one finding, that of the rule', () => {
    expect(said(rule, 'invalid')).toEqual([expect.stringMatching(new RegExp(`^(error|warning) ${code} at `))]);
  });

  it.each<keyof RuleExamples & World>(['fixed', 'valid'])('%s says nothing to any rule', name => {
    expect(said(rule, name)).toEqual([]);
  });
});
