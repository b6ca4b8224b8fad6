import { Command, Option } from 'commander';
import { addSettingsOptions } from './input';
import { date } from './parse-date';
import { FORMATS, ReportOptions } from './report-options';
import { Terminal } from './terminal';

const HELP = `
Examples:
  cdk8s-istio-mtls report --out report.html manifests/
  helm template . | cdk8s-istio-mtls report --out report.html --context cluster.yaml -
  cdk8s-istio-mtls report --format mermaid manifests/
  cdk8s-istio-mtls report --out mesh.dot manifests/ && dot -Tsvg -O mesh.dot

The HTML page is one file that needs nothing else: it works from disk and without a network. Without --format the ending of --out decides:
.html, .json, .mmd or .mermaid, .dot or .gv. Without --out, or with --out -, the report goes to standard output.
The graph has the calls that the manifests show to be made; connections lists all that are possible. A report never fails because of findings: check does that.
Exit code: 0, or 2 for wrong usage and for input that could not be read.
`;

/** Adds `report`: a picture of the mesh for people, and the same as data. */
export function addReport(program: Command, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('report')
    .description('draw the mesh: modes of namespaces and workload ports, the known calls with their locks, and findings, as one HTML file or as data')
    .argument('<paths...>', 'files or folders of manifests, or - for standard input')
    .option('--out <file>', 'the file to write, or - for standard output')
    .addOption(new Option('--format <format>', 'what to write (default: by the ending of --out)').choices(FORMATS))
    .addOption(new Option('--today <date>', 'the day that counts as today, for exceptions with an end (default: the day it is, UTC)').argParser(date));
  addSettingsOptions(command)
    .addHelpText('after', HELP)
    .action((paths: string[], options: ReportOptions) => {
      // Rules, the layout and the page are loaded by those who need them.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { report } = require('./run-report') as typeof import('./run-report');
      done(report(paths, options, terminal));
    });
}
