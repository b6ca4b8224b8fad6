import { textEntries } from '../../mesh/json';

/** Labels, or annotations. */
export type Labels = { readonly [key: string]: string };

/** The labels among the values of an object that anybody may have written. */
export function labelsOf(value: unknown): Labels {
  return Object.fromEntries(textEntries(value));
}

/** Whether `labels` has every pair of `wanted`. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.prototype.hasOwnProperty.call(labels, key) && labels[key] === value);
}
