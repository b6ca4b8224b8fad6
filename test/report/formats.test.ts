import * as fc from 'fast-check';
import { sarifErrors } from './sarif-schema';
import { CheckReport } from '../../src/report/check-report';
import { checkGithub } from '../../src/report/github';
import { checkMarkdown } from '../../src/report/markdown';
import { code, escaped } from '../../src/report/markdown-text';
import { checkSarif } from '../../src/report/sarif';
import { checkText } from '../../src/report/summary';
import { clean } from '../../src/report/text';
import { RULES } from '../../src/rules';
import { Finding, Severity } from '../../src/rules/finding';

const FINDING: Finding = {
  code: 'MTLS102',
  name: 'selector-in-root-namespace',
  severity: Severity.ERROR,
  at: { place: 'mesh/a,b:c.yaml', line: 5, column: 3, object: 'PeerAuthentication istio-system/web', field: 'spec.selector' },
  see: [{ place: 'mesh/web.yaml', line: 12, column: 1, object: 'Deployment shop/web' }],
  calls: ['shop/web -> customers.shop.svc.cluster.local:80', 'shop/app -> customers.shop.svc.cluster.local:80'],
  callCount: 7,
  what: '100% of "web" is\nignored',
  why: 'Istio ignores it.',
  fix: 'Write this instead:\nspec:\n  mtls: {mode: STRICT}',
  docs: 'docs/rules/mtls102.md',
  condition: 'nobody moves it',
};

function report(findings: readonly Finding[], more: Partial<CheckReport> = {}): CheckReport {
  return {
    findings,
    showsInfo: false,
    unread: [],
    fileOf: place => place === '(stdin)' ? undefined : { path: place, uri: place.split('/').map(encodeURIComponent).join('/'), isRelative: true },
    summary: {
      objects: 3, contextObjects: 0, files: 2, rules: 15, allRules: 15, counts: { error: 1, warning: 0, info: 0 }, acknowledged: 0, notJudged: [],
    },
    ...more,
  };
}

interface Log {
  readonly runs: readonly [{
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly partialFingerprints: object;
      readonly locations: readonly { readonly physicalLocation: object }[];
      readonly suppressions?: object[];
    }[];
    readonly invocations: readonly [{
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    }];
  }];
}

const sarif = (given: CheckReport): Log => JSON.parse(checkSarif(given, RULES, '1.2.3')) as Log;

describe('SARIF', () => {
  const unread = [{ file: 'bad.yaml', line: 2, column: 4, message: 'a tab' }, { file: '(stdin)', message: 'binary' }];
  const all = [
    FINDING,
    { ...FINDING, severity: Severity.WARNING, acknowledged: 'known' },
    { ...FINDING, severity: Severity.INFO, at: { place: '(stdin)', object: 'Service x' }, see: [] },
  ];

  it('is valid against its schema, with findings, acknowledgements and problems, and with nothing', () => {
    const summary = { ...report([]).summary, notJudged: ['whether 1 workload of namespace shop has a proxy'] };
    expect(sarifErrors(sarif(report(all, { unread, summary })))).toEqual([]);
    expect(sarifErrors(sarif(report([])))).toEqual([]);
    expect(sarifErrors({ version: '2.1.0', runs: [{ tool: {} }] })).not.toEqual([]); // The schema does refuse something.
  });

  it('points at file, line and column, and says which rule it was', () => {
    const [{ results: [result], tool }] = sarif(report([FINDING])).runs;
    expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'mesh/a%2Cb%3Ac.yaml', uriBaseId: '%SRCROOT%' }, region: { startLine: 5, startColumn: 3 },
    });
  });

  it('keeps the fingerprint when lines and values change, and gives every finding one of its own', () => {
    const prints = (...findings: Finding[]) => sarif(report(findings)).runs[0].results.map(one => JSON.stringify(one.partialFingerprints));
    const moved = { ...FINDING, at: { ...FINDING.at, line: 90, column: 7 }, what: 'other values', calls: [] };
    expect(prints(moved)).toEqual(prints(FINDING));
    const others = [
      { ...FINDING, code: 'MTLS101' },
      ...[{ object: 'PeerAuthentication shop/web' }, { field: 'spec.mtls' }, { place: 'other.yaml' }]
        .map(at => ({ ...FINDING, at: { ...FINDING.at, ...at } })),
    ];
    expect(new Set(prints(FINDING, FINDING, ...others)).size).toBe(6);
  });

  it('carries the reason of an acknowledgement, and what could not be read', () => {
    const [run] = sarif(report(all, { unread })).runs;
    expect(run.results.map(one => one.suppressions)).toEqual([undefined, [{ kind: 'inSource', justification: 'known' }], undefined]);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications.map(one => one.message.text)).toEqual(['a tab', 'binary']);
  });
});

