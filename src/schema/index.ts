/**
 * What Istio takes and what it refuses: PeerAuthentication, DestinationRule and ServiceEntry.
 *
 * Two instances judge an object: the API server by the CRD (structural schema and CEL rules), and istiod by its
 * validating webhook. The source is Istio 1.31 (eed52ebb66ad): manifests/charts/base/files/crd-all.gen.yaml and
 * pkg/config/validation. All versions that are served have the same schema.
 */

import { Labels, Meta, STATUS, checkMetadata } from './common';
import { FAILED, decode } from './decode';
import { DESTINATION_RULE, checkDestinationRule } from './destination-rule';
import { Shape, message } from './notation';
import { PEER_AUTHENTICATION, checkPeerAuthentication } from './peer-authentication';
import { Acceptance, Rejection, Report, fieldName, quoted, valueAt } from './report';
import { SERVICE_ENTRY } from './service-entry';
import { checkServiceEntry } from './service-entry-webhook';
import { Unknown, checkRules, checkStructure, isPlainObject, isSound, tidied } from './structural';

export type { Acceptance, Rejection, Source, Step } from './report';

/**
 * Whose answer it is, which differs for objects with unknown fields only.
 *
 * `validator`: Istio's own validator (pkg/config/crd). It stops at unknown fields, so it does not try the CEL rules,
 * and does not look for unknown fields in an object whose structure is wrong; the webhook is asked about the object
 * with its unknown fields.
 *
 * `cluster`: an API server. It drops unknown fields and goes on; the webhook never sees them. `status` is dropped.
 */
export type View = 'validator' | 'cluster';

interface Kind {
  readonly group: string;
  readonly versions: readonly string[];
  /** The same as they stand in `apiVersion`. */
  readonly served: ReadonlySet<string>;
  readonly spec: Shape;
  /** The object around the spec; metadata is not the CRD's business. */
  readonly root: Shape;
  readonly check: (spec: any, meta: Meta, report: Report) => void;
}

function kind(group: string, versions: readonly string[], spec: Shape, check: Kind['check'], required: readonly string[] = []): Kind {
  const served = new Set(versions.map(version => `${group}/${version}`));
  return { group, versions, served, spec, check, root: message({ spec, status: STATUS }, { required }) };
}

const KINDS: ReadonlyMap<unknown, Kind> = new Map([
  ['PeerAuthentication', kind('security.istio.io', ['v1', 'v1beta1'], PEER_AUTHENTICATION, checkPeerAuthentication)],
  ['DestinationRule', kind('networking.istio.io', ['v1', 'v1alpha3', 'v1beta1'], DESTINATION_RULE, checkDestinationRule)],
  ['ServiceEntry', kind('networking.istio.io', ['v1', 'v1alpha3', 'v1beta1'], SERVICE_ENTRY, checkServiceEntry, ['spec'])],
]);

const NOTHING: readonly never[] = Object.freeze([]) as readonly never[];

const ACCEPTED: Acceptance = Object.freeze({
  accepted: true, rejections: NOTHING, warnings: NOTHING, unknownFields: NOTHING, unknownPaths: NOTHING,
});

/**
 * The answer for an object in which nothing at all is odd. It also proves that
 * the object holds nothing but plain data: every value was seen, and is of the
 * type that its field has.
 */
export const HEALTHY: Acceptance = Object.freeze({ ...ACCEPTED });

/**
 * Says whether Istio takes an object and why not; undefined when it is of none of the three kinds.
 *
 * Never throws and never changes the object. What is undefined counts as absent, and so does null where the CRD does
 * not allow it, as the API server drops it.
 */
export function acceptance(object: unknown, view: View = 'validator'): Acceptance | undefined {
  try {
    return answer(object, view);
  } catch {
    // Only an object that runs code when it is read (a getter, a proxy) can do this; no such object can be serialized.
    return refused([{ field: '', path: [], message: 'the object cannot be read', source: 'crd' }]);
  }
}

function refused(rejections: readonly Rejection[]): Acceptance {
  return { ...ACCEPTED, accepted: false, rejections };
}

function answer(object: unknown, view: View): Acceptance | undefined {
  if (!isPlainObject(object)) return undefined;
  const { apiVersion } = object;
  const found = KINDS.get(object.kind);
  if (found === undefined || typeof apiVersion !== 'string') return undefined;
  if (!found.served.has(apiVersion)) {
    return apiVersion.startsWith(`${found.group}/`) ? unserved(found, object.kind as string, apiVersion) : undefined;
  }

  if (!isSoundRoot(object, found)) return fullAnswer(object, found, view);
  // Nearly every object is healthy, so that one empty report serves them all.
  const report = blank ?? new Report();
  blank = undefined;
  const spec = object.spec ?? EMPTY;
  const meta = metaOf(object);
  if (checkMetadata(meta, report)) {
    report.down('spec');
    found.check(spec, meta, report);
    report.up();
  }
  if (report.isEmpty) {
    blank = report;
    return HEALTHY;
  }
  return conclude(object, report, NOTHING);
}

