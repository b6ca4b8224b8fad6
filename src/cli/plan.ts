import { Command, Option } from 'commander';
import { addSettingsOptions } from './input';
import { PLAN_FORMATS, PlanOptions } from './plan-options';
import { Terminal } from './terminal';

const HELP = `
Examples:
  cdk8s-istio-mtls plan manifests/
  helm template . | cdk8s-istio-mtls plan --context cluster.yaml -
  kubectl get -A -o yaml ns,deploy,sts,ds,cronjob,svc,ingress,apiservice,validatingwebhookconfiguration,mutatingwebhookconfiguration,peerauthentication,destinationrule \\
    | cdk8s-istio-mtls plan -
  cdk8s-istio-mtls plan --format markdown manifests/ > ticket.md

A namespace is ready when no call that the manifests show, and no call between workloads with proxies, would fail if its policy were STRICT. For the others
the plan names the calls, why they would fail, and what to do. The more of the cluster the input holds, the more callers are known.
Calls that fail today already are none of the plan's; check names them.
Exit code: 0, or 2 for wrong usage and for input that could not be read.
`;

/** Adds `plan`: which namespaces can be STRICT today, what blocks the others, and the order in which to go. */
export function addPlan(program: Command, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('plan')
    .description('say which namespaces can be STRICT today, which calls block the others and how to cure them, and in which order to go')
    .argument('<paths...>', 'files or folders of manifests, or - for standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(PLAN_FORMATS).default('text'));
  addSettingsOptions(command)
    .addHelpText('after', HELP)
    .action((paths: string[], options: PlanOptions) => {
      // Rules and schemas are loaded by those who need them.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { plan } = require('./run-plan') as typeof import('./run-plan');
      done(plan(paths, options, terminal));
    });
}
