import { Construct } from 'constructs';
import { AppState, describe } from './app-state';
import type * as Engine from './engine';
import { SynthSession } from './session';
import { Acknowledgement } from '../rules/acknowledgement';
import { Finding, Severity } from '../rules/finding';
import { HousePolicy } from '../rules/house-policy';

/**
 * Runs the rules over an app: once per synth, and not again as long as nothing
 * that a rule can see has changed.
 */
export class Validator {
  /** How often the rules ran. A test counts it. */
  runs = 0;
  strict = false;
  today?: string;
  house: HousePolicy = {};
  readonly acknowledgements: Acknowledgement[] = [];

  private readonly session: SynthSession;
  private readonly printed = new Set<string>();
  private judgement?: Engine.Judgement;
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
    const { findings, ahead, brokenBy } = this.judge();
    const open = findings.filter(finding => finding.acknowledged === undefined);
    const fails = (finding: Finding) =>
      finding.severity === Severity.ERROR || (this.strict && finding.severity === Severity.WARNING);
    const failing = open.filter(fails);
    this.messages = [
      ...this.deferredErrors(),
      ...this.stageErrors(failing, brokenBy),
      ...failing.map(finding => indent(engine().findingText(finding))),
    ];
    const warnings = open.filter(finding => finding.severity === Severity.WARNING && !fails(finding));
    // What comes after a stage that cannot go out yet is of no interest.
    for (const finding of this.messages.length > 0 ? warnings : [...warnings, ...ahead()]) {
      this.print(engine().findingText(finding));
    }
    return this.messages;
  }

  /** The findings as data, acknowledged ones included. */
  check(): readonly Finding[] {
    return this.judge().findings;
  }

  private judge(): Engine.Judgement {
    const judgement = engine().judge(
      this.state, { today: this.today, house: this.house, acknowledgements: this.acknowledgements }, !this.session.isRunning, this.judgement,
    );
    if (judgement !== this.judgement) {
      this.judgement = judgement;
      this.runs++;
    }
    return judgement;
  }

  /** Names the stage that breaks calls, one line for each construct that is written in stages. */
  private stageErrors(failing: readonly Finding[], brokenBy: Engine.Judgement['brokenBy']): string[] {
    if (failing.length === 0) {
      return [];
    }
    const said = new Set(failing.map(({ code }) => code));
    return this.state.stages.flatMap(staged => {
      const codes = [...new Set(brokenBy(staged))].filter(code => said.has(code)).sort();
      return codes.length === 0 ? []
        : [`${describe(staged.construct)}: stage ${staged.stage} breaks calls that work in stage ${staged.stages[0]} (${codes.join(', ')}): cure what the errors say before`];
    });
  }

  /** What constructs could not judge before all others existed; one line each. */
  deferredErrors(): string[] {
    return this.state.deferred.flatMap(({ construct, check }) => check().map(line => `${describe(construct)}: ${line}`));
  }

  /** The codes of all rules. */
  get codes(): readonly string[] {
    return engine().codes();
  }

  private print(text: string): void {
    if (!this.printed.has(text)) {
      this.printed.add(text);
      process.stderr.write(`${text}\n`);
    }
  }
}

function engine(): typeof Engine {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./engine');
}

/** cdk8s puts two spaces before the first line of an error and none before the others. */
function indent(text: string): string {
  return text.split('\n').join('\n  ');
}
