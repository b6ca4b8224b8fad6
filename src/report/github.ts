import { CheckReport, Unread } from './check-report';
import { summaryLines } from './summary';
import { clean } from './text';
import { Finding, Severity } from '../rules/finding';

const COMMANDS = { [Severity.ERROR]: 'error', [Severity.WARNING]: 'warning', [Severity.INFO]: 'notice' };

/** A check as workflow commands, which GitHub shows beside the changed lines, and the summary for the log. */
export function checkGithub(report: CheckReport): string {
  const { findings, unread, summary, showsInfo } = report;
  return [
    ...unread.map(one => command('error', report, one, 'unreadable', one.message)),
    ...findings.map(finding => command(
      finding.acknowledged === undefined ? COMMANDS[finding.severity] : 'notice', report, placeOf(finding), `${finding.code} ${finding.name}`, message(finding))),
    ...summaryLines(summary, showsInfo),
  ].map(line => `${line}\n`).join('');
}

function placeOf({ at }: Finding): Pick<Unread, 'file' | 'line' | 'column'> {
  return { file: at.place, line: at.line, column: at.column };
}

function message({ at, what, condition, fix, acknowledged, docs }: Finding): string {
  return [
    `${at.object}: ${what}`,
    ...condition === undefined ? [] : [`If: ${condition}`],
    `Fix: ${fix}`,
    ...acknowledged === undefined ? [] : [`Acknowledged: ${acknowledged}`],
    `See ${docs}`,
  ].join('\n');
}

function command(name: string, report: CheckReport, { file, line, column }: Pick<Unread, 'file' | 'line' | 'column'>, title: string, text: string): string {
  const path = report.fileOf(file)?.path;
  const properties = [
    ...path === undefined ? [] : [['file', path]],
    ...path === undefined || line === undefined ? [] : [['line', String(line)], ['col', String(column ?? 1)]],
    ['title', title],
  ];
  return `::${name} ${properties.map(([key, value]) => `${key}=${property(value)}`).join(',')}::${data(text)}`;
}

/** What the runner would take for the end of the command. */
function data(text: string): string {
  return clean(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** And in a property also for the end of the property. */
function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
