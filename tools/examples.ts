import { existsSync, readdirSync, readFileSync, rmSync } from 'fs';
import { basename, dirname, join } from 'path';
import { ROOT } from './rule-files';

/** One folder under examples/, or under one of these for a further stage of it. */
export interface Example {
  /** The folder, as `lab` or `lab/strict`. */
  readonly name: string;
  /** The program, as a user would write it. */
  readonly main: string;
  /** The YAML that it writes; absent for the example that is refused on purpose. */
  readonly expectedYaml?: string;
  /** The error that it ends in. */
  readonly expectedError?: string;
  /** What it prints to stderr; absent for an example that prints nothing. */
  readonly expectedWarnings?: string;
}

/** Every example, by name. */
export function examples(): Example[] {
  const folder = join(ROOT, 'examples');
  const file = (name: string, base: string) => existsSync(join(folder, name, base)) ? join(folder, name, base) : undefined;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => basename(path) === 'main.ts').map(path => dirname(path));
  return names.sort().map(name => ({
    name,
    main: join(folder, name, 'main.ts'),
    expectedYaml: file(name, 'expected.k8s.yaml'),
    expectedError: file(name, 'expected-error.txt'),
    expectedWarnings: file(name, 'expected-warnings.txt'),
  }));
}

/** What running an example gave: the files that it wrote and what it printed, or the error that it ended in. */
export interface Outcome {
  readonly files: readonly string[];
  readonly yaml: string;
  readonly warnings: string;
  readonly error?: string;
}

/** Runs an example in this process, with its output in a folder that is made anew. */
export function synthesize(example: Example, outdir: string): Outcome {
  rmSync(outdir, { recursive: true, force: true });
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir; // `new App()` writes there, as it does for `cdk8s synth`.
  let error: string | undefined;
  let warnings = '';
  const { write } = process.stderr;
  process.stderr.write = ((text: string) => {
    warnings += text;
    return true;
  }) as typeof write;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(example.main);
  } catch (thrown) {
    error = (thrown as Error).message;
  } finally {
    process.stderr.write = write;
    if (before === undefined) {
      delete process.env.CDK8S_OUTDIR;
    } else {
      process.env.CDK8S_OUTDIR = before;
    }
  }
  const files = existsSync(outdir) ? readdirSync(outdir).sort() : [];
  return { files, yaml: files.map(file => readFileSync(join(outdir, file), 'utf8')).join('---\n'), warnings, error };
}
