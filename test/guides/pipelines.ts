import { spawnSync } from 'child_process';
import { cpSync, existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { Block, read } from './blocks';
import { runShell, Shell } from './shell';
import type { MtlsValidationPlugin } from '../../src/validate/mtls-validation-plugin';
import { ROOT } from '../../tools/rule-files';

/* YAML that is for CI and for cdk8s-cli. */

/** GitHub's own parser of workflows is an ES module, which jest does not load, and imports its grammar in a way that Node.js 20 has to be told of. */
const VALIDATE = `
import { register } from 'node:module';
import { readFileSync } from 'node:fs';
register('data:text/javascript,' + encodeURIComponent(
  "export const load = (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);"));
const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');
const { context } = parseWorkflow({ name: 'workflow', content: readFileSync(0, 'utf8') }, new NoOperationTraceWriter());
process.stdout.write(JSON.stringify(context.errors.getErrors().map(({ message }) => message)));
`;

/** What GitHub would not take of a workflow. */
export function workflowProblems(text: string): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', VALIDATE], { cwd: ROOT, encoding: 'utf8', input: text });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

/** A workflow, or steps of one: GitHub takes it, and what the steps run does what the page says. */
export function checkWorkflow(shell: Shell, block: Block): void {
  const isWhole = /^jobs:/m.test(block.text);
  const text = isWhole ? block.text : `on: push\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n${block.text.replace(/^/gm, '      ').trimEnd()}\n`;
  expect(workflowProblems(text)).toEqual([]);
  const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string; uses?: string; with?: object }[] }> };
  for (const { run, uses, with: inputs = {} } of Object.values(jobs).flatMap(({ steps }) => steps)) {
    if (run !== undefined) runShell(shell, { ...block, text: run });
    if (uses?.startsWith('cdk8s-istio-mtls/') === true) {
      expect(Object.keys((parse(read('action.yml')) as { inputs: object }).inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    }
  }
}

/** Keywords of a job and of its artifacts that GitLab knows and a job of ours may use: docs.gitlab.com, "CI/CD YAML syntax reference". */
const GITLAB = {
  job: ['image', 'rules', 'variables', 'before_script', 'script', 'after_script', 'artifacts'],
  rule: ['if', 'when', 'changes'],
  artifacts: ['when', 'paths', 'reports', 'expire_in'],
};

/** The job of GitLab: its keywords are known, and its scripts leave the artifacts that it names. */
export function checkGitlab(shell: Shell, { text }: Block): void {
  const job = (parse(text) as Record<string, any>)['istio-mtls'];
  expect(GITLAB.job).toEqual(expect.arrayContaining(Object.keys(job)));
  expect(GITLAB.rule).toEqual(expect.arrayContaining(job.rules.flatMap(Object.keys)));
  expect(GITLAB.artifacts).toEqual(expect.arrayContaining(Object.keys(job.artifacts)));
  for (const [broken, code] of [[false, 0], [true, 1]] as const) {
    const place = shell.workplace(broken);
    cpSync(join(ROOT, 'ci'), join(place, 'ci'), { recursive: true });
    const env = { ...job.variables, CI_MERGE_REQUEST_DIFF_BASE_SHA: 'main' };
    expect(shell.run((job.script as string[]).join('\n'), place, { env })).toMatchObject({ code, err: '' });
    expect(shell.run((job.after_script as string[]).join('\n'), place, { env })).toMatchObject({ code: 0, err: '' });
    const artifacts = [...job.artifacts.paths, job.artifacts.reports.codequality] as string[];
    expect(artifacts.filter(path => !existsSync(join(place, path)))).toEqual([]);
    expect(JSON.parse(readFileSync(join(place, job.artifacts.reports.codequality), 'utf8'))).toHaveLength(code);
  }
}

/** The settings of cdk8s-cli: its words are those of its type Config (src/config.ts), and the plugin is ours and takes its properties. */
export async function checkCdk8sYaml({ text }: Block): Promise<void> {
  const { validations: [plugin], ...rest } = parse(text) as { validations: { class: string; properties: object }[] };
  expect(['app', 'language', 'output', 'importDirectory', 'imports', 'pluginsDirectory', 'synthConfig']).toEqual(expect.arrayContaining(Object.keys(rest)));
  expect(['package', 'version', 'class', 'properties', 'installEnv']).toEqual(expect.arrayContaining(Object.keys(plugin)));
  const { name, version } = JSON.parse(read('package.json')) as { name: string; version: string };
  expect(plugin).toMatchObject({ package: `./node_modules/${name}`, version });
  const submitted: string[] = [];
  const report = { addViolation: (): void => undefined, submit: (status: string): void => { submitted.push(status); } };
  const { [plugin.class]: Plugin } = jest.requireActual<Record<string, typeof MtlsValidationPlugin>>('../../src');
  for (const manifest of ['docs/guide/check/shop.yaml', 'test/consumers/expected/mesh.k8s.yaml']) {
    await new Plugin(plugin.properties).validate({ manifests: [join(ROOT, manifest)], report });
  }
  expect(submitted).toEqual(['failure', 'success']);
}
