import { ApiObject, App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { fromBody } from './body';
import { ContentHash } from './content-hash';
import { outputFiles } from './output-files';
import { asObject, asText, JsonObject } from '../mesh/json';
import { kindKey, MeshObject, ObjectIdentity, Origin } from '../mesh/object';

/** The objects of an app. */
export interface CollectedApp {
  readonly objects: MeshObject[];
  /**
   * Equal as long as nothing has changed that the caller reads: identity and
   * metadata of every object, and the bodies of the kinds it named. Undefined
   * where that cannot be told.
   */
  readonly fingerprint?: string;
}

/**
 * Every object of an app, once: ours, raw, those of cdk8s-plus, those that
 * `Include` reads.
 *
 * Bodies of kinds that are not read are made when somebody asks for one after
 * all. An object whose JSON cannot be made (a `Lazy` that throws, a cycle)
 * counts with its identity and an empty body: cdk8s itself will name it when it
 * writes.
 *
 * @param isRead whether the bodies of a kind, given as `<api group>/<kind>`, are needed
 */
export function collectApp(root: IConstruct, isRead: (key: string) => boolean = () => false): CollectedApp {
  return new AppCollector(root, isRead).collect();
}

class AppCollector {
  private readonly objects: MeshObject[] = [];
  private readonly hash = new ContentHash();
  private readonly hasPlainResolvers: boolean;
  private readonly outputFile: (object: ApiObject) => string | undefined;
  private isHashable = true;

  constructor(private readonly root: IConstruct, private readonly isRead: (key: string) => boolean) {
    const app = root instanceof App ? root : undefined;
    this.hasPlainResolvers = app !== undefined && hasOnlyBuiltInResolvers(app);
    this.outputFile = outputFiles(app);
  }

  collect(): CollectedApp {
    this.visit(this.root, '');
    return { objects: this.objects, fingerprint: this.isHashable ? this.hash.value : undefined };
  }

  private visit(construct: IConstruct, path: string): void {
    if (ApiObject.isApiObject(construct)) {
      this.add(construct as ApiObject, path);
    }
    for (const child of construct.node.children) {
      // The same as `child.node.path`, which climbs to the root for each construct.
      this.visit(child, path === '' ? child.node.id : `${path}/${child.node.id}`);
    }
  }

  private add(object: ApiObject, place: string): void {
    const origin = new ConstructOrigin(place, this.outputFile(object));
    this.hash.addText(origin.place);
    this.hash.addText(origin.outputFile ?? '');
    const { patches } = object as unknown as { patches?: unknown };
    // A patch can change the identity, and a List stands for its items: for these the JSON is needed in any case.
    if (object.kind === 'List' || !Array.isArray(patches) || patches.length > 0) {
      const json = attempt(() => object.toJson());
      this.addToHash(json ?? {});
      this.objects.push(...json ? fromBody(json, origin) : [new MeshObject(identity(object, {}), origin, {}, () => ({}))]);
      return;
    }
    const metadata = this.metadata(object);
    const body = this.isRead(kindKey(object.apiVersion, object.kind)) ? this.body(object, metadata) : undefined;
    this.hash.addText(object.apiVersion);
    this.hash.addText(object.kind);
    this.objects.push(new MeshObject(identity(object, metadata), origin, metadata, () => body ?? attempt(() => object.toJson()) ?? {}));
  }

  private metadata(object: ApiObject): JsonObject {
    const plain = this.hasPlainResolvers ? attempt(() => plainMetadata(object.metadata)) : undefined;
    if (plain && attempt(() => this.hash.addPlain(plain))) {
      return plain;
    }
    const json = attempt(() => asObject(object.metadata.toJson())) ?? {};
    this.addToHash(json);
    return json;
  }

  private body(object: ApiObject, metadata: JsonObject): JsonObject {
    const plain = this.hasPlainResolvers ? attempt(() => this.plainBody(object, metadata)) : undefined;
    if (plain) {
      return plain;
    }
    const json = attempt(() => asObject(object.toJson())) ?? {};
    this.addToHash(json);
    return json;
  }

  /**
   * The body of an object that holds nothing but plain data, without the copies
   * that `toJson()` makes (15 microseconds an object, most of what a synth may
   * spend on validation). Undefined wherever the two might differ.
   *
   * This looks at a field of `ApiObject` that is private; where a version of
   * cdk8s names it otherwise, every object takes the slow way.
   */
  private plainBody(object: ApiObject, metadata: JsonObject): JsonObject | undefined {
    const { props } = object as unknown as { props?: unknown };
    // A class that makes its own JSON, as those of `cdk8s import` do, is asked for it.
    if (object.toJson !== ApiObject.prototype.toJson || !isSimple(props)) {
      return undefined;
    }
    const body: { [key: string]: unknown } = {};
    for (const key of Object.keys(props)) {
      if (key === 'metadata') {
        continue;
      }
      const value = props[key];
      if (key === '__proto__' || key === 'constructor' || !this.hash.addPlain(value)) {
        return undefined;
      }
      body[key] = value;
    }
    body.metadata = metadata;
    return body;
  }

  private addToHash(json: JsonObject): void {
    this.isHashable = attempt(() => this.hash.addPlain(json)) === true && this.isHashable;
  }
}

class ConstructOrigin implements Origin {
  constructor(readonly place: string, readonly outputFile: string | undefined) {}

  get isConstruct(): boolean {
    return true;
  }

  get judged(): boolean {
    return true;
  }
}

/** The result, or undefined where the code of a user (a producer, a getter) throws. */
function attempt<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

function identity(object: ApiObject, metadata: JsonObject): ObjectIdentity {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: asText(metadata.namespace) ?? asText(object.metadata.namespace) ?? '',
    name: asText(metadata.name) ?? object.name,
  };
}

