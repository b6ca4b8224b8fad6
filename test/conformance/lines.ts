import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The lines of a file that have something in them; the file may be compressed whatever its name is. */
export function readLines(file: string): string[] {
  const bytes = readFileSync(file);
  const compressed = bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (compressed ? gunzipSync(bytes) : bytes).toString('utf8').split(/\r?\n/).filter(line => line.trim() !== '');
}
