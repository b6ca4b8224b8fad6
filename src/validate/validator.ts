import { Construct } from 'constructs';
import { AppState, describe } from './app-state';
import { SynthSession } from './session';
import { collectApp } from '../collect/app';
import { contextObjects } from '../collect/body';
import { Mesh } from '../mesh/mesh';
import { MeshObject } from '../mesh/object';
import { findingText } from '../report/text';
import { RULES } from '../rules';
import { Acknowledgement } from '../rules/acknowledgement';
import { Finding, Severity } from '../rules/finding';
import { runRules } from '../rules/run';

/** The kinds whose content some rule reads; only these are compared between two synths. */
const READ_KINDS = new Set(RULES.flatMap(rule => rule.reads));

/**
 * Runs the rules over an app: once per synth, and not again as long as nothing
 * that a rule can see has changed.
 */
export class Validator {
  /** How often the rules ran. A test counts it. */
  runs = 0;
  strict = false;
  today?: string;
  readonly acknowledgements: Acknowledgement[] = [];

  private readonly session: SynthSession;
  private readonly printed = new Set<string>();
  private seen?: string;
  private findings: readonly Finding[] = [];
  private messages?: string[];

  constructor(private readonly state: AppState) {
    this.session = new SynthSession(state.root, () => { this.messages = undefined; });
    // cdk8s names the construct that a validation belongs to in front of every error.
    const name = new Construct(state.root as Construct, 'mtls-validation');
    name.node.addValidation({ validate: () => this.validate() });
  }

  /** What cdk8s asks for: the errors, as text. Warnings are printed, each of them once. */
  validate(): string[] {
    if (this.session.isRunning && this.messages) {
      return this.messages;
    }
    const open = this.check().filter(finding => finding.acknowledged === undefined);
    const fails = (finding: Finding) =>
      finding.severity === Severity.ERROR || (this.strict && finding.severity === Severity.WARNING);
    this.messages = [
      ...this.deferredErrors(),
      ...open.filter(fails).map(finding => indent(findingText(finding))),
    ];
    for (const finding of open) {
      if (finding.severity === Severity.WARNING && !fails(finding)) {
        this.print(findingText(finding));
      }
    }
    return this.messages;
  }

  /** The findings as data, acknowledged ones included. */
  check(): readonly Finding[] {
    const { objects, fingerprint } = collectApp(this.state.root, key => READ_KINDS.has(key));
    const circumstances = this.circumstances();
    const seen = fingerprint === undefined || circumstances === undefined ? undefined : fingerprint + circumstances;
    if (seen === undefined || seen !== this.seen) {
      const mesh = new Mesh([...objects, ...this.contextBeside(objects)], this.state.currentFacts());
      this.findings = runRules(mesh, RULES, { acknowledgements: this.acknowledgements, today: this.today });
      this.seen = seen;
      this.runs++;
    }
    return this.findings;
  }

  /** What constructs could not judge before all others existed; one line each. */
  deferredErrors(): string[] {
    return this.state.deferred.flatMap(({ construct, check }) => check().map(line => `${describe(construct)}: ${line}`));
  }

  /** An object of the app stands for the older state of itself in a cluster export. */
  private contextBeside(objects: readonly MeshObject[]): MeshObject[] {
    if (this.state.context.length === 0) {
      return [];
    }
    const own = new Set(objects.map(object => object.identity));
    return contextObjects(this.state.context).filter(object => !own.has(object.identity));
  }

  /** What findings depend on beside the tree, as text to compare; undefined where JSON cannot write it. */
  private circumstances(): string | undefined {
    try {
      return JSON.stringify([this.state.currentFacts(), this.today, this.acknowledgements, this.state.context]);
    } catch {
      return undefined;
    }
  }

  private print(text: string): void {
    if (!this.printed.has(text)) {
      this.printed.add(text);
      process.stderr.write(`${text}\n`);
    }
  }
}

/** cdk8s puts two spaces before the first line of an error and none before the others. */
function indent(text: string): string {
  return text.split('\n').join('\n  ');
}
