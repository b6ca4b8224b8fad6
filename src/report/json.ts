import { CheckReport } from './check-report';
import { settingsJson } from './settings';
import { ResolvedMeshSettings } from '../mesh/settings';

/** A check as JSON for programs. `version` grows when a field changes its meaning or goes. */
export function checkJson({ findings, unread, summary }: CheckReport, settings: ResolvedMeshSettings): string {
  return `${JSON.stringify({ version: 1, settings: settingsJson(settings), findings, unread, summary }, null, 2)}\n`;
}