/**
 * Metadata that has only name, namespace, labels and annotations, in the form
 * that `toJson()` gives it; undefined for any other. Whether its values are
 * plain is for the caller to see.
 */
function plainMetadata(definition: object): JsonObject | undefined {
  const { name, namespace, labels, annotations, finalizers, ownerReferences, _additionalAttributes: more } =
    definition as { [key: string]: unknown };
  if (!isSimple(labels) || !isSimple(annotations) || !isSimple(more)
    || !Array.isArray(finalizers) || finalizers.length > 0 || !Array.isArray(ownerReferences) || ownerReferences.length > 0) {
    return undefined;
  }
  for (const key in more) {
    if (key !== 'name' && key !== 'namespace' && key !== 'labels' && key !== 'annotations') {
      return undefined;
    }
  }
  if (!areTexts(labels) || !areTexts(annotations) || typeof name !== 'string' || !(namespace === undefined || typeof namespace === 'string')) {
    return undefined;
  }
  const metadata: { [key: string]: unknown } = { name };
  if (namespace !== undefined) {
    metadata.namespace = namespace;
  }
  if (hasKeys(labels)) {
    metadata.labels = labels;
  }
  if (hasKeys(annotations)) {
    metadata.annotations = annotations;
  }
  return metadata;
}

/** Lists and objects in labels would be filtered when empty; there is no need to know how. */
function areTexts(object: { [key: string]: unknown }): boolean {
  for (const key in object) {
    if (typeof object[key] !== 'string') {
      return false;
    }
  }
  return true;
}

function isSimple(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function hasKeys(value: object): boolean {
  for (const _ in value) {
    return true;
  }
  return false;
}

/** Lazy, implicit tokens and number-or-string unions: none of these changes plain data. Resolvers of the user may. */
function hasOnlyBuiltInResolvers(app: App): boolean {
  const { resolvers } = app as unknown as { resolvers?: unknown };
  return Array.isArray(resolvers) && resolvers.length === 3;
}
