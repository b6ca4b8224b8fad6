import { Cure, Cures } from './cures';
import { exceptionYaml } from './exception-text';
import { PortException } from './exceptions';
import { Blocker, forecast } from './forecast';
import { inOrder } from './order';
import { plaintextQueries } from './queries';
import { freeName, policyNames, staged } from './stage';
import { Decision } from '../mesh/decision';
import { Kinds } from '../mesh/kinds';
import { Mesh } from '../mesh/mesh';
import { compareText, MeshObject } from '../mesh/object';
import { MtlsMode, PeerAuthentication, peerAuthentication } from '../mesh/policies/peer-authentication';
import { ServerMode } from '../mesh/server/server-mode';
import { Workload } from '../mesh/workloads/workload';
import { isGateway } from '../rules/strict-ports';

/**
 * How far a namespace is: STRICT already; without blockers; without any that is
 * sure, but with something to find out; or with calls that would fail.
 */
export type Readiness = 'strict' | 'ready' | 'open' | 'blocked';

/** A blocker with the ways around it, the cheapest first. */
export interface CurableBlocker extends Blocker {
  readonly cures: readonly Cure[];
}

/** A workload that takes something else than its namespace says. */
export interface WorkloadDifference {
  readonly workload: Workload;
  readonly mode: ServerMode;
  /** Workload ports with a mode of their own. */
  readonly ports: ReadonlyMap<number, ServerMode>;
  readonly policy: MeshObject;
}

/** What the plan says of one namespace. */
export interface NamespacePlan {
  readonly name: string;
  /** What its workloads accept today where no policy of their own says otherwise. */
  readonly mode: Decision<MtlsMode>;
  readonly readiness: Readiness;
  /** How many of its workloads have a proxy, have none, or may have one. */
  readonly workloads: { readonly withProxy: number; readonly without: number; readonly unknown: number };
  readonly differences: readonly WorkloadDifference[];
  readonly blockers: readonly CurableBlocker[];
  /** The policy that a stage makes STRICT, or adds. */
  readonly policy: { readonly title: string; readonly isNew: boolean };
}

/** A namespace in its place in the order. */
export interface Step {
  readonly namespace: NamespacePlan;
  /** Other namespaces that nothing blocks any more once the changes for this one are made. */
  readonly unblocks: readonly string[];
}

/** What is left for the end: the policy of the whole mesh. */
export interface MeshPlan extends NamespacePlan {
  /** The policies of namespaces that say nothing more once the mesh is STRICT, those included that the steps add. */
  readonly redundant: readonly string[];
  /** The policies that let workloads take plaintext still, with what they open. */
  readonly exceptions: readonly { readonly policy: string; readonly opens: string; readonly yaml?: string }[];
}

/** Something that the input does not show. */
export interface Question {
  readonly namespace?: string;
  readonly text: string;
}

/** How a mesh becomes STRICT without an outage. */
export interface MigrationPlan {
  /** Every namespace in which something has or may have a proxy, and every one with a policy, by name. The root namespace is the mesh. */
  readonly namespaces: readonly NamespacePlan[];
  /** Namespaces in which nothing has a proxy: no policy changes anything there. */
  readonly outside: readonly string[];
  /** The namespaces that are not STRICT, in the order in which to go. */
  readonly order: readonly Step[];
  readonly mesh: MeshPlan;
  readonly questions: readonly Question[];
  /** The queries that show callers outside the input. */
  readonly queries: readonly string[];
}

/** No policy is for this port, so that what holds for it holds for all that are not named. */
const ANY_PORT = 0;

