import { paintFor } from './colour';
import { ruleNamed } from './rule-codes';
import { Terminal } from './terminal';
import { readManifestText } from '../collect/manifests';
import { settingsIn } from '../collect/settings';
import { Mesh } from '../mesh/mesh';
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
  const { objects } = readManifestText(dedent(invalid), 'example.yaml');
  const mesh = new Mesh(objects, resolveSettings({ ...settings, ...settingsIn(objects) }));
  return runRules(mesh, [rule], { today: new Date().toISOString().slice(0, 10), house });
}
