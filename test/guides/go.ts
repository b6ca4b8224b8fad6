import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/go';
import { read } from './blocks';
import { parts, Rules, translate } from './grammar';

/* Go as jsii shows it: functions named after class and method, structs for options, and pointers to every value. */

const { go } = JSON.parse(read('package.json')).jsii.targets as { go: { moduleName: string; packageName: string } };
/** The packages that a program may import, and what they are in TypeScript; those without are handled by name. */
const PACKAGES: { readonly [path: string]: string | undefined } = {
  [`${go.moduleName}/${go.packageName}`]: 'cdk8s-istio-mtls',
  'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2': 'cdk8s',
  'github.com/aws/jsii-runtime-go': undefined,
  'fmt': undefined,
};
const OBJECT = /^(object|map\[string\](\*string|interface\{\}))$/;

const lowerFirst = (name: string): string => name[0].toLowerCase() + name.slice(1);
/** `WorkloadPort_Number` is a static method, `TlsVersion_TLS_V1_3` a member of an enum. */
const qualified = (name: string): string => name.replace(/^([A-Za-z0-9]+)_(.+)$/, (_, type: string, member: string) =>
  `${type}.${/^[A-Z0-9_]+$/.test(member) ? member : lowerFirst(member)}`);

export function fromGo(text: string): string {
  const of = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const list = (nodes: readonly SyntaxNode[], write: (node: SyntaxNode) => string, by = ', '): string => nodes.map(write).join(by);
  const packages = new Set<string>();

  /** Values reach the constructs by pointers, which `jsii.String` and others make. Go's own functions, and those of the program, take them as they are. */
  const pointed = (node: SyntaxNode): void => {
    if (['String', 'Number'].includes(node.name)) throw new Error(`${of(node)} has to be a pointer here: jsii.String, jsii.Number`);
  };
  const isPointed = (callee: string): boolean => callee.includes('.') && !/^(jsii|fmt)\./.test(callee);

  /** A struct, a map or a list, as its type says. */
  const literal = (type: string, value: SyntaxNode, write: (node: SyntaxNode) => string): string => {
    const elements = parts(value).filter(({ name }) => name === 'Element').map(element => parts(element));
    if (type.startsWith('[]')) {
      const inner = type.slice(2).replace(/^\*/, '');
      return `[${elements.map(([one]) => one.name === 'LiteralValue' ? literal(inner, one, write) : write(one)).join(', ')}]`;
    }
    if (!type.includes('.') && !OBJECT.test(type)) throw new Error(`the tests know no ${type}`);
    const fields = elements.map(([name, field]) => {
      const word = of(name);
      if (type.includes('.') || type.endsWith('*string')) pointed(field.firstChild ?? field);
      if (type.includes('.') && !/^[A-Z]/.test(word)) throw new Error(`the fields of ${type} are exported, and ${word} is not`);
      return `${type.includes('.') ? lowerFirst(word) : word}: ${write(field)}`;
    });
    return `({ ${fields.join(', ')} }${type.includes('.') ? ` satisfies ${type}` : ''})`;
  };

  const rules: Rules = {
    SourceFile: (node, write) => list(parts(node), write, '\n'),
    PackageClause: () => '',
    ImportDecl: (node, write) => list(parts(node), write, '\n'),
    import: () => '',
    SpecList: (node, write) => list(parts(node), write, '\n'),
    ImportSpec: node => {
      const path = JSON.parse(of(node.getChild('String')!)) as string;
      if (!Object.hasOwn(PACKAGES, path)) throw new Error(`no package of ours is ${path}`);
      const alias = node.getChild('DefName');
      const name = alias === null ? /([a-z0-9]+)(\/v\d+|-runtime-go)?$/.exec(path)![1] : of(alias);
      if (PACKAGES[path] === undefined) return '';
      packages.add(name);
      return `import * as ${name} from '${PACKAGES[path]}';`;
    },
    // `type object = map[string]interface{}`
    TypeDecl: node => {
      if (!/^type object = map\[string\]interface\{\}$/.test(of(node))) throw new Error(`the tests know no ${of(node)}`);
      return '';
    },
    FunctionDecl: (node, write) => {
      const name = of(node.getChild('DefName')!);
      const body = write(node.getChild('Block')!);
      return name === 'main' ? body : `function ${name}(${write(node.getChild('Parameters')!)}) ${body}`;
    },
    Parameters: (node, write) => list(parts(node), write),
    Parameter: node => {
      const [name, type] = parts(node).map(of);
      if (type !== 'string') throw new Error(`the tests know no ${type}`);
      return `${name}: string`;
    },
    Block: (node, write) => `{\n${list(parts(node), write, '\n')}\n}`,
    // Ends the process in which the code runs.
    DeferStatement: node => {
      if (of(node) !== 'defer jsii.Close()') throw new Error(`the tests know no ${of(node)}`);
      return '';
    },
    VarDecl: (node, write) => {
      const [name, value] = parts(node);
      return `const ${of(name)} = ${write(value)};`;
    },
    ExprStatement: (node, write) => `${write(parts(node)[0])};`,
    ReturnStatement: (node, write) => `return ${write(parts(node)[1])};`,
    ForStatement: (node, write) => {
      const [, clause, body] = parts(node);
      const [ignored, name, , all] = parts(clause);
      if (of(ignored) !== '_') throw new Error(`the tests know no ${of(clause)}`);
      return `for (const ${of(name)} of ${write(all)}) ${write(body)}`;
    },
    CallExpr: (node, write) => {
      const [callee, args] = parts(node);
      const words = parts(args);
      const all = list(words, write);
      const name = of(callee).replace(/^\*/, '');
      const constructor = /^(\w+)\.New([A-Z]\w*)$/.exec(name);
      if (isPointed(name)) words.forEach(pointed);
      if (constructor !== null && packages.has(constructor[1])) return `new ${constructor[1]}.${constructor[2]}(${all})`;
      switch (name) {
        case 'jsii.String': case 'jsii.Number': case 'jsii.Bool': return all;
        case 'jsii.Strings': return `[${all}]`;
        case 'fmt.Println': return `console.log(${all})`;
        // The line ends by itself.
        case 'fmt.Printf': return `console.log(${all.replace(/\\n"/, '"')})`;
      }
      return `${write(callee)}(${all})`;
    },
    SelectorExpr: (node, write) => {
      const [object, field] = parts(node);
      const target = write(object);
      if (packages.has(target)) return `${target}.${qualified(of(field))}`;
      if (!/^[A-Z]/.test(of(field))) throw new Error(`${of(field)} is not exported`);
      return `${target}.${lowerFirst(of(field))}`;
    },
    // Pointers, and what they lead to.
    UnaryExp: (node, write) => write(parts(node).at(-1)!),
    ParenthesizedExpr: (node, write) => write(parts(node)[0]),
    IndexExpr: (node, write) => list(parts(node), write, '[') + ']',
    TypedLiteral: (node, write) => {
      const [type, value] = parts(node);
      return literal(of(type), value, write);
    },
    VariableName: of,
    Nil: () => 'undefined',
    String: of,
    Number: of,
  };
  return translate(parser, text, rules);
}
