import { Command, InvalidArgumentError, Option } from 'commander';
import { Progress } from './progress';
import { readSettingsFile } from './settings-file';
import { Terminal, UsageError } from './terminal';
import { besideInput } from '../collect/body';
import { ManifestOptions, Manifests, readManifests } from '../collect/manifests';
import { Problem } from '../collect/problem';
import { settingsIn, statementsIn } from '../collect/settings';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshSettings, OutboundTrafficMode, resolveSettings } from '../mesh/settings';
import { clean } from '../report/text';

/** The options by which every command learns the facts of the mesh. */
export interface SettingsOptions {
  readonly autoMtls?: boolean;
  readonly rootNamespace?: string;
  readonly trustDomain?: string;
  readonly clusterDomain?: string;
  readonly revision?: string;
  readonly ambient?: boolean;
  readonly outboundTrafficMode?: OutboundTrafficMode;
  readonly closedWorld?: boolean;
  /** A file with the same settings, and those that have no option. */
  readonly settings?: string;
  /** Files and folders with objects that count as present. */
  readonly context?: readonly string[];
}

/** Adds the options of `SettingsOptions` to a command. */
export function addSettingsOptions(command: Command): Command {
  return command
    .addOption(new Option('--auto-mtls <true|false>', 'whether clients choose mTLS by themselves (meshConfig.enableAutoMtls)').argParser(flag))
    .option('--root-namespace <namespace>', 'the namespace of mesh-wide policies (meshConfig.rootNamespace)')
    .option('--trust-domain <domain>', 'the trust domain of the mesh\'s certificates')
    .option('--cluster-domain <domain>', 'the DNS domain of the cluster\'s Services')
    .option('--revision <revision>', 'the revision of the control plane (istio.io/rev)')
    .addOption(new Option('--ambient <true|false>', 'whether the control plane has ambient mode').argParser(flag))
    .addOption(new Option('--outbound-traffic-mode <mode>', 'what a sidecar does with calls to unknown hosts').choices(Object.values(OutboundTrafficMode)))
    .option('--closed-world', 'a Namespace that is not in the input has no labels, instead of unknown ones')
    .option('--settings <file>', 'a YAML file with the facts of the mesh, under the names of the IstioMesh construct (autoMtls, rootNamespace ...)')
    .addOption(new Option('--context <path>', 'manifests that count as present and are not judged, such as a cluster export; may be repeated')
      .argParser((path: string, before: readonly string[] | undefined) => [...before ?? [], path]));
}

function flag(text: string): boolean {
  if (text !== 'true' && text !== 'false') {
    throw new InvalidArgumentError('Allowed are true, false.');
  }
  return text === 'true';
}

/** What a command works on. */
export interface Input {
  readonly mesh: Mesh;
  /** Where the settings of the mesh come from. */
  readonly sources: SettingsSources;
  /** What could not be read; it is on standard error already. */
  readonly problems: readonly Problem[];
  readonly files: number;
  /** How many objects only count as present. */
  readonly contextObjects: number;
}

/**
 * Reads the manifests and the facts of the mesh: those that the manifests state
 * themselves (the ConfigMap `istio`, an Istio or IstioOperator resource) outweigh
 * the options, these the settings file, and that Istio's defaults.
 */
export function readInput(
  paths: readonly string[], options: SettingsOptions, terminal: Terminal, progress: Progress,
  /** Reads the manifests that are judged. */
  read: (paths: readonly string[], reading: ManifestOptions) => Manifests = readManifests,
): Input {
  if (paths.length === 0) {
    throw new UsageError('name the files or folders to read, or - for standard input');
  }
  const file = options.settings === undefined ? {} : readSettingsFile(options.settings);
  let number = 0;
  const onProgress = (name: string) => {
    number++;
    progress.at(() => `reading file ${number}: ${clean(name)}`);
  };
  const reading = { stdin: () => terminal.stdin(), onProgress };
  const contextPaths = options.context ?? [];
  if (paths.includes('-') && contextPaths.includes('-')) {
    throw new UsageError('the standard input can be judged or be context, not both; name a file for one of them');
  }
  // An export that lies in a folder of manifests is not judged with them.
  const contextFiles = new Set<string>();
  const remember = (path: string) => {
    contextFiles.add(path);
    return false;
  };
  const context = readManifests(contextPaths, { ...reading, judged: false, isSkipped: remember });
  const own = read(paths, { ...reading, isSkipped: path => contextFiles.has(path) });
  const problems = [...own.problems, ...context.problems];
  progress.done();
  for (const { file: name, line, column, message } of problems) {
    terminal.err(`error: ${clean(name)}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${clean(message)}\n`);
  }
  const beside = besideInput(context.objects, own.objects);
  const objects = beside.length === 0 ? own.objects : [...own.objects, ...beside];
  const sources: SettingsSources = { given: { ...file, ...given(options) }, found: statementsIn(objects) };
  const settings = resolveSettings({ ...sources.given, ...settingsIn(objects, sources.found) });
  return { mesh: new Mesh(objects, settings), sources, problems, files: own.files + context.files, contextObjects: beside.length };
}

function given({ closedWorld, ...settings }: SettingsOptions): MeshSettings {
  const { autoMtls, rootNamespace, trustDomain, clusterDomain, revision, ambient, outboundTrafficMode } = settings;
  const openWorld = closedWorld === true ? false : undefined;
  const all: MeshSettings = { autoMtls, rootNamespace, trustDomain, clusterDomain, revision, ambient, outboundTrafficMode, openWorld };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
