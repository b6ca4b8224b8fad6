import { readFileSync } from 'fs';
import { join } from 'path';
import { ConsumerError } from './steps';
import { ROOT } from '../rule-files';

/** What is read of jsii's description of the public API. */
interface Type {
  readonly name: string;
  readonly initializer?: Callable;
  readonly methods?: readonly Callable[];
  readonly properties?: readonly Value[];
}

interface Callable {
  readonly name?: string;
  readonly parameters?: readonly Value[];
  readonly returns?: { readonly type: Shape };
}

interface Value {
  readonly name: string;
  readonly type: Shape;
}

interface Shape {
  readonly primitive?: string;
  readonly union?: unknown;
  readonly collection?: { readonly kind: string; readonly elementtype: Shape };
}

/** Finds what the other languages cannot express, or only as names that nobody would write. */
export function api(_: string, step: (text: string) => void): void {
  const { types } = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as { types: { readonly [name: string]: Type } };
  step(`reading ${Object.keys(types).length} types`);
  const problems = Object.values(types).flatMap(problemsOf);
  if (problems.length > 0) throw new ConsumerError(problems.join('\n'));
}

export function problemsOf(type: Type): string[] {
  const callables = [...type.initializer === undefined ? [] : [{ ...type.initializer, name: 'constructor' }], ...type.methods ?? []];
  const values = [
    ...(type.properties ?? []),
    ...callables.flatMap(({ name, parameters = [], returns }) => [
      ...parameters.map(one => ({ ...one, name: `${name}.${one.name}` })),
      ...returns === undefined ? [] : [{ name: name!, type: returns.type }],
    ]),
  ];
  return [
    ...values.filter(({ type: shape }) => isLoose(shape)).map(({ name }) =>
      `${type.name}.${name} has no type in Java and Go: instead of a union or any, take a class with static factories, a struct or a map`),
    ...[...new Set([...callables, ...values].flatMap(({ name }) => name!.split('.')))].filter(name => /[A-Z]{2}/.test(name)).map(name =>
      `${type.name}: ${name} becomes ${name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)} in Python; write abbreviations as words, as in clientTls`),
  ];
}

/** Whether it is an object of any kind; the values of a map may be, as those of manifests are. */
function isLoose({ primitive, union, collection }: Shape): boolean {
  return union !== undefined || primitive === 'any' || (collection?.kind === 'array' && isLoose(collection.elementtype));
}
