/* The lines of the graph: from which side of one node to which side of another, and around what stands in between. */
import { pathRound } from 'd3-path';

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** By how much a line may leave the straight way, the least first. */
const DETOURS = [0, 60, -60, 100, -100, 150, -150, 220, -220, 320, -320];

/**
 * From one node to another, around the others as long as one of the detours is free.
 * @param {Box} from
 * @param {Box} to
 * @param {readonly Box[]} others
 */
export function route(from, to, others) {
  const straight = curve(from, to, 0);
  for (const detour of others.length === 0 ? [] : DETOURS) {
    const line = detour === 0 ? straight : curve(from, to, detour);
    const isFree = !others.some(node => node !== from && node !== to && line.points.some(
      ({ x, y }) => x > node.x - 6 && x < node.x + node.width + 6 && y > node.y - 4 && y < node.y + node.height + 4));
    if (isFree) return line;
  }
  return straight;
}

/**
 * From the side of one node that faces the other to that other: the line, the point in its middle, and some points of it.
 * @param {Box} from
 * @param {Box} to
 * @param {number} detour how far the line goes to the side of the straight way
 */
function curve(from, to, detour) {
  const isRight = to.x >= from.x + from.width;
  const isLeft = to.x + to.width <= from.x;
  const isBelow = to.y > from.y;
  const middle = (/** @type {Box} */ box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const side = (/** @type {Box} */ box, /** @type {boolean} */ right) => right ? box.x + box.width : box.x;
  // Lines that leave a node do not lie on those that reach it.
  let start = { x: side(from, !isLeft), y: middle(from).y - 4 };
  let end = { x: side(to, isLeft), y: middle(to).y + 4 };
  let [one, two] = [start, end];
  if (isRight || isLeft) {
    const bend = Math.sign(end.x - start.x) * Math.max(28, Math.abs(end.x - start.x) / (detour === 0 ? 2 : 4));
    [one, two] = [{ x: start.x + bend, y: start.y + detour }, { x: end.x - bend, y: end.y + detour }];
  } else if (detour === 0) {
    start = { x: middle(from).x - 10, y: isBelow ? from.y + from.height : from.y };
    end = { x: middle(to).x + 10, y: isBelow ? to.y : to.y + to.height };
    const bend = Math.sign(end.y - start.y) * Math.max(14, Math.abs(end.y - start.y) / 2);
    [one, two] = [{ x: start.x, y: start.y + bend }, { x: end.x, y: end.y - bend }];
  } else {
    start.x = side(from, detour > 0);
    end.x = side(to, detour > 0);
    [one, two] = [{ x: start.x + detour, y: start.y }, { x: end.x + detour, y: end.y }];
  }
  const points = Array.from({ length: 23 }, (_, index) => {
    const t = (index + 1) / 24;
    const at = (/** @type {'x' | 'y'} */ axis) =>
      (1 - t) ** 3 * start[axis] + 3 * (1 - t) ** 2 * t * one[axis] + 3 * (1 - t) * t ** 2 * two[axis] + t ** 3 * end[axis];
    return { x: at('x'), y: at('y') };
  });
  const path = pathRound(1);
  path.moveTo(start.x, start.y);
  path.bezierCurveTo(one.x, one.y, two.x, two.y, end.x, end.y);
  return { path: path.toString(), ...points[11], points };
}
