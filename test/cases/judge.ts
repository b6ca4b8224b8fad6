/**
 * Judges cases of known misconfigurations as the command line does: the fault of `wrong` must be found and named, and
 * nothing may be said against `right`.
 */

import { parseAllDocuments } from 'yaml';
import { readManifestText } from '../../src/collect/manifests';
import { Problem, problemText } from '../../src/collect/problem';
import { settingsIn } from '../../src/collect/settings';
import { Connection, reasonsOf } from '../../src/mesh/connection';
import { reasonJson } from '../../src/mesh/decision';
import { asList, asObject, asText, JsonObject } from '../../src/mesh/json';
import { Mesh } from '../../src/mesh/mesh';
import { MeshModel } from '../../src/mesh/model';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';
import { RULES } from '../../src/rules';
import { Finding, Severity } from '../../src/rules/finding';
import { runRules } from '../../src/rules/run';

export type SideName = 'wrong' | 'right';

/** What Istio does with one call, on both sides of a case; undefined where there is no such call. */
export interface ExpectedOutcome {
  /** `namespace/name`, or `external/…` for a client that is not in the manifests. */
  readonly client: string;
  readonly host: string;
  readonly port: number;
  readonly subset: string;
  readonly wrong?: string;
  readonly right?: string;
}

/** A small world with one fault, and the same world without it. */
export interface Case {
  readonly id: string;
  readonly settings: MeshSettings;
  /** Undefined where the case only shows a healthy world. */
  readonly wrong?: string;
  readonly right: string;
  /** The objects that a good finding may name, as `Kind namespace/name`. */
  readonly faults: readonly string[];
  readonly outcomes: readonly ExpectedOutcome[];
}

/** One side of a case, judged. */
export interface Side {
  readonly problems: readonly Problem[];
  /** Errors and warnings. */
  readonly findings: readonly Finding[];
  readonly outcomes: readonly JudgedOutcome[];
}

/** An expected outcome whose client stands in the manifests, with the model's answer. */
export interface JudgedOutcome {
  readonly call: string;
  readonly istio: string;
  /** `fail`, or `fail, mtls` where the endpoints differ; `no such call` where the model knows none. */
  readonly ours: string;
  readonly because: readonly string[];
}

export type MissKind = 'unreadable' | 'missed' | 'elsewhere' | 'accused' | 'outcome';

/** Something in which we and a case differ. */
export interface Miss {
  readonly kind: MissKind;
  readonly side: SideName;
  readonly detail: string;
}

/** A case, judged. */
export interface JudgedCase {
  readonly wrong?: Side;
  readonly right: Side;
  readonly misses: readonly Miss[];
}

/** A parsed line as a case, or undefined when it is none. */
export function toCase(value: unknown): Case | undefined {
  const line = asObject(value);
  const right = asText(line?.right);
  const id = asText(line?.id);
  if (line === undefined || id === undefined || right === undefined) return undefined;
  const { enableAutoMtls, rootNamespace, trustDomain, ambient, sidecarHbone } = (asObject(line.settings) ?? {}) as Record<string, undefined>;
  return {
    id,
    // As on the command line: a Namespace that is not in the manifests may have any labels.
    settings: { autoMtls: enableAutoMtls, rootNamespace, trustDomain, ambient, sidecarHbone },
    wrong: asText(line.wrong),
    right,
    faults: [line.fault, ...asList(line.alsoAcceptable)].map(asObject).filter(one => one !== undefined).map(titleOf),
    outcomes: asList(line.expectOutcome).map(asObject).filter(one => one !== undefined).map(one => ({
      client: asText(one.client) ?? '',
      host: asText(one.host) ?? '',
      port: Number(one.port),
      subset: asText(one.subset) ?? '',
      wrong: asText(one.wrong),
      right: asText(one.right),
    })),
  };
}

function titleOf({ kind, namespace, name }: JsonObject): string {
  return `${String(kind)} ${namespace ? `${String(namespace)}/` : ''}${String(name)}`;
}

