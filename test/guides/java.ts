import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/java';
import { read } from './blocks';
import { parts, Rules, translate } from './grammar';

/* Java as jsii shows it: options are given to builders, and properties are read by getters. */

const { java } = JSON.parse(read('package.json')).jsii.targets as { java: { package: string } };
const PACKAGES: { readonly [name: string]: string } = { [java.package]: 'cdk8s-istio-mtls', 'org.cdk8s': 'cdk8s' };
const JDK = ['java.util.List', 'java.util.Map'];

const lowerFirst = (name: string): string => name[0].toLowerCase() + name.slice(1);

export function fromJava(text: string): string {
  const of = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const imported = new Set<string>();
  const list = (nodes: readonly SyntaxNode[], write: (node: SyntaxNode) => string, by = ', '): string => nodes.map(write).join(by);
  const values = (node: SyntaxNode, write: (node: SyntaxNode) => string): string[] => parts(node).map(write);

  /** `X.Builder.create(a).b(c).build()` and `X.builder().b(c).build()`: the class, what it is created with, and the options. */
  const built = (node: SyntaxNode, write: (node: SyntaxNode) => string): string => {
    const options: string[] = [];
    for (let step = parts(node)[0]; ; step = parts(step)[0]) {
      const [object, method, args] = parts(step);
      const name = of(method);
      if (/\.Builder$/.test(of(object)) && name === 'create') return `new ${of(object).replace(/\.Builder$/, '')}(${[...values(args, write), `{ ${options.join(', ')} }`].join(', ')})`;
      if (name === 'builder') return `({ ${options.join(', ')} } satisfies ${of(object)})`;
      options.unshift(`${name}: ${list(parts(args), write)}`);
    }
  };

  const rules: Rules = {
    Program: (node, write) => list(parts(node), write, '\n'),
    ImportDeclaration: node => {
      const path = of(parts(node)[1]);
      const [, name, type] = /^(.+)\.(\w+)$/.exec(path)!;
      if (JDK.includes(path)) {
        imported.add(type);
        return '';
      }
      if (!Object.hasOwn(PACKAGES, name)) throw new Error(`no package of ours is ${name}`);
      return `import { ${type} } from '${PACKAGES[name]}';`;
    },
    ClassDeclaration: (node, write) => list(parts(node.getChild('ClassBody')!), write, '\n'),
    MethodDeclaration: (node, write) => {
      const name = of(node.getChild('Definition')!);
      const body = write(node.getChild('Block')!);
      return name === 'main' ? body : `function ${name}(${write(node.getChild('FormalParameters')!)}) ${body}`;
    },
    FormalParameters: (node, write) => list(parts(node), write),
    FormalParameter: (node, write) => {
      const [type, name] = parts(node);
      return `${of(name)}: ${write(type)}`;
    },
    Block: (node, write) => `{\n${list(parts(node), write, '\n')}\n}`,
    LocalVariableDeclaration: (node, write) => {
      const [type, declarator] = parts(node);
      const [name, , value] = parts(declarator);
      return `const ${of(name)}: ${write(type)} = ${write(value)};`;
    },
    EnhancedForStatement: (node, write) => {
      const [, spec, body] = parts(node);
      const [type, name, all] = parts(spec);
      return `for (const ${of(name)} of (${write(all)} as ${write(type)}[])) ${write(body)}`;
    },
    ReturnStatement: (node, write) => `return ${write(parts(node)[1])};`,
    ExpressionStatement: (node, write) => `${write(parts(node)[0])};`,
    ObjectCreationExpression: (node, write) => {
      const [, type, args] = parts(node);
      return `new ${of(type)}(${list(parts(args), write)})`;
    },
    MethodInvocation: (node, write) => {
      const args = parts(node.getChild('ArgumentList')!);
      const name = of(node.getChild('MethodName')!);
      const [object] = parts(node);
      if (object.name === 'MethodName') return `${name}(${list(args, write)})`;
      if (['List', 'Map'].includes(of(object)) && !imported.has(of(object))) throw new Error(`${of(object)} is not imported`);
      switch (`${of(object)}.${name}`) {
        case 'List.of': return `[${list(args, write)}]`;
        case 'Map.of': return `{ ${args.filter((_, i) => i % 2 === 0).map((word, i) => `${of(word)}: ${write(args[2 * i + 1])}`).join(', ')} }`;
        case 'System.out.println': return `console.log(${list(args, write)})`;
      }
      if (name === 'build') return built(node, write);
      if (name === 'get') return `${write(object)}[${list(args, write)}]`;
      return /^get[A-Z]/.test(name) && args.length === 0 ? `${write(object)}.${lowerFirst(name.slice(3))}` : `${write(object)}.${name}(${list(args, write)})`;
    },
    // Constants of enums alone: properties have getters.
    FieldAccess: node => {
      if (!/^[A-Z]\w*\.[A-Z][A-Z0-9_]*$/.test(of(node))) throw new Error(`${of(node)} is no constant; properties are read by getters`);
      return of(node);
    },
    BinaryExpression: (node, write) => {
      const [left, operator, right] = parts(node);
      return `${write(left)} ${of(operator)} ${write(right)}`;
    },
    GenericType: node => {
      if (of(node) !== 'Map<String, Object>') throw new Error(`the tests know no ${of(node)}`);
      return 'Record<string, unknown>';
    },
    TypeName: node => of(node) === 'String' ? 'string' : of(node),
    Identifier: of,
    StringLiteral: of,
    IntegerLiteral: of,
  };
  return translate(parser, text, rules);
}
