import { paintFor } from './colour';
import { readInput } from './input';
import { PlanOptions } from './plan-options';
import { Progress } from './progress';
import { Terminal } from './terminal';
import { planMigration } from '../plan/plan';
import { planJson } from '../report/plan-json';
import { planMarkdown } from '../report/plan-markdown';
import { planText } from '../report/plan-text';
import { countsLine } from '../report/plan-words';
import { count } from '../report/text';

/** Runs `plan`; returns the exit code. */
export function plan(paths: readonly string[], options: PlanOptions, terminal: Terminal): number {
  const progress = new Progress(terminal);
  const { mesh, problems, files, contextObjects } = readInput(paths, options, terminal, progress);
  progress.at(() => `planning for ${count(mesh.objects.length, 'object')}`);
  const found = planMigration(mesh);
  progress.done();
  const print: { readonly [format in PlanOptions['format']]: () => string } = {
    text: () => {
      const context = contextObjects === 0 ? '' : ` (and ${count(contextObjects, 'object')} as context)`;
      const read = `${count(mesh.objects.length - contextObjects, 'object')} read from ${count(files, 'file')}${context}`;
      return `${planText(found, paintFor(terminal.isColoured))}${countsLine(found)}; ${read}\n`;
    },
    json: () => planJson(found, mesh.settings),
    markdown: () => planMarkdown(found),
  };
  terminal.out(print[options.format]());
  return problems.length === 0 ? 0 : 2;
}
