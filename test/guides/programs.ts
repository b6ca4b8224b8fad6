import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { stringify } from 'yaml';
import { Cluster, kindOf, Thing, things, valuesAt } from './cluster';

/*
 * Stand-ins for the programs that need a cluster, a network or a toolchain. Each knows the sub-commands and options that the
 * guides use, from the reference of the real program, and refuses all others; what it names has to be there. It prints what the
 * real one would, so that a pipe behind it has something to read.
 *
 * Called as `node programs.js NAME ARGUMENT...`, with the repository in GUIDES_ROOT and the cluster in GUIDES_CLUSTER.
 */

/** What may follow a sub-command: options with a value, and options without. */
interface Usage {
  readonly values?: readonly string[];
  readonly flags?: readonly string[];
  run(words: readonly string[], options: Options): string;
}

/** The values of an option that was given; empty for none. */
type Options = (...names: string[]) => string[];

const ROOT = process.env.GUIDES_ROOT!;
const cluster = new Cluster(process.env.GUIDES_CLUSTER!);
const read = (path: string): string => readFileSync(path === '-' ? 0 : path, 'utf8');
const project = (): { scripts: Record<string, string>; peerDependencies: object; devDependencies: object } => JSON.parse(read(join(ROOT, 'package.json')));

/** Fails as the real program would, in its words where they matter. */
function need(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text);
}

/** The YAML files of a folder, or the file itself. */
function manifests(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [read(path)];
  const files = readdirSync(path).filter(name => /\.(ya?ml|json)$/.test(name)).sort();
  need(files.length > 0, `error: no manifests in ${path}`);
  return files.map(name => read(join(path, name)));
}

/** TYPE/NAME, as in `deployment/web`. */
function named(word: string, options: Options): Thing {
  need(/^[^/]+\/[^/]+$/.test(word), `error: name a resource as TYPE/NAME, not ${word}`);
  const [type, name] = word.split('/');
  return cluster.find(kindOf(type), name, options('-n', '--namespace')[0]);
}

function get(words: readonly string[], options: Options): string {
  need(words.length === 1 || words.length === 2, 'error: you must specify the type of resource to get');
  const kinds = words[0].split(',').map(kindOf);
  const [namespace = 'default'] = options('-n', '--namespace');
  const labels = options('-l', '--selector').flatMap(text => text.split(',')).map(text => text.split('='));
  const found = cluster.all().filter(({ kind, metadata }) => kinds.includes(kind)
    && (options('-A', '--all-namespaces').length > 0 || (metadata.namespace ?? namespace) === namespace)
    && (words[1] === undefined || metadata.name === words[1])
    && labels.every(([name, value]) => metadata.labels?.[name] === value));
  const list = { apiVersion: 'v1', kind: 'List', items: found };
  const [output = ''] = options('-o', '--output');
  const [, format, argument] = /^([a-z-]*)=?(.*)$/.exec(output)!;
  switch (format) {
    case '': return ['NAMESPACE\tNAME', ...found.map(({ metadata }) => `${metadata.namespace ?? ''}\t${metadata.name}`)].join('\n') + '\n';
    case 'yaml': return stringify(list);
    case 'jsonpath': return argument.replace(/\{(.*?)\}/g, (_, path: string) => valuesAt(list, path).join(' '));
    case 'custom-columns': {
      need(found.length > 0, 'No resources found');
      const columns = argument.split(',').map(column => /^([A-Z]+):(.+)$/.exec(column) ?? [undefined, undefined, undefined]);
      need(columns.every(([whole]) => whole !== undefined), `error: custom-columns are NAME:PATH, not ${argument}`);
      return [columns.map(([, name]) => name), ...found.map(one => columns.map(([, , path]) => valuesAt(one, path!).join(',') || '<none>'))]
        .map(row => `${row.join('   ')}\n`).join('');
    }
    default: throw new Error(`error: unable to match a printer suitable for the output format "${output}"`);
  }
}

