import { join } from 'path';
import { run } from './run';
import { RULES } from '../../src/rules';
import { expectGoldenText } from '../golden';

describe('explain', () => {
  it('says what, why and fix, with the finding and its cure', () => {
    const { code, out, err } = run(['explain', 'MTLS102']);
    expect([code, err]).toEqual([0, '']);
    expectGoldenText(join(__dirname, 'golden', 'explain.txt'), out);
  });

  it('takes a code in any case, its digits or the name of the rule', () => {
    const { out } = run(['explain', 'MTLS102']);
    for (const written of ['mtls102', '102', 'selector-in-root-namespace']) {
      expect(run(['explain', written]).out).toBe(out);
    }
  });

  it.each(RULES.map(({ code }) => code))('%s shows the finding of its example', code => {
    const { out } = run(['explain', code]);
    expect(out.match(new RegExp(`^  \\w+ ${code} `, 'gm'))).toHaveLength(1);
  });

  it('lists all rules', () => {
    const lines = run(['explain', '--list']).out.trimEnd().split('\n');
    expect(lines.map(line => line.split(/\s+/).slice(0, 3))).toEqual(RULES.map(({ code, severity, name }) => [code, severity, name]));
  });

  it.each<[string[], RegExp]>([
    [['MTLS1022'], /^error: no rule "MTLS1022"; did you mean MTLS102\?\n$/],
    [['selektor-in-root-namespace'], /did you mean selector-in-root-namespace\?\n$/],
    [['nonsense'], /^error: no rule "nonsense"; `explain --list` lists them\n$/],
    [[], /^error: name a rule, as in `explain MTLS102`, or list all of them with --list\n$/],
    [['MTLS102', '--list'], /^error: name a rule/],
  ])('%j is wrong usage', (args, message) => {
    const { code, out, err } = run(['explain', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});
