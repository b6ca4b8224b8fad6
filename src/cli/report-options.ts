import { SettingsOptions } from './input';

export const FORMATS = ['html', 'json', 'mermaid', 'dot'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** What `report` can be told. */
export interface ReportOptions extends SettingsOptions {
  /** Undefined where the name of the file says it. */
  readonly format?: ReportFormat;
  /** The file to write, or - for standard output. */
  readonly out?: string;
  readonly today?: string;
}
