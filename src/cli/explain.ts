import { Command } from 'commander';
import { Terminal, UsageError } from './terminal';

const HELP = `
Examples:
  cdk8s-istio-mtls explain MTLS102
  cdk8s-istio-mtls explain selector-in-root-namespace
  cdk8s-istio-mtls explain --list
`;

/** Adds `explain`: what a rule finds, why it matters and what to do. */
export function addExplain(program: Command, terminal: Terminal): void {
  program.command('explain')
    .description('say what a finding means, why it matters and how to fix it, with an example')
    .argument('[code]', 'the code or the name of a rule')
    .option('--list', 'list all rules')
    .addHelpText('after', HELP)
    .action((code: string | undefined, { list }: { readonly list?: boolean }) => {
      if ((code === undefined) === (list !== true)) {
        throw new UsageError('name a rule, as in `explain MTLS102`, or list all of them with --list');
      }
      // Rules and schemas are loaded by those who need them.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { explainRule, listRules } = require('./run-explain') as typeof import('./run-explain');
      if (code === undefined) {
        listRules(terminal);
      } else {
        explainRule(code, terminal);
      }
    });
}
