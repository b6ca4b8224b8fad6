import { IConstruct } from 'constructs';
import { AppState } from './app-state';
import { Validator } from './validator';

const validators = new WeakMap<AppState, Validator>();

/** Attaches the validation to the app of a construct, once per app. */
export function installValidation(construct: IConstruct): Validator {
  const state = AppState.of(construct);
  let validator = validators.get(state);
  if (!validator) {
    validator = new Validator(state);
    validators.set(state, validator);
  }
  return validator;
}

/** The validation of an app, where it has one. */
export function validationOf(state: AppState): Validator | undefined {
  return validators.get(state);
}
