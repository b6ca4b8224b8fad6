/** What a tool printed, and its exit code. */
export interface ToolRun {
  readonly status: number;
  readonly lines: string[];
  readonly err: string;
}

/**
 * Runs one of tools/ as `npm run` does, within the process of the test: a process of
 * its own would spend seconds on compiling what jest has compiled already.
 */
export function runTool(name: string, ...args: string[]): ToolRun {
  const { argv, exitCode } = process;
  const out: string[] = [];
  const err: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((...texts: unknown[]) => { out.push(texts.join(' ')); });
  const error = jest.spyOn(console, 'error').mockImplementation((...texts: unknown[]) => { err.push(texts.join(' ')); });
  try {
    process.argv = [argv[0], name, ...args];
    process.exitCode = 0;
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    jest.isolateModules(() => { require(`../tools/${name}`); });
    return { status: Number(process.exitCode), lines: out.join('\n').trim().split('\n'), err: err.join('\n') };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    log.mockRestore();
    error.mockRestore();
  }
}