/** Makes the plan. All namespaces are judged at once: a call hangs on the policies of the namespace it goes to, and on no other's. */
export function planMigration(mesh: Mesh): MigrationPlan {
  const { model } = mesh;
  const { rootNamespace } = mesh.settings;
  const places = placesOf(mesh);
  const names = policyNames(mesh);
  const isPlanned = ([name, place]: readonly [string, Place]): boolean => name !== rootNamespace && (place.isInMesh || place.hasPolicy);
  const inMesh = [...places].filter(isPlanned).map(([name]) => name).sort(compareText);
  const after = staged(mesh, { namespaces: inMesh, mesh: true });
  const blockers = forecast(mesh, after);
  const cures = new Cures(mesh, after, blockers);
  const cured = new Map<string, CurableBlocker[]>();
  for (const [blocker, ways] of cures.all()) {
    const list = cured.get(blocker.namespace);
    if (list === undefined) cured.set(blocker.namespace, [{ ...blocker, cures: ways }]);
    else list.push({ ...blocker, cures: ways });
  }
  const planOf = (name: string): NamespacePlan => {
    const place = places.get(name) ?? NOBODY;
    const own = (cured.get(name) ?? []).sort(byWeight);
    const mode = model.namespaceMode(name);
    const [policy] = model.policiesIn(name).general;
    return {
      name,
      mode,
      readiness: readinessOf(mode.value, own, place),
      workloads: { withProxy: place.withProxy, without: place.without, unknown: place.unknown },
      differences: place.servers.flatMap(workload => differenceOf(mesh, workload, mode.value)),
      blockers: own,
      policy: { title: policy?.object.title ?? `PeerAuthentication ${name}/${freeName(name, names)}`, isNew: policy === undefined },
    };
  };
  const namespaces = inMesh.map(planOf);
  const byName = new Map(namespaces.map(one => [one.name, one]));
  const pending = namespaces.filter(({ readiness }) => readiness !== 'strict');
  const ranked = inOrder(pending.map(({ name, blockers: own, readiness }) => ({ name, changes: changesFor(own), isOpen: readiness === 'open' })));
  const mine = planOf(rootNamespace);
  return {
    namespaces,
    outside: [...places.keys()].filter(name => name !== rootNamespace && !byName.has(name)).sort(compareText),
    order: ranked.map(({ name, unblocks }) => ({ namespace: byName.get(name)!, unblocks })),
    mesh: { ...mine, redundant: redundant(mesh, namespaces), exceptions: exceptions(mesh, places, cures.lasting) },
    questions: questions([...namespaces, mine]),
    queries: plaintextQueries(pending.map(({ name }) => name)),
  };
}

/** What there is in a namespace. */
interface Place {
  withProxy: number;
  without: number;
  unknown: number;
  isInMesh: boolean;
  hasPolicy: boolean;
  /** Those whose proxy asks policies. */
  readonly servers: Workload[];
}

const NOBODY: Place = { withProxy: 0, without: 0, unknown: 0, isInMesh: false, hasPolicy: false, servers: [] };

function placesOf(mesh: Mesh): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const placeOf = (name: string): Place => {
    let place = places.get(name);
    if (place === undefined) places.set(name, place = { ...NOBODY, servers: [] });
    return place;
  };
  const { inventory } = mesh.model;
  for (const workload of [...inventory.workloads, ...inventory.machines]) {
    const place = placeOf(workload.namespace);
    const plane = workload.dataPlane.value;
    if (plane === 'none') {
      place.without++;
      continue;
    }
    place.isInMesh = true;
    if (plane === 'unknown') place.unknown++;
    else place.withProxy++;
    if (plane !== 'unknown' && !isGateway(workload)) place.servers.push(workload);
  }
  for (const policy of mesh.ofKind(Kinds.PEER_AUTHENTICATION)) placeOf(peerAuthentication(policy).namespace).hasPolicy = true;
  return places;
}

function readinessOf(mode: MtlsMode, blockers: readonly Blocker[], { unknown }: Place): Readiness {
  if (blockers.some(({ condition }) => condition === undefined)) return 'blocked';
  if (mode === 'STRICT' && blockers.length === 0) return 'strict';
  return blockers.length > 0 || unknown > 0 ? 'open' : 'ready';
}

