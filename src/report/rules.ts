import { Paint } from './paint';
import { findingText } from './text';
import { dedent } from '../rules/dedent';
import { Finding } from '../rules/finding';
import { docsOf, Rule } from '../rules/rule';

const WIDTH = 100;

/** A rule as a terminal shows it: what, why, fix, an example with the finding, its cure, and where to read on. */
export function ruleText(rule: Rule, findings: readonly Finding[], paint: Paint): string {
  const { code, name, severity, summary, why, fix, references, examples } = rule;
  const title = (text: string) => paint('label', text);
  return [
    `${paint('code', code)} ${name} (${paint(severity, severity)})`,
    '',
    ...labelled('what', summary, paint),
    ...labelled('why', why, paint),
    ...labelled('fix', fix, paint),
    '',
    title('Example:'),
    indented(dedent(examples.invalid)),
    '',
    title('The finding:'),
    ...findings.map(finding => indented(findingText(finding, paint))),
    '',
    title('Fixed:'),
    indented(dedent(examples.fixed)),
    '',
    title('Looks alike, and is healthy:'),
    indented(dedent(examples.valid)),
    '',
    title('References:'),
    ...references.map(({ title: text, where }) => `  ${text}: ${where}`),
    `  ${docsOf(rule)}`,
    '',
  ].join('\n');
}

/** Every rule on a line: code, severity, name and condition. */
export function ruleListText(rules: readonly Rule[], paint: Paint): string {
  const width = Math.max(...rules.map(({ name }) => name.length));
  return rules.map(({ code, severity, name, summary }) =>
    `${paint('code', code)}  ${paint(severity, severity.padEnd(7))}  ${name.padEnd(width)}  ${summary}\n`).join('');
}

function labelled(label: string, text: string, paint: Paint): string[] {
  const [first, ...more] = text.split('\n').flatMap(line => wrapped(line, WIDTH - 6));
  return [`${paint('label', label.padEnd(5))} ${first}`, ...more.map(line => `      ${line}`)];
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
