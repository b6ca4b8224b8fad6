import { SettingsOptions } from './input';
import type { Change } from '../posture/change';

export const FORMATS = ['text', 'json', 'markdown'] as const;
export const GATES = ['broken', 'weakened', 'unclear', 'new', 'gone', 'repaired', 'strengthened', 'never'] as const;

/** What `diff` can be told. */
export interface DiffOptions extends SettingsOptions {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: readonly Change[];
  readonly allowReasons?: boolean;
}
