import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import { answerAll } from './answer-all';
import { generateMesh, MeshSize, Shape } from './mesh';
import { timeOnce } from './once';
import { mean, median } from './statistics';
import { Mesh } from '../../src/mesh/mesh';
import { MeshObject } from '../../src/mesh/object';
import { resolveSettings } from '../../src/mesh/settings';
import { postureDiff } from '../../src/posture/posture-diff';

/** One measured figure, with its limit where it has one. */
export interface ModelRow {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'x' | 'MB' | '';
  readonly limit?: number;
  /** What else is worth knowing about the figure. */
  readonly note?: string;
}

const LARGE: MeshSize = { workloads: 100_000, policies: 10_000, rules: 10_000 };
const MEDIUM: MeshSize = { workloads: 10_000, policies: 10_000, rules: 10_000 };

/** The time of the first run, which compiles, of the fastest, of the middle one, and the mean of those that no longer compile. */
interface Timing {
  readonly first: number;
  readonly best: number;
  readonly median: number;
  readonly mean: number;
  /** What a run allocates, in bytes. */
  readonly allocated: number;
  readonly count: string;
}

/** A part of what issue 4 limits about the model, for a process of its own. */
interface ModelPart {
  /** What the process is started with. */
  readonly flags: readonly string[];
  readonly measure: () => ModelRow[];
}

/**
 * A young heap of which a run fills less than the whole. V8's own depends on its
 * version (16 MB in Node.js 20, 32 MB in 24). Where half a mesh fits and the whole
 * does not, the fastest runs compare one without a collection and one with two,
 * and their ratio is between 1.7 and 2.6 by the version of Node.js alone (ADR 0012).
 */
const ROOM = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

/** The parts, by name. */
export const MODEL_PARTS: { readonly [part: string]: ModelPart } = {
  large: { flags: [], measure: () => measureSize(LARGE, 250, 100, 4) },
  medium: { flags: [], measure: () => measureSize(MEDIUM, 30, 300, 10) },
  largeDoubled: { flags: ROOM, measure: () => measureDoubling(LARGE, 100) },
  mediumDoubled: { flags: ROOM, measure: () => measureDoubling(MEDIUM, 300) },
  once: { flags: [], measure: () => [...measureOnce(LARGE), ...measureOnce(MEDIUM)] },
  others: { flags: [], measure: () => [...measureOneClient(), measureDiff(), ...measureHeap()] },
};

/** A mesh and what makes it hard. Each case is measured several times, and the fastest run counts. */
function measureSize(size: MeshSize, limit: number, runs: number, adversarialRuns: number): ModelRow[] {
  const [whole, part] = timeHalves(size, runs);
  return [
    { name: title(size), value: whole.best, unit: 'ms', limit, note: noteOf(whole) },
    {
      name: `twice ${title(half(size))}, with V8's own young heap`,
      value: whole.best / part.best,
      unit: 'x',
      limit: 2.3,
      note: `hangs on the version of Node.js, see docs/adr/0012; ${ratios(whole, part)}`,
    },
    ...(['random order', 'one shared label pair', '200 wildcard depths', 'one namespace'] as const)
      .map(shape => adversarial(size, shape, whole, adversarialRuns)),
  ];
}

/**
 * What it costs a warm process when everything doubles: the time of runs without a
 * collection, and what they allocate, to which the time of collections is in proportion.
 */
function measureDoubling(size: MeshSize, runs: number): ModelRow[] {
  const [whole, part] = timeHalves(size, runs);
  const name = `twice ${title(half(size))}`;
  const megabytes = ({ allocated }: Timing): string => (allocated / 1e6).toFixed(1);
  return [
    { name, value: whole.best / part.best, unit: 'x', limit: 2.3, note: ratios(whole, part) },
    {
      name: `${name}, allocated`, value: whole.allocated / part.allocated, unit: 'x', limit: 2.3, note: `${megabytes(part)} and ${megabytes(whole)} MB`,
    },
  ];
}

/** What it costs a process that asks once, with compilation and collections. */
function measureOnce(size: MeshSize): ModelRow[] {
  const [whole, part] = timeOnce([size, half(size)]);
  const note = `${part.toFixed(0)} and ${whole.toFixed(0)} ms`;
  return [{ name: `twice ${title(half(size))}, once in a new process`, value: whole / part, unit: 'x', limit: 2.3, note }];
}

/** A mesh and one of half the size, in turn, so that the machine is the same for both. */
function timeHalves(size: MeshSize, runs: number): readonly Timing[] {
  return timeAnswers([generateMesh(size, 'friendly'), generateMesh(half(size), 'friendly')], runs);
}

function half({ workloads, policies, rules }: MeshSize): MeshSize {
  return { workloads: workloads / 2, policies: policies / 2, rules: rules / 2 };
}

function ratios(whole: Timing, part: Timing): string {
  const middle = `median against median ${(whole.median / part.median).toFixed(2)}`;
  return `${middle}, best ${part.best.toFixed(1)} and ${whole.best.toFixed(1)} ms, median ${part.median.toFixed(1)} and ${whole.median.toFixed(1)}`;
}

function title({ workloads, policies, rules }: MeshSize): string {
  return [workloads, policies, rules].map(count => `${count / 1000}k`).join(' x ');
}

