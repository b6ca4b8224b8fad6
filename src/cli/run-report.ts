import { writeFileSync } from 'fs';
import { readInput } from './input';
import { Progress } from './progress';
import { ReportOptions } from './report-options';
import { Terminal, UsageError } from './terminal';
import { pictureOf } from '../report/picture/picture';
import { drawPicture, formatOfFile, PICTURE_ENDINGS, PictureFormat } from '../report/picture/write';
import { count } from '../report/text';
import { RULES } from '../rules';
import { runRules } from '../rules/run';

/** Runs `report`; returns the exit code. */
export function report(paths: readonly string[], options: ReportOptions, terminal: Terminal): number {
  const { out = '-' } = options;
  const format = options.format ?? inferred(out);
  const progress = new Progress(terminal);
  const { mesh, sources, problems } = readInput(paths, options, terminal, progress);
  progress.at(() => `judging ${count(mesh.objects.length, 'object')}`);
  const findings = runRules(mesh, RULES, { today: options.today ?? new Date().toISOString().slice(0, 10), sources });
  progress.at(() => `following the calls of ${count(mesh.model.inventory.workloads.length, 'workload')}`);
  const unread = problems.length === 0 ? [] : [`${count(problems.length, 'part')} of the input, because ${problems.length === 1 ? 'it' : 'they'} could not be read`];
  const picture = pictureOf(mesh, sources, findings, unread);
  progress.at(() => `drawing ${count(picture.calls.length, 'call')}`);
  const text = drawPicture(picture, format);
  progress.done();
  if (out === '-') terminal.out(text);
  else write(out, text);
  return problems.length === 0 ? 0 : 2;
}

function inferred(out: string): PictureFormat {
  if (out === '-') throw new UsageError('name the format of the report with --format, or a file with --out');
  const format = formatOfFile(out);
  if (format === undefined) throw new UsageError(`the ending of ${JSON.stringify(out)} names no format; allowed are ${PICTURE_ENDINGS.join(', ')}, or name one with --format`);
  return format;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === 'ENOENT' ? 'its folder does not exist; create it before' : code === 'EISDIR' ? 'it is a folder; name a file' : String(code);
    throw new UsageError(`${JSON.stringify(file)} cannot be written: ${why}`);
  }
}
