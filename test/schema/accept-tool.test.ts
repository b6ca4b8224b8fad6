import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { peerAuthentication } from './objects';
import { runTool } from '../run-tool';

const accept = (...args: string[]) => runTool('accept', ...args);

describe('npm run accept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'accept-'));
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  const right = JSON.stringify({ id: 'right', object: peerAuthentication({ extra: 1 }), accepted: true, crd: [], webhook: [], unknownFields: ['spec.extra'] });
  const wrong = (id: string) => JSON.stringify({ id, object: peerAuthentication({}), accepted: false, crd: ['some reason'], webhook: [], unknownFields: [] });

  it('agrees, on a plain or a compressed file', () => {
    expect(accept(file('a.jsonl', `${right}\n\n${right}\n`))).toMatchObject({ status: 0, lines: ['2 objects, 0 differ'] });
    expect(accept(file('a.jsonl.gz', gzipSync(right)))).toMatchObject({ status: 0, lines: ['1 objects, 0 differ'] });
  });

  it('shows the objects that differ, and reports a line that is no JSON without hiding others', () => {
    const { status, lines } = accept(file('b.jsonl', [wrong('first'), '{', right, '5', wrong('last')].join('\n')));
    expect(status).toBe(1);
    expect(lines).toEqual([
      'first', '  Istio: refused | some reason', '  ours:  accepted',
      'line 2', '  Istio: unknown', '  ours:  this line is not JSON',
      'line 4', '  Istio: unknown', '  ours:  this line is not a case: object and accepted are needed',
      'last', '  Istio: refused | some reason', '  ours:  accepted',
      '5 objects, 4 differ',
    ]);
  });

  it('shows as many as it is told', () => {
    const { lines } = accept(file('c.jsonl', [wrong('a'), wrong('b'), wrong('c')].join('\n')), '--show', '1');
    expect(lines.slice(-2)).toEqual(['… and 2 more (--show N)', '3 objects, 3 differ']);
  });

  it.each([
    [[]],
    [['a.jsonl', 'b.jsonl']],
    [['a.jsonl', '--show', 'x']],
    [['a.jsonl', '--other']],
    [['/does/not/exist']],
    [[folder]],
  ])('says in one line what is wrong with the arguments %j', args => {
    const { status, err } = accept(...args);
    expect(status).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
