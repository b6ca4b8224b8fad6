import { callText, causeText, causeTitle, causeWhere, diffCounts, DiffReport, exceptionText, groupsOf, line, MEANING, modeText, moreText } from './diff';
import { Paint, PLAIN, Tone } from './paint';
import { count } from './text';
import { Change } from '../posture/change';
import { Entry } from '../posture/entry';

const TONES: { readonly [change in Change]: Tone } = {
  broken: 'error', weakened: 'warning', unclear: 'warning', new: 'info', gone: 'info', repaired: 'good', strengthened: 'good',
};

/** A comparison as a terminal shows it: the worst first. */
export function diffText({ entries, objects, notJudged }: DiffReport, paint: Paint = PLAIN): string {
  const lines: string[] = [];
  for (const [change, list] of groupsOf(entries)) {
    lines.push(`${paint(TONES[change], change)}: ${MEANING[change]}`);
    for (const entry of list) lines.push(...entryLines(entry, paint), '');
  }
  lines.push(`${diffCounts(entries)}; ${count(objects[0], 'object')} before, ${objects[1]} after`);
  notJudged.forEach(reason => lines.push(`${paint('label', 'not judged:')} ${line(reason)}`));
  return lines.map(text => `${text}\n`).join('');
}

function entryLines(entry: Entry, paint: Paint): string[] {
  const { cause, modes, modeCount, calls, callCount, knownCount, condition, exception } = entry;
  const lines = [`  ${paint('code', line(causeTitle(cause)))} (${cause.action})`];
  const add = (label: string, text: string | undefined): void => {
    if (text !== undefined && text !== '') lines.push(`      ${paint('label', label.padEnd(7))} ${line(text)}`);
  };
  add('at', causeWhere(cause));
  modes.forEach(mode => add('accepts', modeText(mode)));
  add('accepts', moreText(modes.length, modeCount, 'workload port'));
  calls.forEach(call => add('call', callText(call)));
  add('call', moreText(calls.length, callCount, 'call', knownCount));
  add('if', condition);
  add('because', causeText(cause));
  add('reason', exception && exceptionText(exception));
  return lines;
}
