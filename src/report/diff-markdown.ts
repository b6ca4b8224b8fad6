import { callText, causeText, causeTitle, causeWhere, diffCounts, DiffReport, exceptionText, groupsOf, line, MEANING, modeText, moreText } from './diff';
import { code, escaped } from './markdown-text';
import { count } from './text';
import { Entry } from '../posture/entry';

/** GitHub refuses comments of more than 65,536 characters. */
const MAX_LENGTH = 60_000;

/** A comparison as a comment for a pull request: the worst first, as much as a comment holds. */
export function diffMarkdown({ before, after, entries, objects, notJudged }: DiffReport): string {
  const head = `## Istio mTLS: ${diffCounts(entries)}\n`;
  const end = [
    `${code(line(before))} with ${count(objects[0], 'object')}, ${code(line(after))} with ${objects[1]}.`,
    ...notJudged.map(reason => `Not judged: ${escaped(line(reason))}`),
  ].join('\n\n');
  const parts = [head];
  let length = head.length + end.length;
  let left = entries.length;
  for (const [change, list] of groupsOf(entries)) {
    const title = `### ${change}: ${MEANING[change]}\n`;
    for (const [i, entry] of list.entries()) {
      const text = `${i === 0 ? `${title}\n` : ''}${section(entry)}`;
      length += text.length;
      if (length > MAX_LENGTH) {
        parts.push(`${count(left, 'more change')} left out, because a comment cannot hold ${left === 1 ? 'it' : 'them'}.\n`);
        return [...parts, `${end}\n`].join('\n');
      }
      left--;
      parts.push(text);
    }
  }
  return [...parts, `${end}\n`].join('\n');
}

function section({ cause, modes, modeCount, calls, callCount, knownCount, condition, exception }: Entry): string {
  const where = causeWhere(cause);
  const rows = [
    ...modes.map(mode => code(line(modeText(mode)))),
    ...present(moreText(modes.length, modeCount, 'workload port')),
    ...calls.map(call => code(line(callText(call)))),
    ...present(moreText(calls.length, callCount, 'call', knownCount)),
    ...condition === undefined ? [] : [`**if** ${escaped(line(condition))}`],
    ...cause.text === '' ? [] : [`**because** ${escaped(line(causeText(cause)))}`],
    ...exception === undefined ? [] : [`**reason** ${escaped(line(exceptionText(exception)))}`],
  ];
  return `**${escaped(line(causeTitle(cause)))}** ${cause.action}${where === '' ? '' : ` at ${code(line(where))}`}\n\n${rows.map(row => `- ${row}\n`).join('')}`;
}

function present(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}
