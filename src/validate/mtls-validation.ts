import { App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { installValidation } from './install';
import { Validator } from './validator';
import { MtlsMode } from '../mesh/mtls-mode';
import { Finding } from '../rules/finding';

/** How an app is validated. */
export interface MtlsValidationOptions {
  /**
   * Whether warnings fail the synth as errors do.
   *
   * @default false - warnings are printed to stderr, each of them once
   */
  readonly strict?: boolean;

  /**
   * The day that counts as today, as `YYYY-MM-DD`. The date is an input so that
   * the same app gives the same answer on any day it is synthesized.
   *
   * @default - exceptions are not checked against their `expires` date
   */
  readonly today?: string;

  /**
   * The least that a workload in the mesh may accept, on each of its ports:
   * `STRICT`, `PERMISSIVE` or `DISABLE`. What is below it is an error (MTLS701);
   * an exception that is needed is acknowledged with its reason.
   *
   * @default - there is no floor
   */
  readonly floor?: MtlsMode;

  /**
   * Whether there must be a PeerAuthentication for the whole mesh (MTLS702).
   *
   * @default false
   */
  readonly requireMeshPolicy?: boolean;
}

/** An acknowledgement of a finding. */
export interface AcknowledgeOptions {
  /** Why the finding is accepted. It stays with the finding wherever findings are listed. */
  readonly reason: string;
}

/**
 * The validation of an app: every object of it, whoever made it, is checked
 * against what Istio does with it, and the app does not synthesize while an
 * error stands.
 *
 * Every construct of this library installs it. An app that uses none of them
 * installs it by `MtlsValidation.install(app)`.
 */
export class MtlsValidation {
  /**
   * Installs the validation on an app, or changes the options of the one that is there.
   *
   * Throws when an option has a value that it cannot have.
   */
  public static install(app: App, options: MtlsValidationOptions = {}): MtlsValidation {
    const validator = installValidation(app);
    if (options.today !== undefined) {
      if (!isDate(options.today)) {
        throw new Error(`MtlsValidation.install: 'today' must be a date as YYYY-MM-DD, got ${shown(options.today)}`);
      }
      validator.today = options.today;
    }
    if (options.strict !== undefined) {
      validator.strict = requireBoolean('strict', options.strict);
    }
    if (options.floor !== undefined) {
      const floor = FLOORS.find(mode => mode === options.floor);
      if (floor === undefined) {
        throw new Error(`MtlsValidation.install: 'floor' must be one of ${FLOORS.join(', ')}, got ${shown(options.floor)}`);
      }
      validator.house = { ...validator.house, floor };
    }
    if (options.requireMeshPolicy !== undefined) {
      validator.house = { ...validator.house, requireMeshPolicy: requireBoolean('requireMeshPolicy', options.requireMeshPolicy) };
    }
    return new MtlsValidation(validator, app);
  }

  /** The validation of the app that holds a construct, speaking for that construct and all below it. */
  public static of(scope: IConstruct): MtlsValidation {
    return new MtlsValidation(installValidation(scope), scope);
  }

  /**
   * The findings of an app as data, errors first, then by place: for tests and
   * tools. Prints nothing. Acknowledged findings are among them, with their
   * reason in `acknowledged`.
   *
   * Throws when a construct was given something that cannot be right (a port
   * that its workload does not have, `DISABLE` in an ambient namespace).
   */
  public static check(app: App): Finding[] {
    const validator = installValidation(app);
    const errors = validator.deferredErrors();
    if (errors.length > 0) {
      throw new Error(errors.join('\n'));
    }
    return [...validator.check()];
  }

  private constructor(private readonly validator: Validator, private readonly scope: IConstruct) {}

  /**
   * Accepts the findings of a rule at the objects of this construct and all
   * below it. An acknowledgement that silences nothing is a finding itself
   * (MTLS901).
   *
   * Throws when the code is not one of a rule, or the reason is blank.
   *
   * @param code the code of the rule, such as `MTLS109`
   */
  public acknowledge(code: string, options: AcknowledgeOptions): void {
    const place = this.scope.node.path;
    const where = `${place || '(app)'} (MtlsValidation.acknowledge)`;
    const { codes } = this.validator;
    if (!codes.includes(code)) {
      throw new Error(`${where}: ${shown(code)} is not the code of a rule; the codes are ${codes.join(', ')}`);
    }
    const reason = options?.reason;
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new Error(`${where}: supply a 'reason' for accepting ${code}, got ${shown(reason)}`);
    }
    this.validator.acknowledgements.push({ code, reason: reason.trim(), place });
  }
}

/** The modes that say what is accepted; UNSET says nothing. */
const FLOORS = ['STRICT', 'PERMISSIVE', 'DISABLE'] as const;

function requireBoolean(what: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new Error(`MtlsValidation.install: '${what}' must be true or false, got ${shown(value)}`);
  }
  return value;
}

function isDate(text: unknown): boolean {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return false;
  }
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function shown(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value) ?? String(value);
}