let blank: Report | undefined;

const EMPTY = Object.freeze({});

/** Whether the object has a sound spec (or none where none is needed) and nothing else that is anybody's business. */
function isSoundRoot(object: Record<string, unknown>, { root, spec }: Kind): boolean {
  let hasSpec = false;
  for (const key in object) {
    if (key === 'spec') {
      if (!isSound(spec, object.spec)) return false;
      hasSpec = true;
    } else if (key !== 'apiVersion' && key !== 'kind' && key !== 'metadata') {
      return false;
    }
  }
  return hasSpec || root.required.length === 0;
}

/** The answer for a version that the API server does not serve. */
function unserved({ group, versions }: Kind, kindName: string, apiVersion: string): Acceptance {
  return refused([{
    field: 'apiVersion',
    path: ['apiVersion'],
    message: `no matches for kind "${kindName}" in version "${apiVersion}"`,
    source: 'crd',
    value: apiVersion,
    allowed: versions.map(version => `${group}/${version}`).join(', '),
  }]);
}

/** The long way, for objects that are not sound: finds every reason. */
function fullAnswer(object: Record<string, unknown>, { root, spec: specShape, check }: Kind, view: View): Acceptance {
  const report = new Report();
  const cluster = view === 'cluster';
  const body: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(object)) {
    const dropped = key === 'apiVersion' || key === 'kind' || key === 'metadata' || (cluster && key === 'status');
    if (!dropped) body[key] = object[key];
  }
  let unknown: Unknown[] = [];
  const value = tidied(root, body, cluster, unknown) as Record<string, unknown>;

  checkStructure(root, value, report);
  const wrongStructure = report.rejections.length > 0;
  if (!cluster && wrongStructure) unknown = [];
  if (!wrongStructure && (cluster || unknown.length === 0)) checkRules(root, value, report);

  const webhook = new Report();
  const stray = Object.keys(value).find(key => !root.fields.has(key));
  if (stray !== undefined) {
    webhook.webhook(`unknown field ${quoted(stray)}`, stray);
  } else {
    webhook.down('spec');
    const spec = decode(specShape, value.spec ?? null, webhook);
    webhook.up();
    const meta = metaOf(object);
    if (spec !== FAILED && checkMetadata(meta, webhook)) {
      webhook.down('spec');
      check(spec, meta, webhook);
      webhook.up();
    }
  }
  report.rejections.push(...webhook.rejections);
  report.warnings.push(...webhook.warnings);
  return conclude(object, report, unknown);
}

/** Puts the answer together, with the values that were seen. */
function conclude(object: Record<string, unknown>, report: Report, unknown: readonly Unknown[]): Acceptance {
  const { rejections, warnings } = report;
  if (rejections.length === 0 && warnings.length === 0 && unknown.length === 0) return ACCEPTED;
  const fields = unknown.map(({ path }) => ({ name: fieldName(path), path }))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return {
    accepted: rejections.length === 0,
    rejections: rejections.map(rejection => withValue(rejection, valueAt(object, rejection.path))),
    warnings,
    unknownFields: fields.map(({ name }) => name),
    unknownPaths: fields.map(({ path }) => path),
  };
}

function withValue(rejection: Rejection, value: unknown): Rejection {
  return value === undefined ? rejection : { ...rejection, value };
}

const NO_LABELS: Labels = Object.freeze({});
const NO_META: Meta = Object.freeze({ name: '', namespace: 'default', labels: NO_LABELS, annotations: NO_LABELS });

/** Metadata as far as the webhook looks at it. That it is well-formed is the API server's concern, not Istio's. */
function metaOf({ metadata }: Record<string, unknown>): Meta {
  if (!isPlainObject(metadata)) return NO_META;
  const { name, namespace } = metadata;
  return {
    name: typeof name === 'string' ? name : '',
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default',
    labels: textsOf(metadata.labels),
    annotations: textsOf(metadata.annotations),
  };
}

function textsOf(value: unknown): Labels {
  if (!isPlainObject(value)) return NO_LABELS;
  for (const key in value) {
    if (typeof value[key] !== 'string') return onlyTexts(value);
  }
  return value as Labels;
}

/** Labels without the undefined ones, and with the others as text. */
function onlyTexts(value: Record<string, unknown>): Labels {
  const result: Record<string, string> = Object.create(null);
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) result[key] = typeof value[key] === 'string' ? value[key] : '';
  }
  return result;
}
