import { Command, InvalidArgumentError, Option } from 'commander';
import { addSettingsOptions, readInput, SettingsOptions } from './input';
import { Progress } from './progress';
import { Terminal, UsageError } from './terminal';
import { Connection, connectionJson } from '../mesh/connection';
import { MeshModel } from '../mesh/model';
import { Outcome } from '../mesh/server/outcome';
import { connectionsText, outcomeCounts } from '../report/connections';
import { settingsJson } from '../report/settings';
import { count } from '../report/text';

const OUTCOMES: readonly Outcome[] = ['mtls', 'hbone', 'plaintext', 'tls-to-app', 'fail', 'depends'];

interface Options extends SettingsOptions {
  readonly format: 'text' | 'json';
  readonly client?: string;
  readonly host?: string;
  readonly only?: readonly Outcome[];
  readonly known?: boolean;
  readonly why?: boolean;
}

const HELP = `
Examples:
  cdk8s-istio-mtls connections manifests/
  cdk8s-istio-mtls connections --only fail --why manifests/
  helm template . | cdk8s-istio-mtls connections --client shop/web -
  kubectl get -A -o yaml ns,deploy,sts,ds,svc,peerauthentication,destinationrule | cdk8s-istio-mtls connections --format json -

A client is named namespace/name, a host as clients write it (customers, customers.shop or in full).
Exit code: 0, or 2 for wrong usage and for input that could not be read.
`;

/** Adds `connections`: what Istio does with every call between the workloads of the input. */
export function addConnections(program: Command, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('connections')
    .description('say for every client, host, service port and subset what is sent, what is accepted and whether the call works')
    .argument('<paths...>', 'files or folders of manifests, or - for standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--client <namespace/name>', 'only the calls of one client')
    .option('--host <host>', 'only the calls to one host')
    .addOption(new Option('--only <outcomes>', `only calls that end so: ${OUTCOMES.join(', ')} (with those that hang); several with commas`).argParser(outcomes))
    .option('--known', 'only calls that the manifests show to be made')
    .option('--why', 'name the fields that each answer hangs on');
  addSettingsOptions(command)
    .addHelpText('after', HELP)
    .action((paths: string[], options: Options) => done(connections(paths, options, terminal)));
}

function outcomes(text: string): Outcome[] {
  return text.split(',').map(part => {
    const found = OUTCOMES.find(outcome => outcome === part.trim());
    if (found === undefined) {
      throw new InvalidArgumentError(`Allowed are ${OUTCOMES.join(', ')}.`);
    }
    return found;
  });
}

function connections(paths: readonly string[], options: Options, terminal: Terminal): number {
  const progress = new Progress(terminal);
  const { mesh, problems, files } = readInput(paths, options, terminal, progress);
  const asked = watched(filtered(mesh.model, options), progress);
  if (options.format === 'json') {
    writeJson(asked, settingsJson(mesh.settings), terminal);
    progress.done();
  } else {
    const list = [...asked];
    progress.done();
    terminal.out(connectionsText(list, options.why === true));
    terminal.out(`${count(list.length, 'connection')}: ${outcomeCounts(list)}; ${count(mesh.objects.length, 'object')} read from ${count(files, 'file')}\n`);
  }
  return problems.length === 0 ? 0 : 2;
}

/** One connection a line, written as it is found: there can be millions of them. */
function writeJson(asked: Iterable<Connection>, settings: object, terminal: Terminal): void {
  terminal.out(`{ "version": 1,\n  "settings": ${JSON.stringify(settings)},\n  "connections": [`);
  let separator = '\n    ';
  for (const connection of asked) {
    terminal.out(separator + JSON.stringify(connectionJson(connection)));
    separator = ',\n    ';
  }
  terminal.out('\n  ] }\n');
}

function* watched(found: Iterable<Connection>, progress: Progress): Generator<Connection> {
  let number = 0;
  for (const connection of found) {
    number++;
    progress.at(() => `${number} connections`);
    yield connection;
  }
}

function* filtered(model: MeshModel, { client, host, only, known }: Options): Generator<Connection> {
  const of = client === undefined ? model.connections() : model.connectionsOf(workload(model, client));
  for (const connection of of) {
    const { outcome, result } = connection;
    const isAsked = only === undefined || only.includes(outcome.value) || only.includes(result);
    if (isAsked && (host === undefined || isHost(connection.host, host)) && (known !== true || connection.known)) {
      yield connection;
    }
  }
}

function workload(model: MeshModel, key: string) {
  const found = model.inventory.workload(key);
  if (!found) {
    const keys = model.inventory.workloads.map(one => one.key).sort();
    const shown = keys.slice(0, 10).join(', ') + (keys.length > 10 ? ` and ${keys.length - 10} more` : '');
    throw new UsageError(`no workload ${JSON.stringify(key)} in the input; ${keys.length === 0 ? 'it has no workloads' : `there are ${shown}`}`);
  }
  return found;
}

/** Whether a host is meant by what a person writes: the whole of it, or its first labels. */
function isHost(host: string, written: string): boolean {
  return host === written || host.startsWith(`${written}.`);
}
