import { existsSync } from 'fs';
import { paintFor } from './colour';
import { DiffOptions } from './diff-options';
import { Input, readInput } from './input';
import { Progress } from './progress';
import { Terminal, UsageError } from './terminal';
import { GitError, readRevision, revisionPath } from '../collect/git';
import { ManifestOptions, Manifests, readManifests } from '../collect/manifests';
import { postureDiff } from '../posture/posture-diff';
import { DiffReport } from '../report/diff';
import { diffJson } from '../report/diff-json';
import { diffMarkdown } from '../report/diff-markdown';
import { diffText } from '../report/diff-text';
import { notJudged } from '../report/not-judged';
import { count } from '../report/text';

/** Runs `diff`; returns the exit code. */
export function diff(before: string, after: string, options: DiffOptions, terminal: Terminal): number {
  if (before === '-' || after === '-') {
    throw new UsageError('diff does not read standard input; name two folders or files, or revisions as in main:deploy');
  }
  const progress = new Progress(terminal);
  const [from, to] = [before, after].map(side => readInput([side], options, terminal, progress, readSide));
  progress.at(() => `comparing ${count(from.mesh.objects.length, 'object')} with ${to.mesh.objects.length}`);
  const entries = postureDiff(from.mesh, to.mesh);
  progress.done();
  const problems = from.problems.length + to.problems.length;
  const report: DiffReport = {
    before,
    after,
    entries,
    objects: [judged(from), judged(to)],
    notJudged: [
      ...problems === 0 ? [] : [`${count(problems, 'part')} of the input, because ${problems === 1 ? 'it' : 'they'} could not be read`],
      ...new Set([...notJudged(from.mesh), ...notJudged(to.mesh)]),
    ],
  };
  const print: { readonly [format in DiffOptions['format']]: () => string } = {
    text: () => diffText(report, paintFor(terminal.isColoured)),
    json: () => diffJson(report),
    markdown: () => diffMarkdown(report),
  };
  terminal.out(print[options.format]());
  const isAllowed = (exception: unknown): boolean => options.allowReasons === true && exception !== undefined;
  const fails = entries.some(({ change, exception }) => options.failOn.includes(change) && !isAllowed(exception));
  return problems > 0 ? 2 : fails ? 1 : 0;
}

/** What is on disk is read from there, even if its name has a colon. */
function readSide([side]: readonly string[], reading: ManifestOptions): Manifests {
  const at = existsSync(side) ? undefined : revisionPath(side);
  if (at === undefined) return readManifests([side], reading);
  try {
    return readRevision(at);
  } catch (error) {
    throw error instanceof GitError ? new UsageError(error.message) : error;
  }
}

function judged({ mesh, contextObjects }: Input): number {
  return mesh.objects.length - contextObjects;
}
