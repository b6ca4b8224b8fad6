import { IConstruct } from 'constructs';
import { chartOf } from './metadata';
import { requireObject } from './require';
import { AppState } from '../../validate/app-state';
import { installValidation } from '../../validate/install';

/**
 * What every construct that writes objects does first: refuses a scope outside a
 * chart and props that are none, and has the app validated.
 */
export function begin(construct: IConstruct, props: object): AppState {
  chartOf(construct);
  requireObject(construct, 'props', props);
  installValidation(construct);
  return AppState.of(construct);
}
