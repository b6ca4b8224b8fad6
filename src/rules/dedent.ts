/** A text without the indentation that all of its lines share, so that examples can be indented as the code around them. */
export function dedent(text: string): string {
  const lines = text.split('\n').filter((line, i, all) => line.trim() !== '' || (i > 0 && i < all.length - 1));
  const shared = Math.min(...lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length));
  return lines.map(line => line.slice(shared).trimEnd()).join('\n');
}
