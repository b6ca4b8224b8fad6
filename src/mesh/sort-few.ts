const FEW = 16;

/** Sorts a list in place. `sort` of the language sets up more for two elements than they are worth, and most lists that compete have two. */
export function sortFew<T>(list: T[], compare: (a: T, b: T) => number): T[] {
  if (list.length > FEW) return list.sort(compare);
  for (let i = 1; i < list.length; i++) {
    const one = list[i];
    let place = i;
    for (; place > 0 && compare(list[place - 1], one) > 0; place--) list[place] = list[place - 1];
    list[place] = one;
  }
  return list;
}
