import { CheckReport, CheckSummary } from './check-report';
import { Paint, PLAIN } from './paint';
import { count, findingText, oneLine } from './text';
import { Severity } from '../rules/finding';

/** The findings one after the other, and the summary below: what a terminal shows. */
export function checkText({ findings, showsInfo, summary }: CheckReport, paint: Paint = PLAIN): string {
  return [...findings.map(finding => `${findingText(finding, paint)}\n\n`), `${summaryLines(summary, showsInfo, paint).join('\n')}\n`].join('');
}

/** What was looked at and found on the first line, then a line for everything that could not be judged. */
export function summaryLines(summary: CheckSummary, showsInfo: boolean, paint: Paint = PLAIN): string[] {
  const { objects, contextObjects, files, rules, allRules, notJudged } = summary;
  const context = contextObjects === 0 ? '' : ` (and ${count(contextObjects, 'object')} as context)`;
  return [
    `${countsText(summary, showsInfo, paint)}; ${count(objects, 'object')} read from ${count(files, 'file')}${context}, ${rules === allRules ? '' : `${rules} of `}${count(allRules, 'rule')}`,
    ...notJudged.map(reason => `${paint('label', 'not judged:')} ${oneLine(reason)}`),
  ];
}

/** The findings by severity: `1 error, 2 warnings, 1 acknowledged`. */
export function countsText({ counts, acknowledged }: CheckSummary, showsInfo: boolean, paint: Paint = PLAIN): string {
  const parts = [
    ...counts.error > 0 ? [paint('error', count(counts.error, Severity.ERROR))] : [],
    ...counts.warning > 0 ? [paint('warning', count(counts.warning, Severity.WARNING))] : [],
  ];
  if (parts.length === 0) {
    parts.push(paint('good', 'no errors, no warnings'));
  }
  if (counts.info > 0) {
    parts.push(`${counts.info} info${showsInfo ? '' : ' (shown with --verbose)'}`);
  }
  if (acknowledged > 0) {
    parts.push(`${acknowledged} acknowledged`);
  }
  return parts.join(', ');
}
