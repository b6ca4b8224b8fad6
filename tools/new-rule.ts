import { existsSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ROOT, ruleFiles, ruleIndex } from './rule-files';

/* Starts a rule and its test: npm run new-rule -- 104 two-policies-match-workload */

function rule(code: string, name: string): string {
  return `import { Severity } from './finding';
import { Rule } from './rule';
import { Kinds } from '../mesh/kinds';

export const rule: Rule = {
  code: 'MTLS${code}',
  name: '${name}',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION],
  summary: '',
  why: '',
  fix: '',
  references: [],
  examples: {
    invalid: \`
    \`,
    fixed: \`
    \`,
    valid: \`
    \`,
  },
  check(context) {
    for (const object of context.ofKind(Kinds.PEER_AUTHENTICATION)) {
      context.report({ at: object, what: '' });
    }
  },
};
`;
}

function test(file: string): string {
  return `import { rule } from '../../src/rules/${file}';
import { testRule } from '../../src/testing/test-rule';

testRule(rule, {
  valid: [],
  invalid: [],
});
`;
}

function main([code, name, ...more]: readonly string[]): number {
  if (!/^\d{3}$/.test(code ?? '') || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '') || more.length > 0) {
    process.stderr.write('usage: npm run new-rule -- CODE NAME, for example: npm run new-rule -- 104 two-policies-match-workload\n');
    return 2;
  }
  const taken = ruleFiles().find(file => file.startsWith(`mtls${code}-`));
  if (taken) {
    process.stderr.write(`the code ${code} belongs to ${taken}; codes are never reused\n`);
    return 2;
  }
  const file = `mtls${code}-${name}`;
  for (const [path, text] of [[`src/rules/${file}.ts`, rule(code, name)], [`test/rules/${file}.test.ts`, test(file)]]) {
    if (!existsSync(join(ROOT, path))) {
      writeFileSync(join(ROOT, path), text);
      process.stdout.write(`wrote ${path}\n`);
    }
  }
  writeFileSync(join(ROOT, 'src/rules/index.ts'), ruleIndex(ruleFiles()));
  process.stdout.write('next: fill in the rule, list its cases in the test, and run `npx jest test/rules && npm run gen`\n');
  return 0;
}

process.exitCode = main(process.argv.slice(2));
