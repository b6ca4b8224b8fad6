import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { fromBody } from './body';
import { asObject, asText, JsonObject } from '../mesh/json';
import { MeshObject, ObjectIdentity, Origin } from '../mesh/object';

/**
 * Every object of an app, once: ours, raw, those of cdk8s-plus, those that
 * `Include` reads.
 *
 * Bodies are made when a rule first asks for one. An object whose JSON cannot
 * be made (a `Lazy` that throws, a cycle) counts with its identity and an empty
 * body: cdk8s itself will name it when it writes.
 */
export function collectApp(root: IConstruct): MeshObject[] {
  const app = root instanceof App ? root : undefined;
  const plainResolvers = app !== undefined && hasOnlyBuiltInResolvers(app);
  const outputFile = outputFiles(app);
  const objects: MeshObject[] = [];
  const visit = (construct: IConstruct): void => {
    if (ApiObject.isApiObject(construct)) {
      const object = construct as ApiObject;
      const origin: Origin = { place: object.node.path, isConstruct: true, judged: true, outputFile: outputFile(object) };
      objects.push(...read(object, origin, plainResolvers));
    }
    for (const child of construct.node.children) {
      visit(child);
    }
  };
  visit(root);
  return objects;
}

function read(object: ApiObject, origin: Origin, plainResolvers: boolean): MeshObject[] {
  const { patches } = object as unknown as { patches?: unknown };
  // A patch can change the identity, and a List stands for its items: for these the JSON is needed now.
  if (object.kind === 'List' || !Array.isArray(patches) || patches.length > 0) {
    const json = serialize(() => object.toJson());
    return json ? fromBody(json, origin) : [new MeshObject(identity(object), origin, {}, () => ({}))];
  }
  const metadata = (plainResolvers ? plainMetadata(object.metadata) : undefined) ?? serialize(() => object.metadata.toJson()) ?? {};
  const body = () => (plainResolvers ? plainBody(object, metadata) : undefined) ?? serialize(() => object.toJson()) ?? {};
  return [new MeshObject(identity(object, metadata), origin, metadata, body)];
}

function identity(object: ApiObject, metadata?: JsonObject): ObjectIdentity {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: asText(metadata?.namespace) ?? asText(object.metadata.namespace) ?? '',
    name: asText(metadata?.name) ?? object.name,
  };
}

function serialize(json: () => unknown): JsonObject | undefined {
  try {
    return asObject(json());
  } catch {
    return undefined;
  }
}

/**
 * The body of an object that holds nothing but plain data, without the copies
 * that `toJson()` makes (15 microseconds an object, most of what a synth may
 * spend on validation). Undefined wherever the two might differ.
 *
 * This looks at fields of `ApiObject` that are private; where a version of
 * cdk8s names them otherwise, every object takes the slow way.
 */
function plainBody(object: ApiObject, metadata: JsonObject): JsonObject | undefined {
  const { props } = object as unknown as { props?: unknown };
  // A class that makes its own JSON, as those of `cdk8s import` do, is asked for it.
  if (object.toJson !== ApiObject.prototype.toJson || !isPlainObject(props)) {
    return undefined;
  }
  const body: { [key: string]: unknown } = {};
  for (const key of Object.keys(props)) {
    if (key === 'metadata') {
      continue;
    }
    const value = props[key];
    if (!isSafeKey(key) || !isPlain(value, 0)) {
      return undefined;
    }
    body[key] = value;
  }
  body.metadata = metadata;
  return body;
}

/** Metadata that has only name, namespace, labels and annotations; what `toJson()` filters out is filtered here. */
function plainMetadata(definition: object): JsonObject | undefined {
  const { name, namespace, labels, annotations, finalizers, ownerReferences, _additionalAttributes: more } =
    definition as { [key: string]: unknown };
  if (!isPlainObject(labels) || !isPlainObject(annotations) || !isPlainObject(more)
    || !Array.isArray(finalizers) || finalizers.length > 0 || !Array.isArray(ownerReferences) || ownerReferences.length > 0) {
    return undefined;
  }
  for (const key of Object.keys(more)) {
    if (key !== 'name' && key !== 'namespace' && key !== 'labels' && key !== 'annotations') {
      return undefined;
    }
  }
  if (typeof name !== 'string' || !(namespace === undefined || typeof namespace === 'string') || !isPlain(labels, 0) || !isPlain(annotations, 0)) {
    return undefined;
  }
  const metadata: { [key: string]: unknown } = { name };
  if (namespace !== undefined) {
    metadata.namespace = namespace;
  }
  for (const [key, value] of [['labels', labels], ['annotations', annotations]] as const) {
    if (hasKeys(value)) {
      metadata[key] = value;
    }
  }
  return metadata;
}

const MAX_DEPTH = 64;

/** Whether a value is what `toJson()` would give back unchanged. Deep or cyclic values count as not plain. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null || depth > MAX_DEPTH) {
    return false;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      if (!isPlain(value[i], depth + 1)) {
        return false;
      }
    }
    return true;
  }
  if (!isPlainObject(value)) {
    return false;
  }
  for (const key in value) {
    if (!isSafeKey(key) || !isPlain(value[key], depth + 1)) {
      return false;
    }
  }
  return true;
}

function isPlainObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function hasKeys(value: object): boolean {
  for (const _ in value) {
    return true;
  }
  return false;
}

/** Keys by which cdk8s tells plain objects from others, or that assign a prototype when they are copied. */
function isSafeKey(key: string): boolean {
  return key !== 'constructor' && key !== '__proto__';
}

/** Lazy, implicit tokens and number-or-string unions: none of these changes plain data. Resolvers of the user may. */
function hasOnlyBuiltInResolvers(app: App): boolean {
  const { resolvers } = app as unknown as { resolvers?: unknown };
  return Array.isArray(resolvers) && resolvers.length === 3;
}

/**
 * Tells the file that an app with one file per resource writes an object to.
 * Other output types put a whole chart in a file whose name is unique by its hash.
 */
function outputFiles(app: App | undefined): (object: ApiObject) => string | undefined {
  if (app?.yamlOutputType === YamlOutputType.FILE_PER_RESOURCE) {
    return object => fileName(object) + app.outputFileExtension;
  }
  if (app?.yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) {
    const folders = new Map<Chart, string>();
    return object => {
      const chart = Chart.of(object);
      const folder = folders.get(chart) ?? Names.toDnsLabel(chart);
      folders.set(chart, folder);
      return `${folder}/${fileName(object)}${app.outputFileExtension}`;
    };
  }
  return () => undefined;
}

/** cdk8s drops every other character, and does not look whether the file is there already. */
function fileName(object: ApiObject): string {
  return `${object.kind}.${object.metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}
