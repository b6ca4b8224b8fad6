import { asText, at, FieldPath, JsonObject, own } from './json';

/** Where an object comes from, for the people who have to change it. */
export interface Origin {
  /** The construct path, or the file name. */
  readonly place: string;
  /** Whether the place is a construct of an app rather than a file. */
  readonly isConstruct: boolean;
  /** False for objects that are only known to be present (a cluster export): nobody is accused for them. */
  readonly judged: boolean;
  /** The file that the app writes the object to, where an app gives every object a file of its own. */
  readonly outputFile?: string;
  /** The line and column of a field, both from 1, where the origin is a file. */
  locate?(path: FieldPath): { readonly line: number; readonly column: number } | undefined;
}

/** What identifies an object in a cluster. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where the manifest names no namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** One Kubernetes object of the input. The body is read when it is first asked for. */
export class MeshObject implements ObjectIdentity {
  readonly namespace: string;
  readonly name: string;
  private readonly type: ObjectType;
  /**
   * What whoever runs over the objects has found out about this one. Objects
   * live as long as one run, and a field is cheaper than a map of thousands.
   */
  note?: unknown;
  /** What the model has read the body as; several ask for it. */
  parsed?: unknown;

  /** @param content the whole object, or what makes it when it is first asked for */
  constructor(identity: ObjectIdentity, readonly origin: Origin, readonly metadata: JsonObject, private content: JsonObject | (() => JsonObject)) {
    this.namespace = identity.namespace;
    this.name = identity.name;
    this.type = typeOf(identity.apiVersion, identity.kind);
  }

  get apiVersion(): string {
    return this.type.apiVersion;
  }

  get kind(): string {
    return this.type.kind;
  }

  /** `<api group>/<kind>`, with an empty group for core kinds. */
  get key(): string {
    return this.type.key;
  }

  /** The whole object as plain data. */
  get body(): JsonObject {
    if (typeof this.content === 'function') {
      this.content = (this.content as () => JsonObject)();
    }
    return this.content;
  }

  get spec(): unknown {
    return this.body.spec;
  }

  /** The value of an annotation, where it is text. */
  annotation(name: string): string | undefined {
    return asText(own(own(this.metadata, 'annotations'), name));
  }

  /** As findings name it: `PeerAuthentication shop/default`. */
  get title(): string {
    return `${this.kind} ${this.namespace ? `${this.namespace}/` : ''}${this.name}`;
  }

  /** One object in the cluster, whatever the served version: two manifests with one identity overwrite each other. */
  get identity(): string {
    return `${this.key}/${this.namespace}/${this.name}`;
  }
}

/** The identity that a body states; anything that is not text counts as empty. */
export function identityOf(body: unknown): ObjectIdentity {
  return {
    apiVersion: asText(at(body, 'apiVersion')) ?? '',
    kind: asText(at(body, 'kind')) ?? '',
    namespace: asText(at(body, 'metadata', 'namespace')) ?? '',
    name: asText(at(body, 'metadata', 'name')) ?? '',
  };
}

/** `networking.istio.io/v1` -> `networking.istio.io`; `v1` -> ``. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** What thousands of objects have in common. */
interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly key: string;
}

const types = new Map<string, Map<string, ObjectType>>();

/** An input has thousands of objects of a few types, so these are kept. */
function typeOf(apiVersion: string, kind: string): ObjectType {
  let ofVersion = types.get(apiVersion);
  if (ofVersion === undefined) {
    if (types.size > 200) {
      types.clear(); // Only junk has so many versions.
    }
    types.set(apiVersion, ofVersion = new Map());
  }
  let type = ofVersion.get(kind);
  if (type === undefined) {
    if (ofVersion.size > 200) {
      ofVersion.clear();
    }
    ofVersion.set(kind, type = { apiVersion, kind, key: `${apiGroup(apiVersion)}/${kind}` });
  }
  return type;
}

/** `<api group>/<kind>`. */
export function kindKey(apiVersion: string, kind: string): string {
  return typeOf(apiVersion, kind).key;
}

/**
 * The order in which objects are listed: by name, which nearly always decides,
 * and last by place, which for an object of an app has to be put together first.
 */
export function byIdentity(a: MeshObject, b: MeshObject): number {
  return compareText(a.name, b.name) || compareText(a.namespace, b.namespace) || compareText(a.key, b.key)
    || compareText(a.apiVersion, b.apiVersion) || compareText(a.origin.place, b.origin.place);
}

/** Compares by code unit, so that the order is the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
