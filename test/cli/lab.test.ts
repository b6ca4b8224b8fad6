import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';
import { Finding } from '../../src/rules/finding';

/*
 * The lab, whose outcomes are known from running it, on the command line.
 */

const LAB = 'test/mesh/lab';
const read = (file: string): string => readFileSync(join(__dirname, '../mesh/lab', file), 'utf8');
const STRICT = `${read('app.yaml')}\n---\n${read('strict.yaml')}`;

function findings(yaml: string): Finding[] {
  const { out, err } = run(['check', '-', '--format', 'json'], yaml);
  expect(err).toBe('');
  return (JSON.parse(out) as { findings: Finding[] }).findings;
}

it('is healthy as it is', () => {
  expect(run(['check', `${LAB}/app.yaml`])).toEqual({ code: 0, out: expect.stringMatching(/^no errors, no warnings; /), err: '' });
});

it('names the call that STRICT breaks, the policy, and both cures', () => {
  const { code, out } = run(['check', `${LAB}/app.yaml`, `${LAB}/strict.yaml`]);
  expect(code).toBe(1);
  expect(out).toMatch(/^1 error; /m);
  for (const line of [
    'at    test/mesh/lab/strict.yaml:4:15  (PeerAuthentication default/default, spec.mtls.mode)',
    'see   default/web-frontend -> customers.default.svc.cluster.local:80',
    'fix   Give default/web-frontend a proxy: change sidecar.istio.io/inject of its pods to "true".',
    '      Or, where it has to stay without one, let workload port 3000 take plaintext too, and keep the others STRICT:',
    '          "3000": {mode: PERMISSIVE}',
  ]) {
    expect(out.split('\n').map(one => one.trim())).toContain(line.trim());
  }
});

it('is silent when web-frontend joins the mesh', () => {
  expect(findings(STRICT)).toHaveLength(1);
  expect(findings(STRICT.replace(', sidecar.istio.io/inject: "false"', ''))).toEqual([]);
});

it('is silent with the policy that the finding shows', () => {
  const [{ fix }] = findings(STRICT);
  const cure = fix.slice(fix.indexOf('apiVersion:'));
  expect(cure).toContain('kind: PeerAuthentication');
  expect(findings(`${STRICT}\n---\n${cure}`)).toEqual([]);
});
