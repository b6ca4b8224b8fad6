/**
 * Holds the findings against the calls of a mesh: a call that fails is among those of a finding that names what decided,
 * and where every call works no finding says that one fails.
 */

import { MeshCase, meshOf } from './connections';
import { Connection } from '../../src/mesh/connection';
import { RULES } from '../../src/rules';
import { Finding } from '../../src/rules/finding';
import { Rule } from '../../src/rules/rule';
import { runRules } from '../../src/rules/run';

/** A failing call for which no finding stands, and why not. */
export interface Unblamed {
  readonly connection: Connection;
  readonly decidedBy: string;
  /** `unsaid`: no finding names the deciding object. `uncounted`: one does, and leaves the call out. */
  readonly kind: 'unsaid' | 'uncounted';
}

/** What a comparison found. */
export interface Blame {
  /** The failing calls that must be blamed on something. */
  readonly failing: number;
  readonly unblamed: readonly Unblamed[];
  /** Findings that say that calls fail, in a mesh in which all work; undefined where some fail. */
  readonly accusations?: readonly Finding[];
}

/** Calls of clients without a proxy count only when the manifests show them. */
export function blame({ objects, settings }: MeshCase, rules: readonly Rule[] = RULES): Blame {
  const mesh = meshOf(objects, settings);
  // Where nobody is shown to call, what would happen is an info.
  const findings = runRules(mesh, rules);
  const failing = [...mesh.model.connections()].filter(one => one.outcome.value === 'fail');
  const counted = failing.filter(one => one.client.dataPlane.value !== 'none' || one.known);
  return {
    failing: counted.length,
    unblamed: counted.flatMap(connection => unblamed(connection, findings)),
    ...failing.length === 0 ? { accusations: findings.filter(({ calls }) => calls.some(call => !/ \((plaintext|works)\)$/.test(call))) } : {},
  };
}

function unblamed(connection: Connection, findings: readonly Finding[]): Unblamed[] {
  const decider = connection.outcome.decidedBy.object;
  const decidedBy = decider?.title ?? 'Istio';
  // What no object decided is blamed on whatever the finding names.
  const naming = findings.filter(({ at, see }) => decider === undefined || [at, ...see].some(({ object }) => object === decidedBy));
  if (naming.some(finding => counts(finding, connection))) return [];
  return [{ connection, decidedBy, kind: naming.length > 0 ? 'uncounted' : 'unsaid' }];
}

/** A finding names the first calls, and counts the others. */
function counts({ calls, callCount }: Finding, { client, host, port, subset }: Connection): boolean {
  const call = `${client.key} -> ${host}:${port}`;
  return callCount > calls.length || calls.some(one => one === call || one.startsWith(`${call} `) || (subset !== '' && one.startsWith(call) && one.includes(subset)));
}
