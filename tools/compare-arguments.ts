/** What the tools that compare us with Istio are called with. */
export interface CompareArguments {
  readonly file: string;
  readonly show: number;
}

/** The arguments, or undefined when they are wrong. */
export function parseArguments(args: readonly string[]): CompareArguments | undefined {
  let file: string | undefined;
  let show = 20;
  for (let i = 0; i < args.length; i++) {
    const match = /^--show(?:=(.*))?$/s.exec(args[i]);
    if (match !== null) {
      const count = match[1] ?? args[++i];
      if (count === undefined || !/^\d{1,9}$/.test(count)) return undefined;
      show = Number(count);
    } else if (file === undefined && !args[i].startsWith('-')) {
      file = args[i];
    } else {
      return undefined;
    }
  }
  return file === undefined ? undefined : { file, show };
}
