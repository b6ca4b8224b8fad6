/** How much a finding weighs. */
export enum Severity {
  /** Traffic breaks, Istio ignores or rejects the setting, or plaintext flows against the declared intent. Fails synth. */
  ERROR = 'error',
  /** It depends on something that the input does not show, or it is a weakness that needs a reason. Fails synth on `strict`. */
  WARNING = 'warning',
  /** Worth knowing; never printed unless asked for. */
  INFO = 'info',
}

/** A place that a finding points at. */
export interface FindingPlace {
  /** The path of the construct, or the name of the file. */
  readonly place: string;

  /**
   * The line, from 1.
   *
   * @default - the place is a construct, or the line is not known
   */
  readonly line?: number;

  /**
   * The column, from 1.
   *
   * @default - the place is a construct, or the column is not known
   */
  readonly column?: number;

  /** The object, as `Kind namespace/name`. */
  readonly object: string;

  /**
   * The field, as `spec.trafficPolicy.tls.mode`.
   *
   * @default - the finding is about the object as a whole
   */
  readonly field?: string;
}

/** What a rule has found. */
export interface Finding {
  /** The code of the rule, such as `MTLS201`. Codes are never reused. */
  readonly code: string;

  /** The name of the rule: the bad pattern, such as `plaintext-client-to-strict-server`. */
  readonly name: string;

  /** How much it weighs. */
  readonly severity: Severity;

  /** Where to look first. */
  readonly at: FindingPlace;

  /** Related objects, those that decided or are affected. */
  readonly see: FindingPlace[];

  /** The first five of the calls that suffer, as `shop/web -> customers.shop.svc.cluster.local:80`. */
  readonly calls: string[];

  /** How many calls suffer. */
  readonly callCount: number;

  /** What is wrong, with the values seen. */
  readonly what: string;

  /** Why it matters: the symptom that a person will see. */
  readonly why: string;

  /** What to do. */
  readonly fix: string;

  /** The page of the rule. */
  readonly docs: string;

  /**
   * The condition under which the finding holds, where the input does not show enough.
   *
   * @default - it holds whatever else the cluster contains
   */
  readonly condition?: string;

  /**
   * The reason with which the finding was acknowledged.
   *
   * @default - it was not acknowledged
   */
  readonly acknowledged?: string;
}
