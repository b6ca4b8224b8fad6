import { Command, CommanderError } from 'commander';
import { addCheck } from './check';
import { addConnections } from './connections';
import { addDiff } from './diff';
import { addExplain } from './explain';
import { addPlan } from './plan';
import { addReport } from './report';
import { Terminal, UsageError } from './terminal';
import { version } from './version';

/** Exit codes: nothing to say, findings, wrong usage or unreadable input. */
export const EXIT = { OK: 0, FINDINGS: 1, USAGE: 2 } as const;

/** Runs the command line. Never throws and never ends the process; returns the exit code. */
export function main(args: readonly string[], terminal: Terminal): number {
  let code: number = EXIT.OK;
  const program = new Command('cdk8s-istio-mtls')
    .description('Says what Istio\'s mutual TLS does with Kubernetes manifests, before they are deployed.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: (text, write) => write(text) })
    .exitOverride();
  const done = (result: number) => { code = result; };
  addCheck(program, terminal, done);
  addConnections(program, terminal, done);
  addDiff(program, terminal, done);
  addPlan(program, terminal, done);
  addReport(program, terminal, done);
  addExplain(program, terminal);
  try {
    program.parse([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end the parsing in the same way; their code is 0.
      return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    }
    terminal.err(`error: ${error instanceof UsageError ? error.message : unexpected(error)}\n`);
    return EXIT.USAGE;
  }
}

function unexpected(error: unknown): string {
  return `this is a fault of cdk8s-istio-mtls, please report it with the command that you ran: ${error instanceof Error ? error.message : String(error)}`;
}
