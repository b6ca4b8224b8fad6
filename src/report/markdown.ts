import { CheckReport, Unread } from './check-report';
import { block, code, escaped } from './markdown-text';
import { countsText, summaryLines } from './summary';
import { clean, count, objectText, positionText } from './text';
import { Finding } from '../rules/finding';

/** GitHub refuses comments of more than 65,536 characters. */
const MAX_LENGTH = 60_000;

/** A check as a comment for a pull request: the findings with the fix at hand, as many as a comment holds. */
export function checkMarkdown({ findings, unread, summary, showsInfo }: CheckReport): string {
  const [first, ...more] = summaryLines(summary, showsInfo).map(escaped);
  const end = [first, ...more].map(line => `${line}\n`).join('\n');
  const parts = [`## Istio mTLS: ${countsText(summary, showsInfo)}\n`];
  let length = parts[0].length + end.length;
  const sections = [...unread.map(unreadSection), ...findings.map(section)];
  for (const [i, text] of sections.entries()) {
    length += text.length;
    if (length > MAX_LENGTH) {
      const left = sections.length - i;
      parts.push(`${count(left, 'more finding')} left out, because a comment cannot hold ${left === 1 ? 'it' : 'them'}.\n`);
      break;
    }
    parts.push(text);
  }
  return [...parts, end].join('\n');
}

function unreadSection({ file, line, column, message }: Unread): string {
  return `### error unreadable\n\n${code(clean(line === undefined ? file : `${file}:${line}:${column ?? 1}`))}\n\n${escaped(clean(message))}\n`;
}

function section(finding: Finding): string {
  const see = [
    ...finding.see.map(place => `- ${code(clean(positionText(place)))} ${code(clean(objectText(place)))}`),
    ...finding.calls.map(call => `- ${code(clean(call))}`),
    ...finding.callCount > finding.calls.length ? [`- and ${count(finding.callCount - finding.calls.length, 'more call')}`] : [],
  ];
  return [
    `### ${finding.severity} ${finding.code} ${finding.name}`,
    `${code(clean(positionText(finding.at)))} ${code(clean(objectText(finding.at)))}`,
    escaped(clean(finding.what)),
    ...finding.condition === undefined ? [] : [`**If** ${escaped(clean(finding.condition))}`],
    ...finding.acknowledged === undefined ? [] : [`**Acknowledged** ${escaped(clean(finding.acknowledged))}`],
    `**Why** ${escaped(finding.why)}`,
    `**Fix** ${fix(clean(finding.fix))}`,
    ...see.length === 0 ? [] : [`<details><summary>Related</summary>\n\n${see.join('\n')}\n\n</details>`],
  ].join('\n\n') + '\n';
}

/** What to do is one sentence, and below it the YAML to write. */
function fix(text: string): string {
  const [sentence, ...yaml] = text.split('\n');
  return yaml.length === 0 ? escaped(sentence) : `${escaped(sentence)}\n\n${block('yaml', yaml.join('\n'))}`;
}
