import { SettingsOptions } from './input';

export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

/** What `plan` can be told. */
export interface PlanOptions extends SettingsOptions {
  readonly format: (typeof PLAN_FORMATS)[number];
}
