import { relative, resolve } from 'path';
import { pathToFileURL } from 'url';
import { CheckOptions } from './check-options';
import { paintFor } from './colour';
import { readInput } from './input';
import { Progress } from './progress';
import { ruleNamed } from './rule-codes';
import { Terminal, UsageError } from './terminal';
import { version } from './version';
import { STDIN } from '../collect/files';
import { CheckReport, countBySeverity, FileReference } from '../report/check-report';
import { checkGithub } from '../report/github';
import { checkJson } from '../report/json';
import { checkMarkdown } from '../report/markdown';
import { notJudged } from '../report/not-judged';
import { checkSarif } from '../report/sarif';
import { checkText } from '../report/summary';
import { count } from '../report/text';
import { RULES } from '../rules';
import { Finding, Severity } from '../rules/finding';
import { Rule } from '../rules/rule';
import { runRules } from '../rules/run';

/** What each threshold fails on. */
const FAILS_ON: { readonly [threshold in CheckOptions['failOn']]: readonly Severity[] } = {
  error: [Severity.ERROR],
  warning: [Severity.ERROR, Severity.WARNING],
  info: [Severity.ERROR, Severity.WARNING, Severity.INFO],
  never: [],
};

/** Runs `check`; returns the exit code. */
export function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): number {
  const rules = chosenRules(options);
  const progress = new Progress(terminal);
  const { mesh, sources, problems, files, contextObjects } = readInput(paths, options, terminal, progress);
  progress.at(() => `checking ${count(mesh.objects.length, 'object')}`);
  const codes = new Set(rules.map(({ code }) => code));
  const house = { floor: options.floor, requireMeshPolicy: options.requireMeshPolicy };
  // All rules run, whichever are asked for: which of them speaks about a fault, and whether an acknowledgement is used, hangs on the others.
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const found = runRules(mesh, RULES, { today, house, sources }).filter(({ code }) => codes.has(code));
  progress.done();
  const showsInfo = options.verbose === true || options.failOn === 'info';
  const report: CheckReport = {
    findings: found.filter(({ severity, acknowledged }) =>
      (showsInfo || severity !== Severity.INFO) && (options.showAcknowledged === true || acknowledged === undefined)),
    showsInfo,
    unread: problems,
    fileOf: fileReference,
    summary: {
      objects: mesh.objects.length - contextObjects,
      contextObjects,
      files,
      rules: rules.length,
      allRules: RULES.length,
      counts: countBySeverity(found),
      acknowledged: found.filter(({ acknowledged }) => acknowledged !== undefined).length,
      notJudged: [...problems.length === 0 ? [] : [unread(problems.length)], ...notJudged(mesh)],
    },
  };
  const print: { readonly [format in CheckOptions['format']]: () => string } = {
    text: () => checkText(report, paintFor(terminal.isColoured)),
    json: () => checkJson(report, mesh.settings),
    sarif: () => checkSarif(report, rules, version()),
    github: () => checkGithub(report),
    markdown: () => checkMarkdown(report),
  };
  terminal.out(print[options.format]());
  return problems.length > 0 ? 2 : found.some(finding => fails(finding, options)) ? 1 : 0;
}

function fails({ severity, acknowledged }: Finding, { failOn }: CheckOptions): boolean {
  return acknowledged === undefined && FAILS_ON[failOn].includes(severity);
}

function chosenRules({ rule, ignore }: CheckOptions): readonly Rule[] {
  const only = rule?.map(ruleNamed);
  const without = new Set(ignore?.map(ruleNamed));
  const chosen = RULES.filter(one => (only === undefined || only.includes(one)) && !without.has(one));
  if (chosen.length === 0) {
    throw new UsageError('--rule and --ignore leave no rule; name other codes');
  }
  return chosen;
}

function unread(number: number): string {
  return `${count(number, 'part')} of the input, because ${number === 1 ? 'it' : 'they'} could not be read`;
}

function fileReference(place: string): FileReference | undefined {
  if (place === STDIN) return undefined;
  const absolute = resolve(place);
  const below = relative(process.cwd(), absolute).split(/[\\/]/);
  return below[0] === '..' || below[0] === '' || resolve(below.join('/')) !== absolute
    ? { path: absolute, uri: pathToFileURL(absolute).href, isRelative: false }
    : { path: below.join('/'), uri: below.map(encodeURIComponent).join('/'), isRelative: true };
}
