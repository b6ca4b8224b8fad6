import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PAIR, WEB } from '../mesh/build';
import { runTool } from '../run-tool';

const conformance = (...args: string[]) => runTool('conformance', ...args);

describe('npm run conformance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  const verdict = { client: 'cl/client', host: WEB, port: 80, subset: '', server: 'sv/web', targetPort: 8080, clientSends: 'istio-mtls', serverMode: 'PERMISSIVE', outcome: 'mtls' };
  const line = (id: string, ...verdicts: object[]): string => JSON.stringify({ id, mesh: {}, objects: PAIR, verdicts });

  it('agrees, on a plain or a compressed file', () => {
    expect(conformance(file('a.jsonl', `${line('a', verdict)}\n\n${line('b', verdict)}\n`))).toMatchObject({ status: 0, lines: ['2 meshes, 2 connections, 0 differ'] });
    expect(conformance(file('a.jsonl.gz', gzipSync(line('a', verdict))))).toMatchObject({ status: 0, lines: ['1 meshes, 1 connections, 0 differ'] });
  });

  it('shows the calls that differ with our reasons, and reports a line that is no case without hiding others', () => {
    const { status, lines } = conformance(file('b.jsonl', [line('wrong', { ...verdict, outcome: 'fail' }), '{', line('missing'), line('more', verdict, { ...verdict, port: 81 })].join('\n')));
    expect(status).toBe(1);
    expect(lines.map(text => text.trim())).toEqual([
      'wrong',
      `cl/client -> ${WEB}:80 at sv/web:8080`,
      'Istio: istio-mtls -> PERMISSIVE: fail',
      'ours:  istio-mtls -> PERMISSIVE: mtls',
      'MeshConfig enableAutoMtls: no rule sets tls, so auto mTLS sends mesh certificates to endpoints that can take them',
      'Istio : no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE',
      'line 2: not a case: mesh, objects and verdicts are needed',
      'missing',
      `cl/client -> ${WEB}:80 at sv/web:8080`,
      'Istio: no such call',
      'ours:  istio-mtls -> PERMISSIVE: mtls',
      'MeshConfig enableAutoMtls: no rule sets tls, so auto mTLS sends mesh certificates to endpoints that can take them',
      'Istio : no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE',
      'more',
      `cl/client -> ${WEB}:81 at sv/web:8080`,
      'Istio: istio-mtls -> PERMISSIVE: mtls',
      'ours:  no such call',
      '4 meshes, 3 connections, 4 differ',
    ]);
  });

  it('shows as many as it is told', () => {
    const { lines } = conformance(file('c.jsonl', [line('a'), line('b'), line('c')].join('\n')), '--show', '1');
    expect(lines.slice(-2)).toEqual(['… and 2 more (--show N)', '3 meshes, 0 connections, 3 differ']);
  });

  it.each([[[]], [['a.jsonl', 'b.jsonl']], [['a.jsonl', '--show', 'x']], [['a.jsonl', '--other']], [['/does/not/exist']], [[folder]]])('refuses the arguments %j', args => {
    expect(conformance(...args).status).toBe(2);
  });
});
