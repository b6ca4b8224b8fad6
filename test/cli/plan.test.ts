import { readFileSync } from 'fs';
import { join } from 'path';
import { run } from './run';
import { expectGoldenText } from '../golden';

const LAB = 'test/mesh/lab/app.yaml';
const APP = readFileSync(join(__dirname, '../mesh/lab/app.yaml'), 'utf8');

interface BlockerJson {
  readonly code: string;
  readonly calls: string[];
  readonly cures: readonly { readonly kind: string; readonly policies?: readonly { readonly yaml: string }[] }[];
}

interface PlanJson {
  readonly done: boolean;
  readonly namespaces: readonly {
    readonly namespace: string;
    readonly readiness: string;
    readonly blockers: readonly BlockerJson[];
  }[];
  readonly mesh: {
    readonly readiness: string;
    readonly blockers: readonly BlockerJson[];
    readonly redundant: string[];
    readonly exceptions: readonly { readonly policy: string; readonly opens: string }[];
  };
  readonly questions: readonly { readonly namespace?: string; readonly text: string }[];
}

function plan(yaml: string, ...options: string[]): PlanJson {
  const { code, out, err } = run(['plan', '--format', 'json', ...options, '-'], yaml);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as PlanJson;
}

describe('the plan of the lab', () => {
  it.each(['text', 'json', 'markdown'])('%s is as agreed', format => {
    const { code, out, err } = run(['plan', '--format', format, LAB]);
    expect([code, err]).toEqual([0, '']);
    expectGoldenText(join(__dirname, 'golden', `plan.${format}`), out);
  });

  it('names web-frontend -> customers as the one blocker, and offers both cures', () => {
    const { namespaces, mesh } = plan(APP);
    const blockers = namespaces.flatMap(one => one.blockers);
    expect(blockers.map(({ code, calls, cures }) => ({ code, calls, cures: cures.map(({ kind }) => kind) }))).toEqual([
      { code: 'MTLS206', calls: ['default/web-frontend -> customers.default.svc.cluster.local:80'], cures: ['join', 'exception'] },
    ]);
    expect(mesh.blockers).toEqual([]);
  });

  it('has no blocker when web-frontend joins the mesh', () => {
    const { namespaces, questions } = plan(APP.replace(', sidecar.istio.io/inject: "false"', ''));
    expect(namespaces.map(({ namespace, readiness, blockers }) => [namespace, readiness, blockers])).toEqual([['default', 'ready', []]]);
    expect(questions).toEqual([]);
  });

  it('has no blocker with the exception that it prints, which stays when the mesh is STRICT', () => {
    const cure = plan(APP).namespaces[0].blockers[0].cures[1].policies!.map(({ yaml }) => yaml).join('\n---\n');
    const { namespaces, mesh } = plan(`${APP}\n---\n${cure}`);
    expect(namespaces.map(({ readiness, blockers }) => [readiness, blockers])).toEqual([['ready', []]]);
    expect(mesh.exceptions).toEqual([{ policy: 'PeerAuthentication default/customers-v1-3000', opens: 'workload port 3000 PERMISSIVE' }]);
  });
});

const policy = (namespace: string, mode: string): string =>
  `\n---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: ${namespace}}\nspec: {mtls: {mode: ${mode}}}\n`;
const JOINED = APP.replace(', sidecar.istio.io/inject: "false"', '');

it('has nothing left to do in a mesh that is STRICT', () => {
  const strict = JOINED + policy('istio-system', 'STRICT');
  expect(plan(strict)).toMatchObject({ done: true, namespaces: [{ readiness: 'strict' }], mesh: { readiness: 'strict', redundant: [] } });
  const { out } = run(['plan', '-'], strict);
  expect(out).toMatch(/^namespace default is STRICT\n/);
  expect(out).toMatch(/\nthe mesh is STRICT; 11 objects read from 1 file\n$/);
  expect(out).not.toMatch(/order|questions/);
  expect(run(['plan', '--format', 'markdown', '-'], strict).out).toBe('## Istio mTLS to STRICT: the mesh is STRICT\n');
});

it('keeps the policy of the mesh for the end, and says which policies it makes redundant', () => {
  const { done, namespaces, mesh } = plan(JOINED + policy('default', 'STRICT'));
  expect({ done, states: namespaces.map(({ readiness }) => readiness), mesh: mesh.readiness, redundant: mesh.redundant })
    .toEqual({ done: false, states: ['strict'], mesh: 'ready', redundant: ['PeerAuthentication default/default'] });
});

it('asks what the input does not show', () => {
  const { namespaces, questions } = plan(APP.replace(/kind: Namespace\nmetadata:\n {2}name: default/, 'kind: ConfigMap\nmetadata:\n  name: default'));
  expect(namespaces.map(({ namespace, readiness }) => [namespace, readiness])).toEqual([['default', 'open']]);
  expect(questions.map(({ namespace, text }) => `${namespace}: ${text}`)).toEqual([
    'default: Has its workload a proxy? Namespace default is not in the input; add it, or name a cluster export with --context.',
  ]);
});

it('takes the facts of the mesh like other commands', () => {
  const { namespaces } = plan(JOINED, '--auto-mtls', 'false');
  expect(namespaces[0].blockers.map(({ code }) => code)).toEqual(['MTLS205']);
});

describe('the exit code', () => {
  it('is 2 for input that cannot be read', () => {
    expect(run(['plan', '-', 'no/such/folder'], APP)).toMatchObject({ code: 2, err: 'error: no/such/folder: no such file or folder; check the path\n' });
  });

  it('is 2 for wrong usage', () => {
    expect(run(['plan']).code).toBe(2);
    expect(run(['plan', '--format', 'sarif', '-'], APP)).toMatchObject({ code: 2, err: expect.stringContaining('Allowed choices are text, json, markdown') });
  });

  it('is 0 for help, which has examples', () => {
    const { code, out } = run(['plan', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('cdk8s-istio-mtls plan --format markdown manifests/ > ticket.md');
  });
});

it('has colours where the terminal wants them, and only in text', () => {
  expect(run(['plan', LAB], '', { isColoured: true }).out).toContain('\u001b[31m');
  expect(run(['plan', '--format', 'markdown', LAB], '', { isColoured: true }).out).not.toContain('\u001b');
});

it('lets no name of a manifest act on the terminal or the ticket', () => {
  const evil = APP.replace(/name: customers-v1/, 'name: "x\\e[2J<b>@all"');
  for (const format of ['text', 'markdown']) {
    const { out } = run(['plan', '--format', format, '-'], evil);
    expect(out).toContain('u001b[2J');
    expect(out).not.toContain('\u001b');
  }
  expect(run(['plan', '--format', 'markdown', '-'], evil).out.replace(/```[^]*?```|`[^`\n]*`/g, '')).not.toMatch(/<b>|@all/);
});
