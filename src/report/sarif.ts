import { createHash } from 'crypto';
import { CheckReport, Unread } from './check-report';
import { block, escaped } from './markdown-text';
import { oneLine } from './text';
import { dedent } from '../rules/dedent';
import { Finding, FindingPlace, Severity } from '../rules/finding';
import { Rule } from '../rules/rule';

const LEVELS = { [Severity.ERROR]: 'error', [Severity.WARNING]: 'warning', [Severity.INFO]: 'note' };

/** The name under which the fingerprints stand; it changes when they are made in another way. */
const FINGERPRINT = 'cdk8sIstioMtls/v1';

/** A check as a SARIF 2.1.0 log, for code scanning. */
export function checkSarif(report: CheckReport, rules: readonly Rule[], version: string): string {
  const indexes = new Map(rules.map((rule, i) => [rule.code, i]));
  const fingerprints = fingerprintsOf(report);
  return `${JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'cdk8s-istio-mtls', version, rules: rules.map(ruleOf) } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder in which the check was run.' } } },
      invocations: [{
        executionSuccessful: report.unread.length === 0,
        toolExecutionNotifications: [
          ...report.unread.map(one => ({ level: 'error', message: { text: one.message }, locations: [{ physicalLocation: physical(report, one) }] })),
          ...report.summary.notJudged.map(reason => ({ level: 'note', message: { text: `Not judged: ${oneLine(reason)}.` } })),
        ],
      }],
      results: report.findings.map((finding, i) => ({
        ruleId: finding.code,
        ruleIndex: indexes.get(finding.code),
        level: LEVELS[finding.severity],
        message: { text: message(finding) },
        locations: [location(report, finding.at)],
        ...finding.see.length === 0 ? {} : {
          relatedLocations: finding.see.map((place, id) => ({ id: id + 1, ...location(report, place), message: { text: oneLine(place.object) } })),
        },
        partialFingerprints: { [FINGERPRINT]: fingerprints[i] },
        ...finding.acknowledged === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: finding.acknowledged }] },
      })),
    }],
  }, null, 2)}\n`;
}

function ruleOf(rule: Rule): object {
  return {
    id: rule.code,
    name: rule.name,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why}\n\n${rule.fix}`, markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { 'tags': ['security', 'istio', 'mtls'], 'problem.severity': rule.severity === Severity.INFO ? 'recommendation' : rule.severity },
  };
}

function helpMarkdown({ why, fix, examples, references }: Rule): string {
  return [
    escaped(why),
    `**Fix** ${escaped(fix)}`,
    '**Wrong**',
    block('yaml', dedent(examples.invalid)),
    '**Right**',
    block('yaml', dedent(examples.fixed)),
    references.map(({ title, where }) => `- ${escaped(title)}: ${/^https:/.test(where) ? `<${where}>` : escaped(where)}`).join('\n'),
  ].join('\n\n');
}

function message({ what, condition, fix, calls, callCount }: Finding): string {
  return [
    what,
    ...condition === undefined ? [] : [`If: ${condition}`],
    ...calls.length === 0 ? [] : [`Calls: ${calls.join(', ')}${callCount > calls.length ? ` and ${callCount - calls.length} more` : ''}`],
    `Fix: ${fix}`,
  ].join('\n\n');
}

function location(report: CheckReport, { place, line, column, object, field }: FindingPlace): object {
  const file = { file: place, line, column };
  return {
    physicalLocation: physical(report, file),
    logicalLocations: [{ fullyQualifiedName: field === undefined ? object : `${object} ${field}`, kind: 'resource' }],
  };
}

function physical(report: CheckReport, { file, line, column }: Pick<Unread, 'file' | 'line' | 'column'>): object {
  const reference = report.fileOf(file);
  return {
    // The standard input has no address; readers get its name, and the lines in it.
    artifactLocation: reference === undefined ? { description: { text: 'standard input' }, uri: 'stdin' }
      : { uri: reference.uri, ...reference.isRelative ? { uriBaseId: '%SRCROOT%' } : {} },
    ...line === undefined ? {} : { region: { startLine: line, ...column === undefined ? {} : { startColumn: column } } },
  };
}

/**
 * What stays when lines move and values change: the rule, the file, the object and
 * the field. Findings that have all of them in common are numbered.
 */
function fingerprintsOf({ findings, fileOf }: CheckReport): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, at }) => {
    const key = [code, fileOf(at.place)?.path ?? '', at.object, at.field ?? ''].join('\0');
    const number = seen.get(key) ?? 0;
    seen.set(key, number + 1);
    return createHash('sha256').update(`${key}\0${number}`).digest('hex').slice(0, 32);
  });
}
