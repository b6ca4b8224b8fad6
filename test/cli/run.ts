import { main } from '../../src/cli/main';
import { Terminal } from '../../src/cli/terminal';

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line within this process. */
export function run(args: readonly string[], stdin = '', terminal: Partial<Terminal> = {}): Ran {
  let out = '';
  let err = '';
  const code = main(args, { out: text => { out += text; }, err: text => { err += text; }, stdin: () => stdin, ...terminal });
  return { code, out, err };
}