const NAMESPACE = ['-n', '--namespace'];
const ACCESS_LOG = '[2026-06-01T00:00:00.000Z] "- - -" 0 NR filter_chain_not_found - "-" 0 0 0 - "-" "-" "-" "-" "-" - - 10.0.0.7:3000 10.0.0.9:40512 - -\n';

const npm: { readonly [command: string]: Usage } = {
  ci: { run: () => { need(existsSync('package-lock.json'), 'npm error: npm ci needs a package-lock.json'); return 'added packages\n'; } },
  test: { run: words => script('test', words) },
  run: { run: ([name, ...words]) => script(name, words) },
  install: {
    flags: ['--save-dev', '-D'],
    run: words => {
      const { peerDependencies, devDependencies } = project();
      need(words.length > 0, 'npm error: name a package');
      words.forEach(name => need(name === 'cdk8s-istio-mtls' || Object.hasOwn({ ...peerDependencies, ...devDependencies }, name), `npm error 404: ${name} is no package of ours`));
      return 'added packages\n';
    },
  },
};

/** A script of this repository: it is there, and what its arguments name is too. Options are those that its tool knows. */
function script(name: string, words: readonly string[]): string {
  need(Object.hasOwn(project().scripts, name), `npm error Missing script: "${name}"`);
  const { tasks } = JSON.parse(read(join(ROOT, '.projen/tasks.json'))) as { tasks: Record<string, { steps: { exec?: string; receiveArgs?: boolean }[] }> };
  const step = tasks[name].steps.find(({ receiveArgs }) => receiveArgs === true);
  const rest = words[0] === '--' ? words.slice(1) : words;
  need(rest.length === 0 || step !== undefined, `npm run ${name} takes no arguments`);
  const tool = step?.exec === undefined ? '' : read(join(ROOT, /tools\/\S+\.ts/.exec(step.exec)![0]));
  for (const word of rest) {
    need(!word.startsWith('-') || tool.includes(`'${word}'`), `npm run ${name} knows no option ${word}`);
    need(!/\.\w+$/.test(word) || existsSync(word), `npm run ${name}: there is no ${word}`);
  }
  return '';
}

