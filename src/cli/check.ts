import { Command, Option } from 'commander';
import { CheckOptions, FLOORS, FORMATS, THRESHOLDS } from './check-options';
import { addSettingsOptions } from './input';
import { date } from './parse-date';
import { Terminal } from './terminal';

const HELP = `
Examples:
  cdk8s-istio-mtls check manifests/
  helm template . | cdk8s-istio-mtls check -
  kustomize build overlays/prod | cdk8s-istio-mtls check --context cluster.yaml -
  cdk8s-istio-mtls check --format sarif manifests/ > mtls.sarif
  cdk8s-istio-mtls check --fail-on warning --ignore MTLS502 manifests/

Kubernetes objects are read from files, folders and standard input: YAML, JSON and lists. The mesh configuration in them (the ConfigMap istio) outweighs
the options, and these the settings file. A finding is acknowledged in its manifest, by the annotation cdk8s-istio-mtls/acknowledge: "MTLS109: the reason".
Exit code: 0, 1 for findings at or above --fail-on, 2 for wrong usage and for input that could not be read.
`;

/** Adds `check`: what is wrong with manifests, as far as Istio's mutual TLS is concerned. */
export function addCheck(program: Command, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('check')
    .description('find what is wrong with the mutual TLS of manifests: calls that fail, policies that do nothing, plaintext that nobody wanted')
    .argument('<paths...>', 'files or folders of manifests, or - for standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .addOption(new Option('--fail-on <severity>', 'the least severity that makes the exit code 1').choices(THRESHOLDS).default('error'))
    .addOption(new Option('--rule <codes>', 'only findings of these rules; several with commas, or repeat it').argParser(list))
    .addOption(new Option('--ignore <codes>', 'no findings of these rules; several with commas, or repeat it').argParser(list))
    .option('--show-acknowledged', 'print acknowledged findings too, with their reasons')
    .option('--verbose', 'print findings of severity info too; so does --fail-on info')
    .addOption(new Option('--today <date>', 'the day that counts as today, for exceptions with an end (default: the day it is, UTC)').argParser(date))
    .addOption(new Option('--floor <mode>', 'house rule: the least that a workload port may accept').choices(FLOORS))
    .option('--require-mesh-policy', 'house rule: there must be a mesh-wide PeerAuthentication');
  addSettingsOptions(command)
    .addHelpText('after', HELP)
    .action((paths: string[], options: CheckOptions) => {
      // Rules and schemas are loaded by those who need them.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { check } = require('./run-check') as typeof import('./run-check');
      done(check(paths, options, terminal));
    });
}

function list(text: string, before: readonly string[] | undefined): string[] {
  return [...before ?? [], ...text.split(',').map(part => part.trim()).filter(part => part !== '')];
}
