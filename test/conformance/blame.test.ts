import { blame } from './blame';
import { RULES } from '../../src/rules';
import { Finding, Severity } from '../../src/rules/finding';
import { Problem, Rule } from '../../src/rules/rule';
import { Fields, PAIR, policy, rule, WEB } from '../mesh/build';

/** A rule that says what the test wants, of objects named by their titles. */
function saying(...problems: (Omit<Problem, 'at' | 'what'> & { readonly at: string; readonly severity?: Severity })[]): Rule {
  return {
    ...RULES[0],
    each: undefined,
    check(context) {
      for (const { at, ...more } of problems) {
        context.report({ ...more, at: context.everything().find(({ title }) => title === at)!, what: 'as the test wants' });
      }
    },
  };
}

const judge = (objects: readonly Fields[], ...rules: Rule[]) => {
  const { failing, unblamed, accusations } = blame({ id: 'case', settings: { openWorld: false }, objects, verdicts: [] }, rules);
  return { failing, unblamed: unblamed.map(({ kind, decidedBy }) => `${kind} ${decidedBy}`), accused: accusations?.map(({ code }: Finding) => code) };
};

const CALL = `cl/client -> ${WEB}:80`;
const BROKEN = [...PAIR, policy('sv/default', 'STRICT'), rule('cl/plain', WEB, 'DISABLE')];

describe('a failing call', () => {
  it('needs a finding that names what decided, and counts the call', () => {
    expect(judge(BROKEN)).toEqual({ failing: 1, unblamed: ['unsaid PeerAuthentication sv/default'], accused: undefined });
    const named = (calls: string[], callCount?: number, at = 'PeerAuthentication sv/default') => judge(BROKEN, saying({ at, calls, callCount })).unblamed;
    expect(named([CALL])).toEqual([]);
    expect(named([], 7)).toEqual([]);
    expect(named([])).toEqual(['uncounted PeerAuthentication sv/default']);
    expect(named([`${CALL}80`])).toEqual(['uncounted PeerAuthentication sv/default']);
    expect(named([CALL], 1, 'Namespace sv')).toEqual(['unsaid PeerAuthentication sv/default']);
  });

  it('is blamed by information too, where nobody is shown to call', () => {
    expect(judge(BROKEN, saying({ at: 'PeerAuthentication sv/default', calls: [CALL], severity: Severity.INFO })).unblamed).toEqual([]);
  });
});

describe('a mesh in which every call works', () => {
  it('gets no finding that says that one fails', () => {
    expect(judge([...PAIR])).toEqual({ failing: 0, unblamed: [], accused: [] });
    expect(judge([...PAIR], saying({ at: 'Namespace sv' })).accused).toEqual([]);
    expect(judge([...PAIR], saying({ at: 'Namespace sv', calls: [CALL] })).accused).toEqual(['MTLS101']);
  });
});
