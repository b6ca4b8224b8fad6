import { SettingsOptions } from './input';

export const FORMATS = ['text', 'json', 'sarif', 'github', 'markdown'] as const;
export const THRESHOLDS = ['error', 'warning', 'info', 'never'] as const;
export const FLOORS = ['STRICT', 'PERMISSIVE'] as const;

/** What `check` can be told. */
export interface CheckOptions extends SettingsOptions {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: (typeof THRESHOLDS)[number];
  readonly rule?: readonly string[];
  readonly ignore?: readonly string[];
  readonly showAcknowledged?: boolean;
  readonly verbose?: boolean;
  readonly today?: string;
  readonly floor?: (typeof FLOORS)[number];
  readonly requireMeshPolicy?: boolean;
}