/** Both sides of a case, and in what they differ from what the case says. */
export function judge(given: Case): JudgedCase {
  const right = side(given, 'right', given.right);
  const wrong = given.wrong === undefined ? undefined : side(given, 'wrong', given.wrong);
  const misses: Miss[] = [];
  if (wrong) {
    if (wrong.findings.length === 0) {
      misses.push({ kind: 'missed', side: 'wrong', detail: `nothing is found; the fault is ${given.faults[0]}` });
    } else if (!wrong.findings.some(finding => names(finding, given.faults))) {
      const found = wrong.findings.map(finding => `${finding.code} at ${finding.at.object}`).join(', ');
      misses.push({ kind: 'elsewhere', side: 'wrong', detail: `found is ${found}; the fault is ${given.faults.join(' or ')}` });
    }
  }
  for (const finding of right.findings) {
    misses.push({ kind: 'accused', side: 'right', detail: `${finding.severity} ${finding.code} at ${finding.at.object}: ${finding.what}` });
  }
  for (const name of ['wrong', 'right'] as const) {
    const judged = name === 'wrong' ? wrong : right;
    judged?.problems.forEach(problem => misses.push({ kind: 'unreadable', side: name, detail: problemText(problem) }));
    judged?.outcomes.filter(({ istio, ours }) => istio !== ours).forEach(({ call, istio, ours, because }) =>
      misses.push({ kind: 'outcome', side: name, detail: [`${call}: Istio ${istio}, ours ${ours}`, ...because].join('\n    ') }));
  }
  return { wrong, right, misses };
}

/** Whether a finding names one of the objects; a manifest may leave out the namespace `default`. */
function names({ at, see }: Finding, faults: readonly string[]): boolean {
  const short = (title: string): string => title.replace(' default/', ' ');
  return [at, ...see].some(({ object }) => faults.some(fault => short(fault) === short(object)));
}

function side(given: Case, name: SideName, text: string): Side {
  const { objects, problems } = readManifestText(asWritten(text), `${given.id} ${name}`);
  const mesh = new Mesh(objects, resolveSettings({ ...given.settings, ...settingsIn(objects) }));
  const outcomes: JudgedOutcome[] = [];
  for (const expected of given.outcomes) {
    const istio = expected[name];
    if (istio === undefined || mesh.model.inventory.workload(expected.client) === undefined) continue;
    const connections = calls(mesh.model, expected);
    // The endpoints of a service may differ; a case speaks of the worst that can happen.
    const found = new Set(connections.map(outcomeOf));
    const ours = WORST_FIRST.filter(outcome => found.has(outcome)).slice(0, 1);
    outcomes.push({
      call: `${expected.client} -> ${expected.host}:${expected.port}${expected.subset && ` subset ${expected.subset}`}`,
      istio,
      ours: ours.join(', ') || 'no such call',
      because: connections.filter(one => outcomeOf(one) !== istio).flatMap(reasonsOf).map(reasonJson).map(one => `${one.object} ${one.field}: ${one.text}`),
    });
  }
  const findings = runRules(mesh, RULES).filter(finding => finding.severity !== Severity.INFO);
  return { problems, findings, outcomes };
}

/**
 * The manifests as their author meant them: he had a reader of YAML 1.2, to which
 * a namespace `y` is a letter. To kubectl it is `true`, and so it is to our reader.
 */
function asWritten(text: string): string {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return text;
  return documents.map(document => JSON.stringify(document.toJS())).join('\n---\n');
}

/** The calls that an expected outcome speaks of: one for every endpoint, and all of them must end alike. */
function calls(model: MeshModel, { client, host, port, subset }: ExpectedOutcome): Connection[] {
  const workload = model.inventory.workload(client)!;
  // A single pod of a headless Service is called by a name of its own in front of the Service's.
  const hosts = [host, host.slice(host.indexOf('.') + 1)];
  const found = [...model.connectionsOf(workload)].filter(one => one.port === port && one.subset === subset);
  return found.filter(one => one.host === hosts[0] || (one.service.isHeadless && one.host === hosts[1]));
}

/** How calls end, the worst first. */
const WORST_FIRST = ['fail', 'depends', 'plaintext', 'tls-to-app', 'mtls'];

/** The cases do not tell classic mTLS and HBONE apart. */
function outcomeOf({ outcome }: Connection): string {
  return outcome.value === 'hbone' ? 'mtls' : outcome.value;
}