const kubectl: { readonly [command: string]: Usage } = {
  get: { values: [...NAMESPACE, '-o', '--output', '-l', '--selector'], flags: ['-A', '--all-namespaces'], run: get },
  apply: {
    values: [...NAMESPACE, '-f', '--filename'],
    run: (words, options) => {
      need(words.length === 0 && options('-f', '--filename').length > 0, 'error: must specify -f');
      return options('-f', '--filename').flatMap(manifests).flatMap(things)
        .map(thing => `${thing.kind.toLowerCase()}/${thing.metadata.name} ${cluster.apply(thing)}\n`).join('');
    },
  },
  delete: {
    values: NAMESPACE,
    run: ([type, ...names], options) => {
      need(names.length > 0, 'error: resource(s) were provided, but no name was specified');
      return names.map(name => {
        cluster.delete(cluster.find(kindOf(type), name, options(...NAMESPACE)[0]));
        return `${type} "${name}" deleted\n`;
      }).join('');
    },
  },
  rollout: {
    values: NAMESPACE,
    run: ([action, word, ...rest], options) => {
      need(['status', 'restart'].includes(action) && rest.length === 0, `error: unknown command "rollout ${action}"`);
      const { kind, metadata } = named(word, options);
      need(['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind), `error: ${kind} cannot be rolled out`);
      return action === 'status' ? `deployment "${metadata.name}" successfully rolled out\n` : `deployment.apps/${metadata.name} restarted\n`;
    },
  },
  logs: {
    values: [...NAMESPACE, '-c', '--container', '--since'],
    run: (words, options) => {
      need(words.length === 1, 'error: expected TYPE/NAME');
      const { spec } = named(words[0], options);
      const own = (spec.template?.spec ?? spec).containers.map(({ name }: { name: string }) => name);
      // istiod adds this one.
      options('-c', '--container').forEach(name => need([...own, 'istio-proxy'].includes(name), `error: container ${name} is not valid for ${words[0]}`));
      options('--since').forEach(time => need(/^(\d+(h|m|s))+$/.test(time), `error: invalid argument "${time}" for "--since"`));
      return ACCESS_LOG;
    },
  },
};

/** Reads a chart as Helm would: what is in its templates. The charts of the tests have no values. */
function helmTemplate(words: readonly string[]): string {
  const [chart] = words;
  need(words.length === 1 && existsSync(join(chart, 'Chart.yaml')), `Error: Chart.yaml file is missing in ${chart}`);
  return readdirSync(join(chart, 'templates')).map(name => `---\n# Source: ${name}\n${read(join(chart, 'templates', name))}`).join('');
}

function kustomizeBuild(words: readonly string[]): string {
  const [folder] = words;
  const file = join(folder, 'kustomization.yaml');
  need(words.length === 1 && existsSync(file), `Error: unable to find a kustomization.yaml in ${folder}`);
  const { resources } = things(read(file))[0] as unknown as { resources: string[] };
  return resources.map(name => read(join(folder, name))).join('---\n');
}

function describePod(words: readonly string[], options: Options): string {
  need(words.length === 3 && words[0] === 'describe' && words[1] === 'pod', `Error: unknown command "experimental ${words.join(' ')}"`);
  const { metadata } = cluster.find('Pod', words[2], options(...NAMESPACE)[0]);
  return `Pod: ${metadata.name}.${metadata.namespace}\nEffective PeerAuthentication:\n   Workload mTLS mode: STRICT\n`;
}

/** The API of GitHub by its command line: a list without comments, and comments that are taken. */
function ghApi(words: readonly string[], options: Options): string {
  need(Boolean(process.env.GH_TOKEN) && words.length === 1, 'gh: set GH_TOKEN, and name one endpoint');
  need(/^repos\/[\w.-]+\/[\w.-]+\/issues\/(\d+\/comments|comments\/\d+)$/.test(words[0]), `gh: Not Found (HTTP 404): ${words[0]}`);
  options('--method').forEach(method => need(['GET', 'POST', 'PATCH'].includes(method), `gh: unknown method ${method}`));
  options('--field').forEach(field => {
    const [, file] = /^\w+=@(.+)$/.exec(field) ?? [];
    need(file === undefined || read(file) !== '', `gh: ${file} is empty`);
  });
  return '';
}

const PROGRAMS: { readonly [program: string]: { readonly [command: string]: Usage } } = {
  kubectl,
  npm,
  helm: { template: { run: helmTemplate } },
  kustomize: { build: { run: kustomizeBuild } },
  istioctl: { experimental: { values: NAMESPACE, run: describePod } },
  gh: { api: { values: ['--method', '--field', '--jq'], flags: ['--paginate', '--silent'], run: ghApi } },
};

function main([program, ...args]: string[]): void {
  const { [args[0]]: usage } = PROGRAMS[program];
  need(usage !== undefined, `unknown command "${args[0]}" for "${program}"`);
  const given: [string, string][] = [];
  const words: string[] = [];
  for (let i = 1; i < args.length; i++) {
    const [, name, value] = /^(--[a-z-]+)=(.*)$/s.exec(args[i]) ?? [undefined, args[i], undefined];
    if (!name.startsWith('-') || name === '-' || words.includes('--') || name === '--') {
      words.push(args[i]);
    } else if (usage.values?.includes(name)) {
      given.push([name, value ?? args[++i]]);
      need(given.at(-1)![1] !== undefined, `flag needs an argument: ${name}`);
    } else {
      need(usage.flags?.includes(name) === true && value === undefined, `unknown flag: ${name} of "${program} ${args[0]}"`);
      given.push([name, '']);
    }
  }
  process.stdout.write(usage.run(words, (...names) => given.filter(([name]) => names.includes(name)).map(([, value]) => value)));
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 3; // Neither of those by which cdk8s-istio-mtls says something.
}
