import type * as Engine from './manifest-engine';
import { MeshSettings } from '../mesh/settings';
import { Finding, FindingPlace, Severity } from '../rules/finding';

/**
 * Options of an `MtlsValidationPlugin`: the `properties` in cdk8s.yaml.
 * @jsii ignore
 */
export interface MtlsValidationPluginProps extends MeshSettings {
  /**
   * Whether warnings fail the validation as errors do.
   *
   * @default false - warnings are shown in the report
   */
  readonly strict?: boolean;

  /**
   * Codes of rules whose findings are left out.
   *
   * @default - every finding counts
   */
  readonly ignore?: string[];

  /**
   * Files and folders of manifests that are in the cluster but not in the app,
   * such as a cluster export. They count as present and are not judged.
   *
   * @default - the manifests of the app are all there is to see
   */
  readonly context?: string[];

  /**
   * The day that counts as today, as `YYYY-MM-DD`, for exceptions with an end.
   *
   * @default - the day it is, in UTC
   */
  readonly today?: string;
}

/** What a plugin uses of the context that cdk8s-cli hands it. */
interface CliContext {
  readonly manifests?: readonly string[];
  readonly report: {
    addViolation(violation: {
      readonly ruleName: string;
      readonly recommendation: string;
      readonly fix: string;
      readonly violatingResources: readonly { readonly resourceName: string; readonly locations: readonly string[]; readonly manifestPath: string }[];
    }): void;
    submit(status: 'success' | 'failure', metadata?: { readonly [key: string]: string }): void;
  };
}

const OWN_PROPS = ['strict', 'ignore', 'context', 'today'];

/**
 * A validation plugin for `cdk8s synth`: it checks the manifests that an app of
 * any language wrote.
 *
 * It is named in cdk8s.yaml, and not used in code. An app that uses this library's
 * constructs, or `MtlsValidation.install(app)`, is checked while it synthesizes
 * and needs no plugin.
 *
 * cdk8s-cli loads plugins with Node.js, so that the other languages have no use for the class.
 * @jsii ignore
 */
export class MtlsValidationPlugin {
  private readonly settings: MeshSettings;
  private readonly strict: boolean;
  private readonly ignored: ReadonlySet<string>;
  private readonly context: readonly string[];
  private readonly today: string;

  /** Throws when a property is unknown or of the wrong kind. */
  constructor(props: MtlsValidationPluginProps = {}) {
    const { strict = false, ignore = [], context = [], today, ...settings } = props;
    const fail = (message: string): never => {
      throw new Error(`MtlsValidationPlugin: ${message}`);
    };
    const { codes, didYouMean, settingProblem } = engine();
    for (const [name, value] of Object.entries(settings)) {
      const problem = settingProblem(name, value, OWN_PROPS);
      if (problem !== undefined) {
        fail(problem);
      }
    }
    if (typeof strict !== 'boolean') {
      fail(`strict must be true or false, got ${JSON.stringify(strict)}`);
    }
    for (const [name, value] of Object.entries({ ignore, context })) {
      if (!Array.isArray(value) || value.some(one => typeof one !== 'string')) {
        fail(`${name} must be a list of texts, got ${JSON.stringify(value)}`);
      }
    }
    if (today !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(today)) {
      fail(`today must be a date as YYYY-MM-DD, got ${JSON.stringify(today)}`);
    }
    for (const code of ignore) {
      if (!codes().includes(code)) {
        fail(`${JSON.stringify(code)} is not the code of a rule${didYouMean(code, codes()) || `; the codes are ${codes().join(', ')}`}`);
      }
    }
    this.settings = settings;
    this.strict = strict;
    this.ignored = new Set(ignore);
    this.context = context;
    this.today = today ?? new Date().toISOString().slice(0, 10);
  }

  /**
   * Called by cdk8s-cli with its validation context.
   *
   * @param context a `ValidationContext` of cdk8s-cli
   */
  public async validate(context: any): Promise<void> {
    const { manifests, report } = context as CliContext;
    const { clean, judgeManifests } = engine();
    const judged = judgeManifests(manifests ?? [], { settings: this.settings, context: this.context, today: this.today });
    const counted = judged.findings.filter(({ code }) => !this.ignored.has(code));
    const open = counted.filter(finding => finding.acknowledged === undefined && finding.severity !== Severity.INFO);
    for (const { file, line, message } of judged.unread) {
      report.addViolation({
        ruleName: 'unreadable',
        recommendation: clean(message),
        fix: 'Correct the file: what it holds could not be judged.',
        violatingResources: [{ resourceName: 'N/A', locations: [line === undefined ? 'the file' : `line ${line}`], manifestPath: file }],
      });
    }
    for (const finding of open) {
      report.addViolation({
        ruleName: `${finding.code} ${finding.name} (${finding.severity})`,
        recommendation: clean(recommendation(finding)),
        fix: clean(finding.fix),
        violatingResources: [finding.at, ...finding.see].map((place, i) => ({
          resourceName: nameOf(place), locations: [clean(locationOf(place, i > 0))], manifestPath: place.place,
        })),
      });
    }
    const errors = open.filter(({ severity }) => severity === Severity.ERROR).length;
    const fails = judged.unread.length > 0 || errors > 0 || (this.strict && open.length > 0);
    report.submit(fails ? 'failure' : 'success', {
      Objects: String(judged.objects),
      Rules: String(judged.rules),
      Errors: String(errors),
      Warnings: String(open.length - errors),
      Acknowledged: String(counted.filter(({ acknowledged }) => acknowledged !== undefined).length),
      ...judged.notJudged.length === 0 ? {} : { 'Not judged': clean(judged.notJudged.join('; ')) },
    });
  }
}

function recommendation({ what, condition, why, calls, callCount }: Finding): string {
  const more = callCount > calls.length ? ` and ${callCount - calls.length} more` : '';
  return [
    `${what}.`,
    ...condition === undefined ? [] : [`This holds if ${condition}.`],
    why,
    ...calls.length === 0 ? [] : [`Calls: ${calls.join(', ')}${more}.`],
  ].join(' ');
}

/** The name by which cdk8s-cli finds the construct. */
function nameOf({ object }: FindingPlace): string {
  return object.slice(Math.max(object.lastIndexOf('/'), object.indexOf(' ')) + 1);
}

function locationOf({ object, field, line }: FindingPlace, isRelated: boolean): string {
  return `${object}${field === undefined ? '' : `, ${field}`}${line === undefined ? '' : ` (line ${line})`}${isRelated ? ', related' : ''}`;
}

function engine(): typeof Engine {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./manifest-engine');
}
