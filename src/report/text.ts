import { Paint, PLAIN } from './paint';
import { Finding, FindingPlace } from '../rules/finding';

/**
 * A finding as a terminal shows it: the first line stands alone, labelled lines
 * follow, indented by six spaces.
 */
export function findingText(finding: Finding, paint: Paint = PLAIN): string {
  const lines = [`${paint(finding.severity, finding.severity)} ${paint('code', finding.code)} ${finding.name}`];
  const add = (label: string, text: string) =>
    lines.push(`    ${paint('label', label.padEnd(5))} ${clean(text).split('\n').join(`\n${' '.repeat(10)}`)}`);
  add('at', placeText(finding.at));
  finding.see.slice(0, MAX_PLACES).forEach(place => add('see', placeText(place)));
  if (finding.see.length > MAX_PLACES) {
    add('see', `and ${finding.see.length - MAX_PLACES} more object${finding.see.length === MAX_PLACES + 1 ? '' : 's'}`);
  }
  finding.calls.forEach(call => add('see', call));
  if (finding.callCount > finding.calls.length) {
    const more = finding.callCount - finding.calls.length;
    add('see', `and ${more} more call${more === 1 ? '' : 's'}`);
  }
  add('what', finding.what);
  if (finding.condition !== undefined) {
    add('if', finding.condition);
  }
  add('why', finding.why);
  add('fix', finding.fix);
  if (finding.acknowledged !== undefined) {
    add('ack', finding.acknowledged);
  }
  add('docs', finding.docs);
  return lines.join('\n');
}

/** So many related objects are named; a rule for a whole mesh can concern hundreds. */
const MAX_PLACES = 5;

function placeText(place: FindingPlace): string {
  return `${positionText(place)}  (${objectText(place)})`;
}

/** The file with line and column, as `dr.yaml:3:5`; the path of a construct as it is. */
export function positionText({ place, line, column }: FindingPlace): string {
  return line === undefined ? place : `${place}:${line}:${column ?? 1}`;
}

/** The object and the field, as `DestinationRule shop/web, spec.host`. */
export function objectText({ object, field }: FindingPlace): string {
  return field ? `${object}, ${field}` : object;
}

/** How many of something: `1 error`, `2 errors`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The same on one line, for names that could bring lines of their own. */
export function oneLine(text: string): string {
  return clean(text).replace(/\n/g, '\\u000a');
}

/**
 * Replaces what a terminal would act on. Names come from manifests of others:
 * escape sequences, carriage returns and bidirectional controls must not reach the screen.
 */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
