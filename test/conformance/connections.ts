/**
 * Compares the model's connections with Istio's verdicts, mesh by mesh.
 *
 * A case is one line of tables.jsonl.gz, sidecar.jsonl.gz or ambient.jsonl.gz:
 * `{ "id", "row"?, "mesh": { … }, "objects": [ … ], "verdicts": [ … ] }`.
 */

import { ConnectionJson, connectionJson } from '../../src/mesh/connection';
import { asObject } from '../../src/mesh/json';
import { Mesh } from '../../src/mesh/mesh';
import { identityOf, MeshObject } from '../../src/mesh/object';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';

/** One mesh and what Istio does with it. */
export interface MeshCase {
  readonly id: string;
  /** What a hand-made case is about. */
  readonly row?: string;
  readonly settings: MeshSettings;
  readonly objects: readonly unknown[];
  readonly verdicts: readonly Verdict[];
}

/** What Istio's code said about one call; the fields of the contract. */
export type Verdict = Omit<ConnectionJson, 'because' | 'known'>;

/** A call on which we differ; undefined on the side that does not know the call. */
export interface Difference {
  readonly istio?: Verdict;
  readonly ours?: ConnectionJson;
}

/** What a comparison found. */
export interface Comparison {
  readonly connections: number;
  readonly differences: readonly Difference[];
}

/** A parsed line as a case, or undefined when it is none. */
export function toCase(value: unknown): MeshCase | undefined {
  const line = asObject(value);
  const mesh = asObject(line?.mesh);
  if (line === undefined || mesh === undefined || !Array.isArray(line.objects) || !Array.isArray(line.verdicts)) return undefined;
  const { enableAutoMtls, rootNamespace, ambient, sidecarHbone } = mesh as Record<string, undefined>;
  return {
    id: String(line.id ?? ''),
    row: typeof line.row === 'string' ? line.row : undefined,
    // In the data a Namespace that is not listed has no labels, and the control plane is the default one: nothing is unknown.
    settings: { autoMtls: enableAutoMtls, rootNamespace, ambient, sidecarHbone, revision: 'default', openWorld: false },
    objects: line.objects,
    verdicts: line.verdicts as Verdict[],
  };
}

/** The mesh of plain objects. */
export function meshOf(objects: readonly unknown[], settings: MeshSettings): Mesh {
  return new Mesh(objects.map((body, index) => new MeshObject(
    identityOf(body), { place: `object ${String(index).padStart(6, '0')}`, isConstruct: false, judged: true },
    asObject(asObject(body)?.metadata) ?? {}, () => asObject(body) ?? {},
  )), resolveSettings(settings));
}

/** Both must know the same calls, and agree on what is sent, what the server accepts and what comes of it. */
export function compare({ objects, settings, verdicts }: MeshCase): Comparison {
  const ours = new Map<string, ConnectionJson[]>();
  for (const connection of meshOf(objects, settings).model.connections()) {
    const json = connectionJson(connection);
    file(ours, json);
  }
  const theirs = new Map<string, Verdict[]>();
  for (const verdict of verdicts) file(theirs, verdict);
  const differences: Difference[] = [];
  theirs.forEach((expected, key) => {
    // Endpoints outside the mesh have no names, so that a call may have several answers.
    const mine = ours.get(key) ?? [];
    for (const istio of expected) {
      if (!mine.some(one => agree(one, istio))) differences.push({ istio, ours: mine[0] });
    }
    for (const one of mine) {
      if (!expected.some(istio => agree(one, istio)) && mine.length > 1) differences.push({ ours: one });
    }
  });
  ours.forEach((mine, key) => {
    if (!theirs.has(key)) differences.push(...mine.map(one => ({ ours: one })));
  });
  return { connections: verdicts.length, differences };
}

function agree(a: Verdict, b: Verdict): boolean {
  return a.clientSends === b.clientSends && a.serverMode === b.serverMode && a.outcome === b.outcome;
}

function file<T extends Verdict>(calls: Map<string, T[]>, verdict: T): void {
  const { client, host, port, subset, server, targetPort } = verdict;
  const key = [client, host, port, subset, server, targetPort].join(' ');
  const list = calls.get(key);
  if (list === undefined) calls.set(key, [verdict]);
  else list.push(verdict);
}

/** A difference as the tool prints it. */
export function describe({ istio, ours }: Difference): string {
  const call = (istio ?? ours)!;
  const side = (one: Verdict | undefined): string => one === undefined ? 'no such call' : `${one.clientSends} -> ${one.serverMode}: ${one.outcome}`;
  return [
    `  ${call.client} -> ${call.host}:${call.port}${call.subset && ` subset ${call.subset}`} at ${call.server ?? 'outside'}:${call.targetPort}`,
    `    Istio: ${side(istio)}${istio && 'detail' in istio ? ` (${String(istio.detail)})` : ''}`,
    `    ours:  ${side(ours)}`,
    ...(ours?.because ?? []).map(({ object, field, text }) => `           ${object} ${field}: ${text}`),
  ].join('\n');
}
