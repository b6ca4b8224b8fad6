import { IConstruct } from 'constructs';
import { MeshUnderTest } from './mesh-under-test';
import { RULES } from '../rules';
import { Finding } from '../rules/finding';
import { Rule } from '../rules/rule';
import { runRules } from '../rules/run';

/**
 * What rules find in an app or in manifests: the rules of this library, or rules
 * of one's own. Findings that the manifests acknowledge carry the reason; what an
 * app acknowledges in code is known to `MtlsValidation.check` alone.
 *
 * @param today the day that counts as today, as `YYYY-MM-DD`; without it, exceptions do not expire
 */
export function findingsIn(source: IConstruct | MeshUnderTest, rules: readonly Rule[] = RULES, today?: string): Finding[] {
  const { _mesh, _sources } = MeshUnderTest.from(source);
  return runRules(_mesh, rules, { today, sources: _sources });
}
