import { Finding, Severity } from '../rules/finding';

/** A part of the input that could not be read. */
export interface Unread {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** A file as other programs find it. */
export interface FileReference {
  /** With slashes; from the working directory where the file is below it. */
  readonly path: string;
  /** The same as a URI reference. */
  readonly uri: string;
  /** Whether it is relative to the working directory. */
  readonly isRelative: boolean;
}

/** What a check looked at and what came of it, in numbers. */
export interface CheckSummary {
  /** The objects that were judged. */
  readonly objects: number;
  /** The objects that only counted as present. */
  readonly contextObjects: number;
  readonly files: number;
  /** The rules whose findings were asked for, and all that there are. */
  readonly rules: number;
  readonly allRules: number;
  /** The findings that nobody acknowledged. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly acknowledged: number;
  /** What could not be judged, and why; a sentence each. */
  readonly notJudged: readonly string[];
}

/** All that a check has to say. */
export interface CheckReport {
  /** The findings to print; acknowledged ones only where they were asked for. */
  readonly findings: readonly Finding[];
  /** Whether findings of severity `info` are among them. */
  readonly showsInfo: boolean;
  readonly unread: readonly Unread[];
  /** The file of a place; undefined for the standard input. */
  readonly fileOf: (place: string) => FileReference | undefined;
  readonly summary: CheckSummary;
}

/** The findings that nobody acknowledged, by severity. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { [Severity.ERROR]: 0, [Severity.WARNING]: 0, [Severity.INFO]: 0 };
  for (const finding of findings) {
    if (finding.acknowledged === undefined) counts[finding.severity]++;
  }
  return counts;
}