describe('workflow commands', () => {
  it('hide what would end a property or the command', () => {
    const [line] = checkGithub(report([FINDING])).split('\n');
    expect(line).toBe('::error file=mesh/a%2Cb%3Ac.yaml,line=5,col=3,title=MTLS102 selector-in-root-namespace::'
      + 'PeerAuthentication istio-system/web: 100%25 of "web" is%0Aignored%0AIf: nobody moves it%0A'
      + 'Fix: Write this instead:%0Aspec:%0A  mtls: {mode: STRICT}%0ASee docs/rules/mtls102.md');
  });

  it('are warnings and notices for what weighs less, and errors for what could not be read', () => {
    const findings = [{ ...FINDING, severity: Severity.WARNING }, { ...FINDING, severity: Severity.INFO }, { ...FINDING, acknowledged: 'known' }];
    const lines = checkGithub(report(findings, { unread: [{ file: '(stdin)', line: 1, message: 'a tab' }] })).split('\n');
    expect(lines.slice(0, 4).map(line => line.split(' ')[0])).toEqual(['::error', '::warning', '::notice', '::notice']);
    expect(lines[0]).toBe('::error title=unreadable::a tab');
  });

  it('come from findings alone: no name of the input begins a line', () => {
    const summary = { ...report([]).summary, notJudged: ['namespace x\n::error::forged'] };
    expect(checkGithub(report([{ ...FINDING, what: 'a\n::error::forged\r\n::b' }], { summary })).split('\n').filter(line => line.trimStart().startsWith('::'))).toHaveLength(1);
  });
});

describe('whatever stands in a manifest', () => {
  const text = fc.string();
  const anyFinding = fc.record({ place: fc.string({ minLength: 1 }), object: text, what: text, fix: text, line: fc.integer({ min: 1 }) })
    .map(({ place, object, what, fix, line }): Finding => ({ ...FINDING, at: { place, object, line }, what, fix }));

  it('makes one workflow command, from which the text can be read again', () => {
    fc.assert(fc.property(anyFinding, finding => {
      const lines = checkGithub(report([finding])).split('\n');
      expect(lines).toHaveLength(3);
      const message = /^::error file=[^:,\n]*,line=\d+,col=1,title=[^:,\n]*::(.*)$/.exec(lines[0])![1];
      const read = message.replace(/%0A/g, '\n').replace(/%0D/g, '\r').replace(/%25/g, '%');
      expect(read.startsWith(clean(`${finding.at.object}: ${finding.what}\n`))).toBe(true);
    }));
  });

  it('makes valid SARIF', () => {
    fc.assert(fc.property(anyFinding, finding => expect(sarifErrors(sarif(report([finding])))).toEqual([])), { numRuns: 30 });
  });
});

describe('Markdown', () => {
  it('shows the place as code, the sentence as text and the YAML of the fix as a block', () => {
    const text = checkMarkdown(report([FINDING]));
    expect(text).toContain('### error MTLS102 selector-in-root-namespace\n\n`mesh/a,b:c.yaml:5:3` `PeerAuthentication istio-system/web, spec.selector`\n');
    expect(text).toContain('**Fix** Write this instead:\n\n```yaml\nspec:\n  mtls: {mode: STRICT}\n```\n');
    expect(text).toContain('- `mesh/web.yaml:12:1` `Deployment shop/web`\n');
    expect(text).toContain('- and 5 more calls\n');
    expect(text).toContain('**If** nobody moves it');
  });

  it('lets no name become markup, a link or a mention', () => {
    expect(escaped('<img src=x> @team [a](b) *c* `d` a|b # no\n# yes & PORT_NAME _e_'))
      .toBe('&lt;img src=x&gt; &#64;team \\[a\\](b) \\*c\\* \\`d\\` a\\|b # no<br>\\# yes &amp; PORT_NAME \\_e\\_');
    expect([code('a`b'), code('`a``'), code('a')]).toEqual(['``a`b``', '``` `a`` ```', '`a`']);
  });

  it('stays short enough for a comment, and says what it left out', () => {
    const text = checkMarkdown(report(Array.from({ length: 500 }, () => FINDING)));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\n\d+ more findings left out, because a comment cannot hold them\.\n\n1 error; 3 objects read from 2 files, 15 rules\n$/);
  });
});

describe('the summary', () => {
  const line = (more: Partial<CheckReport['summary']>, showsInfo = false) =>
    checkText(report([], { showsInfo, summary: { ...report([]).summary, counts: { error: 0, warning: 0, info: 0 }, ...more } }));

  it('says that there is nothing, or how much of what', () => {
    expect(line({})).toBe('no errors, no warnings; 3 objects read from 2 files, 15 rules\n');
    expect(line({ counts: { error: 2, warning: 1, info: 3 }, acknowledged: 1, contextObjects: 4 }))
      .toBe('2 errors, 1 warning, 3 info (shown with --verbose), 1 acknowledged; 3 objects read from 2 files (and 4 objects as context), 15 rules\n');
    expect(line({ counts: { error: 0, warning: 0, info: 3 } }, true)).toMatch(/^no errors, no warnings, 3 info; /);
  });

  it('has a line for everything that could not be judged', () => {
    expect(line({ notJudged: ['a, because b', 'c'] }).split('\n').slice(1)).toEqual(['not judged: a, because b', 'not judged: c', '']);
  });
});
