import { InvalidArgumentError } from 'commander';

/** The date that an option names. */
export function date(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text)) {
    throw new InvalidArgumentError('Allowed is a date as YYYY-MM-DD.');
  }
  return text;
}
