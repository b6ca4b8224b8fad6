import { paintFor } from './colour';
import { ruleNamed } from './rule-codes';
import { Terminal } from './terminal';
import { readManifestText } from '../collect/manifests';
import { settingsIn, statementsIn } from '../collect/settings';
import { FieldPath } from '../mesh/json';
import { Mesh } from '../mesh/mesh';
import { MeshObject } from '../mesh/object';
import { resolveSettings } from '../mesh/settings';
import { ruleListText, ruleText } from '../report/rules';
import { RULES } from '../rules';
import { dedent } from '../rules/dedent';
import { Finding } from '../rules/finding';
import { Rule } from '../rules/rule';
import { runRules } from '../rules/run';

/** Prints what there is to know about one rule; the finding is what the rule really says about its example. */
export function explainRule(written: string, terminal: Terminal): void {
  const rule = ruleNamed(written);
  terminal.out(ruleText(rule, exampleFindings(rule), paintFor(terminal.isColoured)));
}

/** Prints every rule on a line. */
export function listRules(terminal: Terminal): void {
  terminal.out(ruleListText(RULES, paintFor(terminal.isColoured)));
}

function exampleFindings(rule: Rule): Finding[] {
  const { invalid, settings, house } = rule.examples;
  const objects = readManifestText(dedent(invalid), 'example.yaml').objects.map(inFileOfItsOwn);
  const sources = { given: settings ?? {}, found: statementsIn(objects) };
  const mesh = new Mesh(objects, resolveSettings({ ...settings, ...settingsIn(objects, sources.found) }));
  return runRules(mesh, [rule], { today: new Date().toISOString().slice(0, 10), house, sources });
}

/** The examples are apps as well: one that writes each object to a file of its own, which matters to MTLS501. */
function inFileOfItsOwn(object: MeshObject): MeshObject {
  const { origin, kind, name, metadata } = object;
  const place = { place: origin.place, isConstruct: origin.isConstruct, judged: origin.judged, locate: (path: FieldPath) => origin.locate?.(path) };
  return new MeshObject(object, { ...place, outputFile: `${kind}.${name}.k8s.yaml` }, metadata, object.body);
}
