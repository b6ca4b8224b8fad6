import { App, Chart } from 'cdk8s';
import { MtlsRollout, RolloutStage } from 'cdk8s-istio-mtls';
import { lab, LabOptions } from '../lab/lab';

/** What changes on the way: the stage, and whether web-frontend has joined the mesh. */
export interface MigrationOptions extends LabOptions {
  readonly stage: RolloutStage;
}

/** The shop of the lab, and the rollout that takes its mesh from PERMISSIVE to STRICT. */
export function migration(app: App, { stage, ...options }: MigrationOptions): void {
  lab(app, options);
  new MtlsRollout(new Chart(app, 'mesh'), 'rollout', { stage, strictNamespaces: ['default'] });
}
