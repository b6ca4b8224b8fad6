import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { parts, Rules, translate } from './grammar';

/* Python as jsii shows it: options are keyword arguments, and names of methods and options have underscores. */

const MODULES: { readonly [module: string]: string } = { cdk8s: 'cdk8s', cdk8s_istio_mtls: 'cdk8s-istio-mtls' };
const TYPES: { readonly [type: string]: string } = { str: 'string', dict: 'Record<string, unknown>' };

/** The name in TypeScript of what Python calls so. Members of enums have one name in both. */
function camel(name: string): string {
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) return name;
  const result = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (/[A-Z]/.test(name)) throw new Error(`${name} is no name that Python has: it would be in lower case, with underscores`);
  return result;
}

export function fromPython(text: string): string {
  const of = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const imported = new Set<string>();
  const list = (nodes: readonly SyntaxNode[], write: (node: SyntaxNode) => string, by = ', '): string => nodes.map(write).join(by);
  const rules: Rules = {
    Script: (node, write) => list(parts(node), write, '\n'),
    ImportStatement: node => {
      const [module, ...names] = parts(node).filter(({ name }) => name === 'VariableName').map(of);
      if (!Object.hasOwn(MODULES, module)) throw new Error(`no package of ours has the module ${module}`);
      names.forEach(name => imported.add(name));
      return `import { ${names.join(', ')} } from '${MODULES[module]}';`;
    },
    FunctionDefinition: (node, write) => {
      const [, name, parameters, , body] = parts(node);
      return `function ${of(name)}(${write(parameters)}) ${write(body)}`;
    },
    ParamList: node => parts(node).filter(({ name }) => name === 'VariableName').map(name => {
      const type = parts(name.nextSibling!).map(of)[0];
      return `${of(name)}: ${TYPES[type]}`;
    }).join(', '),
    Body: (node, write) => `{\n${list(parts(node), write, '\n')}\n}`,
    ReturnStatement: (node, write) => `return ${write(parts(node)[1])};`,
    ForStatement: (node, write) => {
      const [, variable, , values, body] = parts(node);
      return `for (const ${of(variable)} of ${write(values)}) ${write(body)}`;
    },
    AssignStatement: (node, write) => {
      const [name, , value] = parts(node);
      return `const ${of(name)} = ${write(value)};`;
    },
    ExpressionStatement: (node, write) => `${write(parts(node)[0])};`,
    CallExpression: (node, write) => {
      const [callee, args] = parts(node);
      const name = of(callee);
      const isClass = callee.name === 'VariableName' && imported.has(name);
      return `${isClass ? `new ${name}` : name === 'print' ? 'console.log' : write(callee)}${write(args)}`;
    },
    ArgList: (node, write) => {
      const positional: string[] = [];
      const named: string[] = [];
      const all = parts(node);
      for (let i = 0; i < all.length; i++) {
        if (all[i + 1]?.name === 'AssignOp') {
          named.push(`${camel(of(all[i]))}: ${write(all[i + 2])}`);
          i += 2;
        } else {
          positional.push(write(all[i]));
        }
      }
      return `(${[...positional, ...named.length > 0 ? [`{ ${named.join(', ')} }`] : []].join(', ')})`;
    },
    MemberExpression: (node, write) => {
      const [object, member] = parts(node);
      return member.name === 'PropertyName' ? `${write(object)}.${camel(of(member))}` : `${write(object)}[${write(member)}]`;
    },
    DictionaryExpression: (node, write) => {
      const all = parts(node);
      return `{ ${all.filter((_, i) => i % 2 === 0).map((name, i) => `${of(name)}: ${write(all[2 * i + 1])}`).join(', ')} }`;
    },
    ArrayExpression: (node, write) => `[${list(parts(node), write)}]`,
    FormatString: (node, write) => {
      let template = of(node).replace(/^f"|"$/g, '');
      parts(node).forEach(replacement => { template = template.replace(of(replacement), `\${${write(parts(replacement)[0])}}`); });
      return `\`${template}\``;
    },
    VariableName: of,
    String: of,
    Number: of,
  };
  return translate(parser, text, rules);
}
