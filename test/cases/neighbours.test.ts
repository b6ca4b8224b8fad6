import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readManifestText } from '../../src/collect/manifests';
import { Mesh } from '../../src/mesh/mesh';
import { resolveSettings } from '../../src/mesh/settings';
import { RULES } from '../../src/rules';
import { Finding, Severity } from '../../src/rules/finding';
import { runRules } from '../../src/rules/run';
import { readLines } from '../conformance/lines';

/*
 * Two worlds in one cluster that have nothing to do with each other: what is right
 * stays right, whoever else is in the mesh and could call.
 */

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly host?: string };
}

interface World {
  readonly id: string;
  readonly documents: readonly Document[];
  readonly namespaces: ReadonlySet<string>;
  readonly isAmbient: boolean;
}

const CLUSTER_KINDS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition', 'ClusterRole'];

/** A world that speaks for itself alone; undefined for one that says something for the whole mesh, or about all hosts of it. */
function toWorld(line: string): World | undefined {
  const { id, right, settings } = JSON.parse(line) as { readonly id: string; readonly right: string; readonly settings: object };
  const parsed = parseAllDocuments(right);
  const documents = (Array.isArray(parsed) ? parsed : []).map(document => document.toJS() as Document | null).filter(one => one !== null);
  const namespaces = documents.filter(({ kind }) => !CLUSTER_KINDS.includes(kind))
    .map(({ kind, metadata }) => kind === 'Namespace' ? metadata.name : metadata.namespace ?? 'default');
  const isAboutAll = documents.some(({ kind, spec }) => kind === 'DestinationRule' && (spec?.host === '*' || spec?.host === '*.local'));
  return isAboutAll || namespaces.includes('istio-system') || Object.keys(settings).length > 0
    ? undefined : { id, documents, namespaces: new Set(namespaces), isAmbient: right.includes('dataplane-mode') };
}

const WORLDS = readLines(join(__dirname, 'cases.jsonl')).map(toWorld).filter(one => one !== undefined);

/** For each world some of the others, spread over all of them. */
const PAIRS = WORLDS.flatMap((one, i) => WORLDS.filter((other, j) =>
  j > i && (j - i) % 7 === i % 7 && one.isAmbient === other.isAmbient && ![...one.namespaces].some(name => other.namespaces.has(name)))
  .map(other => [one, other] as const));

function accusations(...worlds: readonly World[]): Finding[] {
  const text = worlds.flatMap(({ documents }) => documents).map(document => JSON.stringify(document)).join('\n---\n');
  return runRules(new Mesh(readManifestText(text, 'pair.yaml').objects, resolveSettings()), RULES).filter(({ severity }) => severity !== Severity.INFO);
}

test('healthy worlds in one cluster accuse nobody', () => {
  expect(PAIRS.length).toBeGreaterThan(300);
  const accused = PAIRS.flatMap(([one, other]) => accusations(one, other).map(({ code, what }) => `${one.id} + ${other.id}: ${code} ${what}`));
  expect(accused).toEqual([]);
});
