/**
 * The compact notation in which the three kinds are written down.
 *
 * One Shape says at once what the API server wants of a value (the CRD's structural schema and its CEL rules) and
 * how istiod's webhook decodes it (the protobuf message), since both have the same fields.
 */

/** What a value is: JSON type in the CRD and protobuf type in the webhook. */
export type ShapeKind =
  | 'string' | 'boolean' | 'integer' | 'number' | 'enum' | 'duration'
  | 'object' | 'map' | 'array'
  | 'time' | 'intOrString';

/** The protobuf type that the webhook decodes a number into. */
export type Wire = 'int32' | 'uint32' | 'uint64' | 'double';

/** One `x-kubernetes-validations` rule. */
export interface Rule {
  /** The rule's message in the CRD. */
  readonly message: string;
  /** True when the rule holds, false when it does not; a text when CEL itself fails with that error. */
  readonly test: (value: any) => boolean | string;
}

/** The properties of a Shape that its builders set; everything else has a harmless default. */
interface Traits {
  nullable?: boolean;
  rules?: readonly Rule[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  wire?: Wire;
  typeName?: string;
  words?: ReadonlyMap<string, number>;
  fields?: ReadonlyMap<string, Shape>;
  required?: readonly string[];
  exclusive?: readonly (readonly string[])[];
  preserve?: boolean;
  items?: Shape;
  minCount?: number;
  maxCount?: number;
  numericKeys?: boolean;
  listKey?: string;
  usual?: (value: unknown) => boolean;
}

const NO_RULES: readonly Rule[] = [];
const NO_WORDS: ReadonlyMap<string, number> = new Map();
const NO_FIELDS: ReadonlyMap<string, Shape> = new Map();

/** A node of the notation. One class for all kinds keeps property access monomorphic, hence fast. */
export class Shape {
  readonly kind: ShapeKind;
  /** CRD `nullable`. A null anywhere else is dropped by the API server (in objects and maps) or refused (in arrays). */
  readonly nullable: boolean;
  readonly rules: readonly Rule[];
  /** CRD `maxLength`, in Unicode code points. */
  readonly maxLength: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly wire: Wire;
  /** Full name of the protobuf enum, as it appears in the webhook's message. */
  readonly typeName: string;
  /** Enum values and their protobuf numbers. */
  readonly words: ReadonlyMap<string, number>;
  /** Fields in the order of the protobuf message (the order in which the webhook decodes them). */
  readonly fields: ReadonlyMap<string, Shape>;
  readonly required: readonly string[];
  /** Groups of fields of which at most one may be present (CRD `oneOf` over `required`). */
  readonly exclusive: readonly (readonly string[])[];
  /** CRD `x-kubernetes-preserve-unknown-fields`. */
  readonly preserve: boolean;
  /** Shape of an array's items or of a map's values. */
  readonly items: Shape | undefined;
  readonly minCount: number;
  readonly maxCount: number;
  /** The webhook decodes the map's keys as uint32. */
  readonly numericKeys: boolean;
  /** CRD `x-kubernetes-list-map-keys` (always one key here). */
  readonly listKey: string | undefined;
  /** A quick test that holds only where all the others do, for what nearly everybody writes. */
  readonly usual: ((value: unknown) => boolean) | undefined;
  /** Every field under its protobuf name too, which the webhook's decoder reads as well. */
  readonly protoNames: ReadonlyMap<string, string>;

  constructor(kind: ShapeKind, traits: Traits) {
    this.kind = kind;
    this.nullable = traits.nullable ?? false;
    this.rules = traits.rules ?? NO_RULES;
    this.maxLength = traits.maxLength ?? Infinity;
    this.minimum = traits.minimum ?? -Infinity;
    this.maximum = traits.maximum ?? Infinity;
    this.wire = traits.wire ?? 'double';
    this.typeName = traits.typeName ?? '';
    this.words = traits.words ?? NO_WORDS;
    this.fields = traits.fields ?? NO_FIELDS;
    this.required = traits.required ?? [];
    this.exclusive = traits.exclusive ?? [];
    this.preserve = traits.preserve ?? false;
    this.items = traits.items;
    this.minCount = traits.minCount ?? 0;
    this.maxCount = traits.maxCount ?? Infinity;
    this.numericKeys = traits.numericKeys ?? false;
    this.listKey = traits.listKey;
    this.usual = traits.usual;
    const names = new Map<string, string>();
    for (const name of this.fields.keys()) names.set(name, protoName(name));
    this.protoNames = names;
  }
}

/** `trafficPolicy` is `traffic_policy` in the protobuf files; one field breaks the pattern. */
function protoName(jsonName: string): string {
  if (jsonName === 'consecutive5xxErrors') return 'consecutive_5xx_errors';
  return jsonName.replace(/[A-Z]/g, capital => `_${capital.toLowerCase()}`);
}

/** A string. */
export function text(traits: Pick<Traits, 'maxLength' | 'rules'> = {}): Shape {
  return new Shape('string', traits);
}

/** A boolean; `nullable` for google.protobuf.BoolValue. */
export function flag(traits: Pick<Traits, 'nullable'> = {}): Shape {
  return new Shape('boolean', traits);
}

/** An integer with CRD `format: int32`. */
export function int32(): Shape {
  return new Shape('integer', { wire: 'int32', minimum: -2147483648, maximum: 2147483647 });
}

/** An integer between 0 and 4294967295 unless said otherwise. */
export function uint32(traits: Pick<Traits, 'nullable' | 'rules' | 'minimum' | 'maximum'> = {}): Shape {
  return new Shape('integer', { wire: 'uint32', minimum: 0, maximum: 4294967295, ...traits });
}

/** A non-negative integer. */
export function uint64(): Shape {
  return new Shape('integer', { wire: 'uint64', minimum: 0 });
}

/** A nullable number (google.protobuf.DoubleValue). */
export function double(traits: Pick<Traits, 'minimum' | 'maximum'>): Shape {
  return new Shape('number', { wire: 'double', nullable: true, ...traits });
}

/** An enum. The values are given in the CRD's order; `numbers` are those of the protobuf enum, by default 0, 1, 2, … */
export function words(typeName: string, ...values: string[]): Shape {
  return new Shape('enum', { typeName, words: new Map(values.map((value, number) => [value, number])) });
}

/** A duration; `rules` when the CRD checks it too. */
export function duration(...rules: Rule[]): Shape {
  return new Shape('duration', { rules });
}

/** An object with known fields. */
export function message(
  fields: Record<string, Shape>,
  traits: Pick<Traits, 'required' | 'exclusive' | 'rules' | 'preserve'> = {},
): Shape {
  return new Shape('object', { fields: new Map(Object.entries(fields)), ...traits });
}

/** A map from text (or, with `numericKeys`, from port numbers). */
export function map(items: Shape, traits: Pick<Traits, 'minCount' | 'maxCount' | 'rules' | 'numericKeys' | 'usual'> = {}): Shape {
  return new Shape('map', { items, ...traits });
}

/** A list. */
export function list(items: Shape, traits: Pick<Traits, 'minCount' | 'maxCount' | 'rules' | 'listKey'> = {}): Shape {
  return new Shape('array', { items, ...traits });
}

/** A string with CRD `format: date-time` (only in `status`). */
export function time(): Shape {
  return new Shape('time', {});
}

/** CRD `x-kubernetes-int-or-string` (only in `status`). */
export function intOrString(): Shape {
  return new Shape('intOrString', {});
}
