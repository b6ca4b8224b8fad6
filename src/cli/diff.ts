import { Command, InvalidArgumentError, Option } from 'commander';
import { DiffOptions, FORMATS, GATES } from './diff-options';
import { addSettingsOptions } from './input';
import { Terminal } from './terminal';
import type { Change } from '../posture/change';

const HELP = `
Examples:
  cdk8s-istio-mtls diff main:deploy HEAD:deploy
  cdk8s-istio-mtls diff main:deploy deploy/
  cdk8s-istio-mtls diff --format markdown --context cluster.yaml origin/main:./k8s k8s > comment.md
  cdk8s-istio-mtls diff before.yaml after.yaml

Each side is a folder, a file, or a folder or file in a git revision, written as git does: REV:path, from the top of the repository, or REV:./path from here.
Calls of clients with a proxy count whether or not anybody makes them; of clients without one, those count that the manifests show to be made.
An exception that carries its reason (the annotation cdk8s-istio-mtls/reason) is shown with it, and still is a weakening.
Exit code: 0, 1 for changes that --fail-on names, 2 for wrong usage and for input that could not be read.
`;

/** Adds `diff`: what a change does to the mutual TLS of a mesh. */
export function addDiff(program: Command, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('diff')
    .description('compare two sets of manifests: calls that break or lose mTLS, modes that weaken, and the object that made each change')
    .argument('<before>', 'a folder or a file of manifests, or REV:path for one in a git revision')
    .argument('<after>', 'the same for the other side')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .addOption(new Option('--fail-on <changes>', `what makes the exit code 1: ${GATES.join(', ')}; several with commas`)
      .argParser(gates).default(['broken', 'weakened'], 'broken,weakened'))
    .option('--allow-reasons', 'exceptions that carry their reason do not count for --fail-on');
  addSettingsOptions(command)
    .addHelpText('after', HELP)
    .action((before: string, after: string, options: DiffOptions) => {
      // The comparison is loaded by those who need it.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { diff } = require('./run-diff') as typeof import('./run-diff');
      done(diff(before, after, options, terminal));
    });
}

function gates(text: string): Change[] {
  const names = text.split(',').map(part => part.trim());
  const wrong = names.find(name => !GATES.includes(name as Change));
  if (wrong !== undefined || (names.includes('never') && names.length > 1)) {
    throw new InvalidArgumentError(`Allowed are ${GATES.join(', ')}; several with commas, and never alone.`);
  }
  return names.filter((name): name is Change => name !== 'never');
}
