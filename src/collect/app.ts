import { ApiObject, App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { fromBody, isListKind } from './body';
import { ContentTrace, isPlain } from './content-trace';
import { outputFiles } from './output-files';
import { hasOnlyBuiltInResolvers, plainMetadata, rawBody } from './plain-object';
import { asObject, asText, JsonObject } from '../mesh/json';
import { kindKey, MeshObject, ObjectIdentity, Origin } from '../mesh/object';

/** The objects of an app. */
export interface CollectedApp {
  readonly objects: MeshObject[];
  /**
   * Equal as long as nothing has changed that the caller reads: identity and
   * metadata of every object, and the bodies of the kinds it named. Undefined
   * where that cannot be told, or was not asked for.
   */
  readonly trace?: ContentTrace;
}

/** What the caller wants to know of an app. */
export interface CollectOptions {
  /** Whether the bodies of a kind, given as `<api group>/<kind>`, are needed. By default none is. */
  readonly isRead?: (key: string) => boolean;
  /**
   * A note to keep with an object whose body is needed. It is made while the data
   * is at hand: thousands of objects later it costs twice as much to look at.
   */
  readonly note?: (body: JsonObject) => unknown;
  /** Whether a note proves that the body holds plain data alone; it need not be walked once more then. */
  readonly provesPlain?: (note: unknown) => boolean;
  /** Whether a trace is needed, to tell later whether the app has changed. By default it is not. */
  readonly isTraced?: boolean;
}

/**
 * Every object of an app, once: ours, raw, those of cdk8s-plus, those that
 * `Include` reads.
 *
 * Bodies of kinds that are not read are made when somebody asks for one after
 * all. An object whose JSON cannot be made (a `Lazy` that throws, a cycle)
 * counts with its identity and an empty body: cdk8s itself will name it when it
 * writes.
 */
export function collectApp(root: IConstruct, options: CollectOptions = {}): CollectedApp {
  return new AppCollector(root, options).collect();
}

class AppCollector {
  private readonly objects: MeshObject[] = [];
  private readonly trace = new ContentTrace();
  private readonly hasPlainResolvers: boolean;
  private readonly outputFile: (object: ApiObject) => string | undefined;
  private isTraced: boolean;

  constructor(private readonly root: IConstruct, private readonly options: CollectOptions) {
    const app = root instanceof App ? root : undefined;
    this.hasPlainResolvers = app !== undefined && hasOnlyBuiltInResolvers(app);
    this.outputFile = outputFiles(app);
    this.isTraced = options.isTraced === true;
  }

  collect(): CollectedApp {
    this.visit(this.root);
    return { objects: this.objects, trace: this.isTraced ? this.trace : undefined };
  }

  private visit(construct: IConstruct): void {
    if (ApiObject.isApiObject(construct)) {
      this.add(construct as ApiObject);
    }
    for (const child of construct.node.children) {
      this.visit(child);
    }
  }

  private add(object: ApiObject): void {
    const origin = new ConstructOrigin(object, this.outputFile(object));
    const { patches } = object as unknown as { patches?: unknown };
    // A patch can change the identity, and a list stands for its items: for these the JSON is needed in any case.
    if (isListKind(object.kind) || !Array.isArray(patches) || patches.length > 0) {
      const json = attempt(() => object.toJson());
      this.addToTrace(origin, json ?? {});
      this.objects.push(...json ? fromBody(json, origin) : [new MeshObject(identity(object, {}), origin, {}, {})]);
      return;
    }
    const metadata = this.metadata(object);
    if (this.options.isRead?.(kindKey(object.apiVersion, object.kind))) {
      this.addRead(object, origin, metadata);
    } else {
      this.objects.push(new MeshObject(identity(object, metadata), origin, metadata, () => attempt(() => asObject(object.toJson())) ?? {}));
      this.addToTrace(origin, metadata, object.apiVersion, object.kind);
    }
  }

  /** Adds an object whose body is needed. */
  private addRead(object: ApiObject, origin: Origin, metadata: JsonObject): void {
    const { note } = this.options;
    // A class that makes its own JSON, as those of `cdk8s import` do, is asked for it.
    const isPlainClass = this.hasPlainResolvers && object.toJson === ApiObject.prototype.toJson;
    let body = isPlainClass ? attempt(() => rawBody(object, metadata)) : undefined;
    let noted = body && note?.(body);
    if (body && !(this.options.provesPlain?.(noted) ?? false) && !isPlainData(body)) {
      body = undefined;
    }
    if (!body) {
      body = attempt(() => asObject(object.toJson())) ?? {};
      noted = note?.(body);
    }
    const collected = new MeshObject(identity(object, metadata), origin, metadata, body);
    collected.note = noted;
    this.objects.push(collected);
    this.addToTrace(origin, body);
  }

  private metadata(object: ApiObject): JsonObject {
    return (this.hasPlainResolvers ? attempt(() => plainMetadata(object.metadata)) : undefined)
      ?? attempt(() => asObject(object.metadata.toJson()))
      ?? {};
  }

  private addToTrace(origin: Origin, content: JsonObject, ...texts: string[]): void {
    if (this.isTraced) {
      [origin.place, origin.outputFile, ...texts].forEach(text => this.trace.add(text));
      this.isTraced = attempt(() => this.trace.addPlain(content)) === true;
      this.trace.end();
    }
  }
}

function isPlainData(body: JsonObject): boolean {
  return attempt(() => isPlain(body)) === true;
}

class ConstructOrigin implements Origin {
  constructor(private readonly construct: IConstruct, readonly outputFile: string | undefined) {}

  get place(): string {
    return this.construct.node.path;
  }

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
