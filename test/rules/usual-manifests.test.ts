import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, loadAll } from 'js-yaml';
import { Finding, Severity } from '../../src/rules/finding';
import { examples } from '../../tools/examples';
import { run } from '../cli/run';

/*
 * Manifests as people write them every day. Alone, without the workloads and
 * namespaces that they are for, they may raise a question but no error.
 */

interface Identity { kind: string; metadata: { namespace: string; name: string } }

const POLICIES = (loadAll(readFileSync(join(__dirname, '../manifests/policies.yaml'), 'utf8')) as Identity[])
  .map(document => [`${document.kind} ${document.metadata.namespace}/${document.metadata.name}`, dump(document)] as const);

const EXAMPLES = examples().filter(({ expectedError }) => expectedError === undefined)
  .map(({ name, main }) => [name, readFileSync(join(main, '../expected.k8s.yaml'), 'utf8')] as const);

it('are what the constructs have to write, and what the examples do write', () => {
  expect(POLICIES).toHaveLength(18);
  expect(EXAMPLES.map(([name]) => name)).toContain('lab');
});

describe.each([['in a cluster that holds nothing else', ['--closed-world']], ['in a cluster that may hold more', []]])('%s', (_, options) => {
  it.each([...POLICIES, ...EXAMPLES])('%s has no error', (__, yaml) => {
    const { code, out } = run(['check', '-', '--format', 'json', ...options], yaml);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    expect(findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
    expect(code).toBe(0);
  });
});
