import { Command, InvalidArgumentError, Option } from 'commander';
import { Terminal, UsageError } from './terminal';
import { readManifests } from '../collect/manifests';
import { settingsIn, statementsIn } from '../collect/settings';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshSettings, OutboundTrafficMode, resolveSettings } from '../mesh/settings';
import { withShownFacts } from '../mesh/shown-facts';

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
    .option('--closed-world', 'a Namespace that is not in the input has no labels, instead of unknown ones');
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
  /** Whether all of the input could be read; what could not is on standard error already. */
  readonly isWhole: boolean;
  readonly files: number;
}

/**
 * Reads the manifests and the facts of the mesh: those that the manifests state
 * themselves (the ConfigMap `istio`, an Istio or IstioOperator resource) outweigh
 * the options, these what the manifests show (a label for ambient), and that
 * Istio's defaults.
 */
export function readInput(paths: readonly string[], options: SettingsOptions, terminal: Terminal): Input {
  if (paths.length === 0) {
    throw new UsageError('name the files or folders to read, or - for standard input');
  }
  const { objects, problems, files } = readManifests(paths, { stdin: () => terminal.stdin() });
  for (const { file, line, column, message } of problems) {
    terminal.err(`error: ${file}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${message}\n`);
  }
  const sources: SettingsSources = { given: given(options), found: statementsIn(objects) };
  const settings = resolveSettings(withShownFacts({ ...sources.given, ...settingsIn(objects, sources.found) }, objects));
  return { mesh: new Mesh(objects, settings), sources, isWhole: problems.length === 0, files };
}

function given({ closedWorld, ...settings }: SettingsOptions): MeshSettings {
  const { autoMtls, rootNamespace, trustDomain, clusterDomain, revision, ambient, outboundTrafficMode } = settings;
  const openWorld = closedWorld !== true;
  const all: MeshSettings = { autoMtls, rootNamespace, trustDomain, clusterDomain, revision, ambient, outboundTrafficMode, openWorld };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
