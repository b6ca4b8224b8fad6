/** Whether a place is a construct, or below it. */
export function isBelow(place: string, path: string): boolean {
  return place === path || place.startsWith(path === '' ? '' : `${path}/`);
}