function noteOf({ first, best, median: middle, mean: usual, count }: Timing): string {
  return `first run ${first.toFixed(0)} ms, best ${best.toFixed(1)}, median ${middle.toFixed(1)}, mean ${usual.toFixed(1)}; ${count}`;
}

function adversarial(size: MeshSize, shape: Shape, friendly: Timing, runs: number): ModelRow {
  const [timing] = timeAnswers([generateMesh(size, shape)], runs);
  return { name: `${title(size)}, ${shape}`, value: timing.best / friendly.best, unit: 'x', limit: 5, note: noteOf(timing) };
}

/** Times new meshes and all their answers, each in turn. The objects are as the readers of manifests leave them. */
function timeAnswers(inputs: readonly (readonly MeshObject[])[], runs: number): Timing[] {
  const times = inputs.map((): number[] => []);
  const allocated = inputs.map(() => 0);
  const counts: string[] = [];
  // Once and not for each run: a collection that is forced slows down the run after it.
  collectGarbage();
  for (let i = 0; i < runs; i++) {
    inputs.forEach((objects, index) => {
      // An object remembers what it was read as; each run begins with objects that nobody has read.
      const unread = objects.map(object => new MeshObject(object, object.origin, object.metadata, object.body));
      const before = process.memoryUsage().heapUsed;
      const start = process.hrtime.bigint();
      const { modes, answers } = answerAll(new Mesh(unread, resolveSettings()).model);
      times[index].push(Number(process.hrtime.bigint() - start) / 1e6);
      // A collection makes it less, and code that is not compiled yet allocates more: it is the most of later runs.
      if (i >= runs / 2) allocated[index] = Math.max(allocated[index], process.memoryUsage().heapUsed - before);
      counts[index] = `${modes} server modes, ${answers} client answers`;
    });
  }
  return times.map((each, index) => ({
    first: each[0],
    best: Math.min(...each),
    median: median(each),
    mean: mean(each.slice(Math.floor(each.length / 4))),
    allocated: allocated[index],
    count: counts[index],
  }));
}

/** Two states of a mesh compared, of which the second lacks a third of the policies and rules. */
function measureDiff(): ModelRow {
  const objects = generateMesh({ workloads: 7_000, policies: 1_500, rules: 1_500 }, 'friendly');
  const isKept = ({ kind }: MeshObject, i: number) => (kind !== 'PeerAuthentication' && kind !== 'DestinationRule') || i % 3 > 0;
  const fresh = (list: readonly MeshObject[]) =>
    new Mesh(list.map(one => new MeshObject(one, one.origin, one.metadata, one.body)), resolveSettings());
  let entries = 0;
  const times = [1, 2, 3].map(() => {
    const [before, after] = [fresh(objects), fresh(objects.filter(isKept))];
    const start = process.hrtime.bigint();
    entries = postureDiff(before, after).length;
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return { name: `diff of ${objects.length} objects`, value: Math.min(...times), unit: 'ms', limit: 2_000, note: `${entries} entries` };
}

/** The calls of one client in a fresh model: what they cost, and that no other client's are followed for it. */
function measureOneClient(): ModelRow[] {
  const objects = generateMesh(MEDIUM, 'friendly');
  const times: number[] = [];
  let calls = 0;
  let others = 0;
  for (let i = 0; i < 10; i++) {
    collectGarbage();
    const { model } = new Mesh(objects, resolveSettings());
    const [client] = model.inventory.workloads;
    const callsTo = model.callsTo.bind(model);
    model.callsTo = (one, service, port) => {
      if (one !== client) others++;
      return callsTo(one, service, port);
    };
    const start = process.hrtime.bigint();
    calls = 0;
    for (const connection of model.connectionsOf(client)) {
      calls++;
      if (connection.client !== client) others++;
    }
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const services = MEDIUM.workloads / 10;
  return [
    { name: `connectionsOf one client, ${title(MEDIUM)}`, value: Math.min(...times), unit: 'ms', note: `${calls} calls to ${services} services, in a model that has answered nothing` },
    { name: 'calls of other clients followed for it', value: others, unit: '', limit: 0, note: `all clients together make ${MEDIUM.workloads * calls}` },
  ];
}

/** What a model with all its answers keeps: an amount for each object, or it would grow fourfold when everything doubles. */
function measureHeap(): ModelRow[] {
  const kept = (size: MeshSize): number => {
    const objects = generateMesh(size, 'friendly');
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const { model } = new Mesh(objects, resolveSettings());
    answerAll(model);
    collectGarbage();
    const after = process.memoryUsage().heapUsed;
    // Used once more, so that nothing of it is free to go before.
    return (after - before) * Math.sign(model.inventory.workloads.length) / 1e6;
  };
  const small = kept(half(LARGE));
  const large = kept(LARGE);
  return [
    { name: `heap kept by the model of ${title(LARGE)}`, value: large, unit: 'MB', note: 'beside the objects of the input' },
    { name: 'heap when everything doubles', value: large / small, unit: 'x', limit: 2.3, note: `${title(half(LARGE))}: ${small.toFixed(0)} MB` },
  ];
}

let collect: (() => void) | undefined;

/** Starts each measurement with a clean heap, whatever the one before left. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
