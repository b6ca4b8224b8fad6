import { UsageError } from './terminal';
import { didYouMean } from '../collect/nearest';
import { RULES } from '../rules';
import { Rule } from '../rules/rule';

/** The rule that a person means by its code, its name or its digits, in any case. */
export function ruleNamed(written: string): Rule {
  const wanted = written.trim().toLowerCase();
  const found = RULES.find(({ code, name }) => [code, code.slice('MTLS'.length), name].some(one => one.toLowerCase() === wanted));
  if (found === undefined) {
    const names = RULES.flatMap(({ code, name }) => [code, name]);
    throw new UsageError(`no rule ${JSON.stringify(written)}${didYouMean(written, names) || '; `explain --list` lists them'}`);
  }
  return found;
}
