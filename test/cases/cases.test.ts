import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, toCase } from './judge';
import { readLines } from '../conformance/lines';
import { runTool } from '../run-tool';

const FILE = join(__dirname, 'cases.jsonl');
const CASES = readLines(FILE).map(line => toCase(JSON.parse(line))!);
describe('the known misconfigurations', () => {
  it('are 120 faulty and 157 healthy worlds', () => {
    expect([CASES.filter(one => one.wrong !== undefined).length, CASES.length]).toEqual([120, 157]);
  });

  it.each(CASES.map(one => [one.id, one] as const))('%s is judged rightly', (_, one) => {
    expect(judge(one).misses).toEqual([]);
  });
});

describe('npm run cases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cases-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const policy = (mode: string): string => `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: web, namespace: shop}\nspec:\n${mode}`;
  const wrong = policy('  portLevelMtls: {"80": {mode: DISABLE}}\n');
  const right = policy('  mtls: {mode: STRICT}\n');
  const fault = { kind: 'PeerAuthentication', namespace: 'shop', name: 'web', path: 'spec.portLevelMtls' };

  function cases(lines: readonly unknown[], ...more: string[]) {
    const file = join(folder, 'cases.jsonl');
    writeFileSync(file, lines.map(line => typeof line === 'string' ? line : JSON.stringify(line)).join('\n'));
    return runTool('cases', file, ...more);
  }

  it('counts what was found and what was left alone', () => {
    expect(cases([{ id: 'a', wrong, right, fault }, { id: 'b', wrong: null, right }])).toMatchObject({
      status: 0, lines: ['0 outcomes, 0 differ', '1 faulty, 1 found, 1 at the fault; 2 healthy, 2 silent'],
    });
  });

  it('says what was missed, found elsewhere or accused, and which line is no case', () => {
    const { status, lines } = cases([
      { id: 'missed', wrong: right, right, fault },
      { id: 'elsewhere', wrong, right, fault: { ...fault, name: 'other' } },
      { id: 'fair', wrong, right, fault: { ...fault, name: 'other' }, alsoAcceptable: [fault] },
      { id: 'accused', wrong: null, right: wrong },
      '{',
    ]);
    expect(status).toBe(1);
    expect(lines.map(line => line.split(': ')[0])).toEqual([
      'missed wrong missed', 'elsewhere wrong elsewhere', 'accused right accused', 'line 5',
      '0 outcomes, 0 differ', '3 faulty, 2 found, 1 at the fault; 4 healthy, 3 silent',
    ]);
  });

  it('shows the findings of one case', () => {
    const { lines } = cases([{ id: 'a', wrong, right, fault }, { id: 'b', wrong, right, fault }], '--show', 'b');
    expect(lines.filter(line => /MTLS\d+/.test(line))).toHaveLength(1);
    expect(cases([{ id: 'a', wrong, right, fault }], '--show', 'c')).toMatchObject({ status: 2, err: expect.stringContaining('there is no case "c"') });
  });

  it.each([[['a', 'b']], [['a', '--show']], [['/does/not/exist']]])('refuses the arguments %j', args => {
    expect(runTool('cases', ...args).status).toBe(2);
  });
});
