import { run } from './run';
import { paintFor, wantsColour } from '../../src/cli/colour';
import { Progress } from '../../src/cli/progress';

describe('colours', () => {
  it.each<[boolean, boolean, NodeJS.ProcessEnv]>([
    [true, true, {}],
    [false, false, {}],
    [false, true, { NO_COLOR: '1' }],
    [true, true, { NO_COLOR: '' }],
    [false, true, { TERM: 'dumb' }],
    [true, false, { FORCE_COLOR: '1' }],
    [true, false, { FORCE_COLOR: '', NO_COLOR: '1' }],
    [false, true, { FORCE_COLOR: '0' }],
  ])('are %p on a terminal (%p) with %j', (expected, isTerminal, env) => {
    expect(wantsColour(isTerminal, env)).toBe(expected);
  });

  it('are put around the text, or are not there', () => {
    expect(paintFor(true)('code', 'x')).toBe('\u001b[1mx\u001b[22m');
    expect(paintFor(false)('code', 'x')).toBe('x');
    expect(paintFor(undefined)('code', 'x')).toBe('x');
  });
});

describe('progress', () => {
  function watched() {
    const shown: string[] = [];
    let time = 0;
    const progress = new Progress({ out: () => {}, err: () => {}, stdin: () => '', progress: text => shown.push(text) }, () => time);
    return { shown, at: (when: number, what: string) => { time = when; progress.at(() => what); }, done: () => progress.done() };
  }

  it('is shown after a second, ten times a second, and taken away', () => {
    const { shown, at, done } = watched();
    [[0, 'a'], [999, 'b'], [1000, 'c'], [1050, 'd'], [1100, 'e']].forEach(([when, what]) => at(when as number, what as string));
    done();
    expect(shown).toEqual(['c', 'e', '']);
  });

  it('is not shown for short work', () => {
    const { shown, at, done } = watched();
    at(500, 'a');
    done();
    expect(shown).toEqual([]);
  });

  it('names the file and the connection that the work is at', () => {
    let time = 0;
    const spy = jest.spyOn(performance, 'now').mockImplementation(() => time += 2000);
    const shown: string[] = [];
    run(['connections', '--known', 'test/mesh/lab'], '', { progress: text => shown.push(text) });
    spy.mockRestore();
    expect(shown).toEqual(expect.arrayContaining(['reading file 1: test/mesh/lab/app.yaml', 'reading file 2: test/mesh/lab/strict.yaml', '1 connections', '']));
  });
});
