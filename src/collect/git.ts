import { execFileSync } from 'child_process';
import { posix } from 'path';
import { isManifestFolder, isManifestName } from './files';
import { Manifests, readManifestBytes } from './manifests';

/** A revision or a path that git does not know; one line for the user. */
export class GitError extends Error {}

/** A path in a revision, as git writes it: `main:deploy`, `HEAD~1:./deploy`. */
export interface RevisionPath {
  readonly revision: string;
  /** From the top of the repository, or, where it begins with `./` or `../`, from the working directory. */
  readonly path: string;
}

/** What a person writes as `REV:path`; undefined for anything else. A path may hold colons, a revision cannot. */
export function revisionPath(text: string): RevisionPath | undefined {
  const match = /^([^:]+):(.*)$/s.exec(text);
  return match === null ? undefined : { revision: match[1], path: match[2] };
}

const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * The Kubernetes objects in a folder or a file as it was in a git revision.
 *
 * git is asked for the objects of the revision, so that neither the working tree
 * nor the index is touched. It is run as a program of its own and never through a
 * shell. As in a folder on disk, the YAML and JSON files count, without
 * `node_modules` and folders that begin with a dot.
 */
export function readRevision(at: RevisionPath): Manifests {
  const { revision, path } = at;
  const commit = identify(`${revision}^{commit}`) ?? identify(`${revision}^{tree}`);
  if (commit === undefined) {
    throw new GitError(`git knows no revision ${JSON.stringify(revision)}; check its name, and fetch it where it is on a remote`);
  }
  const fromTop = pathFromTop(path);
  const object = identify(`${commit}:${fromTop}`);
  if (object === undefined) {
    throw new GitError(`there is no ${JSON.stringify(path)} in revision ${JSON.stringify(revision)}; paths count from the top of the repository, or from here with "./"`);
  }
  const isFolder = git(['cat-file', '-t', object]).toString('utf8').trim() === 'tree';
  const prefix = `${revision}:${path}`;
  if (!isFolder) return readManifestBytes([{ name: prefix, bytes: git(['cat-file', 'blob', object]) }]);
  const files = filesIn(object);
  const contents = contentsOf(`${commit}:${fromTop === '' ? '' : `${fromTop}/`}`, files);
  const slash = path === '' || path.endsWith('/') ? '' : '/';
  return readManifestBytes(files.flatMap(({ name }, i) => {
    const bytes = contents[i];
    return bytes === undefined ? [] : [{ name: `${prefix}${slash}${name}`, bytes }];
  }));
}

/** A path as git's objects have it. */
function pathFromTop(path: string): string {
  const here = /^\.\.?(\/|$)/.test(path) ? git(['rev-parse', '--show-prefix']).toString('utf8').replace(/\n$/, '') : '';
  const fromTop = posix.normalize(`${here}${path}`).replace(/\/+$/, '');
  return fromTop === '.' ? '' : fromTop;
}

interface TreeFile {
  /** From the folder. */
  readonly name: string;
  readonly id: string;
  readonly isLink: boolean;
}

/** The manifests of a folder, in an order that does not depend on git's settings. */
function filesIn(tree: string): TreeFile[] {
  return git(['ls-tree', '-r', '-z', '--full-tree', tree]).toString('utf8').split('\0').flatMap((entry): TreeFile[] => {
    const match = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(entry);
    if (match === null) return [];
    const [, mode, id, name] = match;
    const steps = name.split('/');
    const isRead = isManifestName(name) && steps.slice(0, -1).every(isManifestFolder);
    return isRead ? [{ name, id, isLink: mode === '120000' }] : [];
  }).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** What the files hold; undefined for links that lead to no file of the revision. */
function contentsOf(prefix: string, files: readonly TreeFile[]): (Buffer | undefined)[] {
  if (files.length === 0) return [];
  // Each line of the question asks for one object. A name could hold a line of its own, so that only links are asked for by name.
  const asked = files.map(({ name, id, isLink }) => isLink && !name.includes('\n') ? `${prefix}${name}` : id);
  const answer = git(['cat-file', '--batch', '--follow-symlinks'], `${asked.join('\n')}\n`);
  let offset = 0;
  return files.map(() => {
    const end = answer.indexOf('\n', offset);
    const head = answer.toString('utf8', offset, end);
    const [, kind, size] = /^(\S+) ?(?:blob |tree )?(\d+)?$/.exec(head) ?? [];
    offset = end + 1;
    if (size === undefined) return undefined;
    const bytes = answer.subarray(offset, offset + Number(size));
    offset += Number(size) + 1;
    return /^[0-9a-f]{40,}$/.test(kind) && head.includes(' blob ') ? bytes : undefined;
  });
}

/** The object that a name stands for; undefined where there is none. */
function identify(name: string): string | undefined {
  try {
    return git(['rev-parse', '--verify', '--quiet', '--end-of-options', name]).toString('utf8').trim() || undefined;
  } catch (error) {
    if (error instanceof GitError) throw error;
    return undefined;
  }
}

function git(args: readonly string[], input?: string): Buffer {
  try {
    return execFileSync('git', args, { input, maxBuffer: MAX_BYTES, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === 'ENOENT') throw new GitError('git is not installed, or not in PATH; name folders instead of revisions');
    const text = stderr?.toString('utf8') ?? '';
    if (text.includes('not a git repository')) throw new GitError('this is not a git repository; name folders instead of revisions');
    if (text.includes('dubious ownership')) throw new GitError('git does not trust this repository, because somebody else owns it; see "safe.directory" in git help config');
    throw error;
  }
}