/** Sure ones first, then by place, so that the order does not hang on the input's. */
function byWeight(a: Blocker, b: Blocker): number {
  return Number(a.condition !== undefined) - Number(b.condition !== undefined) || compareText(a.code, b.code) || compareText(a.what, b.what);
}

/** What the cheapest cures of the blockers change. What is not sure has to be looked into, not cured. */
function changesFor(blockers: readonly CurableBlocker[]): ReadonlySet<string> {
  return new Set(blockers.filter(({ condition }) => condition === undefined).flatMap(({ cures }) => cures[0]?.changes ?? []));
}

function differenceOf(mesh: Mesh, workload: Workload, namespaceMode: MtlsMode): readonly WorkloadDifference[] {
  const policy = mesh.model.policyFor(workload);
  if (policy === undefined) return [];
  const mode = mesh.model.serverMode(workload, ANY_PORT).value;
  const ports = new Map<number, ServerMode>();
  for (const { port } of policy.ports ?? []) {
    const own = mesh.model.serverMode(workload, port).value;
    if (own !== mode) ports.set(port, own);
  }
  return mode === namespaceMode && ports.size === 0 ? [] : [{ workload, mode, ports, policy: policy.object }];
}

function redundant(mesh: Mesh, namespaces: readonly NamespacePlan[]): string[] {
  return namespaces.flatMap(({ name, policy, readiness }) => policy.isNew
    ? readiness === 'strict' ? [] : [policy.title]
    : mesh.model.policiesIn(name).general.map(({ object }) => object.title));
}

/** The policies for single workloads that open something, and those that the plan adds. */
function exceptions(mesh: Mesh, places: ReadonlyMap<string, Place>, added: readonly PortException[]): MeshPlan['exceptions'] {
  const effective = new Set<MeshObject>();
  for (const { servers } of places.values()) {
    for (const workload of servers) {
      const policy = mesh.model.policyFor(workload);
      if (policy !== undefined) effective.add(policy.object);
    }
  }
  const found: { policy: string; opens: string; yaml?: string }[] = [];
  for (const object of mesh.ofKind(Kinds.PEER_AUTHENTICATION)) {
    const policy = peerAuthentication(object);
    // One that selects nothing, or nothing that an older one does not select, opens nothing.
    if (!effective.has(object)) continue;
    const opens = openingsOf(policy);
    if (opens !== '') found.push({ policy: object.title, opens });
  }
  for (const one of added) {
    const opens = [...one.ports].map(([port, mode]) => `workload port ${port} ${mode}`).join(', ');
    found.push({ policy: `PeerAuthentication ${one.namespace}/${one.name}`, opens: `${opens} (added by this plan)`, yaml: exceptionYaml(one) });
  }
  return found;
}

function openingsOf({ mode, ports = [] }: PeerAuthentication): string {
  return [
    ...mode === undefined || mode === 'STRICT' ? [] : [`the workload ${mode}`],
    ...ports.filter(one => one.mode !== undefined && one.mode !== 'STRICT').map(one => `workload port ${one.port} ${one.mode}`),
  ].join(', ');
}

function questions(plans: readonly NamespacePlan[]): Question[] {
  const found: Question[] = [];
  for (const { name, workloads: { unknown }, blockers, readiness } of plans) {
    if (readiness === 'strict') continue;
    if (unknown > 0) {
      const which = unknown === 1 ? 'Has its workload a proxy?' : `Which of its ${unknown} workloads have a proxy?`;
      found.push({ namespace: name, text: `${which} Namespace ${name} is not in the input; add it, or name a cluster export with --context.` });
    }
    for (const { condition, calls } of blockers) {
      if (condition !== undefined) found.push({ namespace: name, text: `Does it hold that ${condition}? Then ${calls[0] ?? 'a call'} would fail.` });
    }
  }
  return found;
}
