import { join } from 'path';
import * as ts from 'typescript';
import { ROOT } from '../../tools/rule-files';

/* Type-checks what pages show: TypeScript, JavaScript, and programs in other languages, written in TypeScript. */

/** Which rules of a language TypeScript does not have are held, beside its own. */
export interface Source {
  readonly text: string;
  readonly isGo?: boolean;
}

/** Compiles files that need not be on disk, by the options that the examples are compiled with. */
export class Compiler {
  private readonly program: ts.Program;

  public constructor(private readonly sources: ReadonlyMap<string, Source>) {
    const { config } = ts.readConfigFile(join(ROOT, 'examples/tsconfig.json'), path => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(ROOT, 'examples'), { allowJs: true, checkJs: true });
    const host = ts.createCompilerHost(options);
    const onDisk = { readFile: host.readFile, fileExists: host.fileExists };
    const at = (path: string): string | undefined => sources.get(path.slice(ROOT.length + 1))?.text;
    host.readFile = path => at(path) ?? onDisk.readFile(path);
    host.fileExists = path => at(path) !== undefined || onDisk.fileExists(path);
    this.program = ts.createProgram([...sources.keys()].map(name => join(ROOT, name)), options, host);
  }

  /** What is wrong with a file, line by line. */
  public problems(name: string): string[] {
    const file = this.program.getSourceFile(join(ROOT, name))!;
    const said = [...this.program.getSyntacticDiagnostics(file), ...this.program.getSemanticDiagnostics(file)].map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, ' '));
    return [...said, ...this.sources.get(name)!.isGo ? goProblems(file, this.program.getTypeChecker()) : []];
  }
}

/** Go gives every argument, `nil` for those that are left out, and reads properties of classes, other than fields of structs, by methods. */
function goProblems(root: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const problems: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const parameters = checker.getResolvedSignature(node)?.parameters ?? [];
      const isVariadic = parameters.some(({ valueDeclaration: at }) => at !== undefined && ts.isParameter(at) && at.dotDotDotToken !== undefined);
      const given = node.arguments?.length ?? 0;
      if (!isVariadic && given !== parameters.length) problems.push(`${node.getText()} has ${given} arguments, and Go wants ${parameters.length}`);
    }
    if (ts.isPropertyAccessExpression(node) && !(ts.isCallExpression(node.parent) && node.parent.expression === node)) {
      const declaration = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
      if (declaration !== undefined && ts.isClassElement(declaration) && ts.isClassLike(declaration.parent)) problems.push(`${node.getText()} is a method in Go`);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return problems;
}
