/** Longer values are left as they are: variables that hold each other could grow without end. */
const LONGEST = 8192;

/** Fills in `$(NAME)` as Kubernetes does; `$$` stands for `$`, and what is not known stays. */
export function fillIn(text: string, variables: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  let length = 0;
  const filled = text.replace(/\$\$|\$\(([^()\s]*)\)/g, (whole, name: string | undefined) => {
    const value = name === undefined ? '$' : variables.get(name) ?? whole;
    length += value.length;
    return length > LONGEST ? whole : value;
  });
  return filled;
}
