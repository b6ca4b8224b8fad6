import { isUtf8 } from 'buffer';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'fs';
import { resolve } from 'path';
import { Place } from './place';
import { Problem } from './problem';

/** What reading files needs to know. */
export interface FileOptions {
  /** Gives what stands on the standard input, for the path `-`. By default it is read to its end. */
  readonly stdin?: () => string;
  /** A file that is larger is a problem. By default 100 MB. */
  readonly maxBytes?: number;
  /** Called with the name of each file before it is read. */
  readonly onProgress?: (file: string) => void;
  /** Asked about each file, by its absolute path, whether it is to be left out. */
  readonly isSkipped?: (path: string) => boolean;
}

/** The standard input, as messages name it. */
export const STDIN = '(stdin)';

const MAX_BYTES = 100 * 1024 * 1024;
const MANIFEST = /\.(ya?ml|json)$/i;

/**
 * Gives each file that paths stand for, once and in an order that does not
 * depend on the file system: folders stand for the YAML and JSON files in them,
 * without `node_modules` and folders that begin with a dot. As with kubectl,
 * links to folders are not followed.
 */
export function readFiles(paths: readonly string[], options: FileOptions, add: (place: Place) => void, fail: (problem: Problem) => void): void {
  new FileReader(options, add, fail).read(paths);
}

class FileReader {
  private readonly known = new Set<string>();
  private readonly maxBytes: number;

  constructor(
    private readonly options: FileOptions,
    private readonly add: (place: Place) => void,
    private readonly fail: (problem: Problem) => void,
  ) {
    this.maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  read(paths: readonly string[]): void {
    for (const path of paths) {
      this.attempt(path === '-' ? STDIN : path, () => path === '-' ? this.readStdin() : this.readPath(path));
    }
  }

  private readStdin(): void {
    if (this.isNew('-')) {
      this.options.onProgress?.(STDIN);
      if (this.options.stdin) {
        this.addText(STDIN, this.options.stdin());
      } else {
        this.readStream(STDIN, 0);
      }
    }
  }

  private readPath(path: string): void {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      this.readFolder(path);
    } else if (stats.isFile()) {
      this.readFile(path, stats.size);
    } else if (this.isNew(resolve(path))) {
      this.readPipe(path); // `<(helm template …)`
    }
  }

  private readFolder(folder: string): void {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const prefix = /[/\\]$/.test(folder) ? folder : `${folder}/`;
    for (const entry of entries) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        if (isManifestFolder(entry.name)) {
          this.attempt(path, () => this.readFolder(path));
        }
      } else if (isManifestName(entry.name) && (entry.isFile() || entry.isSymbolicLink())) {
        this.attempt(path, () => {
          const stats = statSync(path);
          if (stats.isFile()) {
            this.readFile(path, stats.size);
          }
        });
      }
    }
  }

  private readFile(path: string, bytes: number): void {
    const absolute = resolve(path);
    if (!this.isNew(absolute) || this.options.isSkipped?.(absolute) === true) {
      return;
    }
    this.options.onProgress?.(path);
    if (bytes > this.maxBytes) {
      this.fail({ file: path, message: this.tooLarge() });
      return;
    }
    const text = readFileSync(path, 'utf8');
    // A wrong byte is read as this character; the file may also hold the character itself, which is rare enough to look once more.
    if (text.includes('\ufffd')) {
      this.addBytes(path, readFileSync(path));
    } else {
      this.addText(path, text);
    }
  }

  private readPipe(path: string): void {
    this.options.onProgress?.(path);
    const descriptor = openSync(path, 'r');
    try {
      this.readStream(path, descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Reads to the end, or as far as the limit; the size of a pipe is not known before. */
  private readStream(name: string, descriptor: number): void {
    const parts: Buffer[] = [];
    for (let bytes = 0; ;) {
      const part = Buffer.allocUnsafe(64 * 1024);
      const count = readSome(descriptor, part);
      bytes += count;
      if (bytes > this.maxBytes) {
        this.fail({ file: name, message: this.tooLarge() });
        return;
      }
      if (count === 0) {
        this.addBytes(name, Buffer.concat(parts));
        return;
      }
      parts.push(part.subarray(0, count));
    }
  }

  private addBytes(name: string, bytes: Buffer): void {
    readBytes(name, bytes, this.add, this.fail);
  }

  private addText(name: string, text: string): void {
    readText(name, text, this.add, this.fail);
  }

  private tooLarge(): string {
    return `larger than ${Math.round(this.maxBytes / 1024 / 1024 * 10) / 10} MB; leave it out, or split it`;
  }

  private isNew(path: string): boolean {
    const isNew = !this.known.has(path);
    this.known.add(path);
    return isNew;
  }

  /** One file that cannot be read is a problem, and no reason to leave out the others. */
  private attempt(name: string, body: () => void): void {
    try {
      body();
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string') {
        throw error;
      }
      this.fail({ file: name, message: REASONS.get(code) ?? `cannot be read (${code}); check the path` });
    }
  }
}

/** Gives the text that bytes are, or says why they are none. */
export function readBytes(name: string, bytes: Buffer, add: (place: Place) => void, fail: (problem: Problem) => void): void {
  if (isUtf8(bytes)) {
    readText(name, bytes.toString('utf8'), add, fail);
  } else if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    fail({ file: name, message: 'this is UTF-16 text (PowerShell\'s ">" writes it); save it as UTF-8' });
  } else if (bytes.includes(0)) {
    fail({ file: name, message: BINARY });
  } else {
    fail({ file: name, line: lineOfBadByte(bytes), message: 'a character that is not UTF-8; save the file as UTF-8' });
  }
}

function readText(name: string, text: string, add: (place: Place) => void, fail: (problem: Problem) => void): void {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    fail({ file: name, ...new Place(name, text).position(nul), message: BINARY });
  } else {
    add(new Place(name, text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
  }
}

/** Whether a file in a folder is read, by its name. */
export function isManifestName(name: string): boolean {
  return MANIFEST.test(name);
}

/** Whether a folder in a folder is read, by its name. */
export function isManifestFolder(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.');
}

const BINARY = 'a binary file (it holds NUL bytes); give YAML or JSON text';

const REASONS = new Map([
  ['ENOENT', 'no such file or folder; check the path'],
  ['ENOTDIR', 'no such file or folder; check the path'],
  ['EACCES', 'no permission to read it; check its owner and mode'],
  ['EPERM', 'no permission to read it; check its owner and mode'],
  ['ELOOP', 'a link that leads to itself; correct the link'],
  ['ENAMETOOLONG', 'the path is too long; check it'],
]);

/** Reads some bytes, 0 at the end. A terminal or pipe that has nothing yet (EAGAIN) is asked again. */
function readSome(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'EOF') {
        return 0;
      }
      if (code !== 'EAGAIN') {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function lineOfBadByte(bytes: Buffer): number {
  const lines = bytes.toString('utf8').split('\n');
  return lines.findIndex(line => line.includes('\ufffd')) + 1;
}
