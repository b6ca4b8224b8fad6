/** The names that a person may have meant, the nearest first; none when nothing is near. */
export function nearest(written: string, names: readonly string[], most = 3): string[] {
  const wanted = written.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .map(name => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .filter(one => one.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .filter((one, _, all) => one.distance === all[0].distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** `; did you mean X or Y?`, or nothing. */
export function didYouMean(written: string, names: readonly string[]): string {
  const found = nearest(written, names);
  return found.length === 0 ? '' : `; did you mean ${found.join(' or ')}?`;
}

/** How many characters have to be put in, left out or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
