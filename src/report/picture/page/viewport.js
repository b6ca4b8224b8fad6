/* Moving and zooming the graph. d3-zoom follows wheel, mouse and fingers; what stands here is when, and how far. */
import { select } from 'd3-selection';
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom';

/** @type {[least: number, most: number]} */
const SCALES = [0.02, 2.5];
/** Names of workloads cannot be read below it. */
const READABLE = 0.5;
/** By how much a wheel zooms whose way comes as pixels, as lines or as pages. */
const WHEEL = [0.005, 0.1, 1];

export class Viewport {
  /**
   * @param {SVGSVGElement} stage
   * @param {SVGGElement} root
   */
  constructor(stage, root) {
    this.stage = select(stage);
    this.root = select(root);
    /** All that is drawn: lines can go around the boxes. */
    this.size = root.getBBox();
    /** Whether somebody has moved or zoomed; else the graph fits itself into a window of any size. */
    this.isMoved = false;
    /** The size of the stage. It is kept: to ask for it after a change would have everything laid out twice. */
    this.screen = { width: 0, height: 0 };
    /** @type {import('d3-zoom').ZoomBehavior<SVGSVGElement, unknown>} */
    this.zooming = zoom();
    this.zooming.scaleExtent(SCALES).clickDistance(4)
      .extent(() => [[0, 0], [this.screen.width, this.screen.height]])
      .wheelDelta(event => -event.deltaY * WHEEL[event.deltaMode])
      .filter(isForGraph)
      .on('zoom', ({ sourceEvent }) => {
        // Whatever somebody does has an event; what the page does by itself has none.
        if (sourceEvent !== null) this.isMoved = true;
        this.show();
      });
    this.stage.call(this.zooming).on('dblclick.zoom', null);
    new ResizeObserver(() => {
      this.measure();
      if (!this.isMoved) this.fit();
    }).observe(stage);
  }

  measure() {
    const { clientWidth: width, clientHeight: height } = /** @type {SVGSVGElement} */ (this.stage.node());
    this.screen = { width, height };
  }

  /**
   * The whole graph, or a part of it, not larger than it is.
   * @param {{ x: number, y: number, width: number, height: number }} [part]
   */
  fit(part) {
    const { width: wide, height: tall } = this.screen;
    if (wide === 0) return;
    const { x, y, width, height } = part ?? this.size;
    // Around a part there is room for where its lines lead.
    const room = part === undefined ? 24 : Math.min(wide, tall) / 3;
    const scale = Math.max(SCALES[0], Math.min(1.1, (wide - room) / width, (tall - room) / height));
    const place = zoomIdentity.translate(wide / 2, tall / 2).scale(scale).translate(-x - width / 2, -y - height / 2);
    this.stage.call(this.zooming.transform, place);
    this.isMoved = part !== undefined;
  }

  /** @param {number} factor */
  zoom(factor) {
    this.stage.call(this.zooming.scaleBy, factor);
    this.isMoved = true;
  }

  /**
   * Moves the graph as little as makes a place of it visible.
   * @param {number} x
   * @param {number} y
   */
  reveal(x, y) {
    const margin = 90;
    const { k } = this.transform;
    const [left, top] = this.transform.apply([x, y]);
    const dx = Math.max(0, margin - left) + Math.min(0, this.screen.width - margin - left);
    const dy = Math.max(0, margin / 2 - top) + Math.min(0, this.screen.height - margin / 2 - top);
    // What is less than a pixel comes from rounding.
    if (Math.hypot(dx, dy) < 1) return;
    this.stage.call(this.zooming.translateBy, dx / k, dy / k);
    this.isMoved = true;
  }

  get transform() {
    return zoomTransform(/** @type {SVGSVGElement} */ (this.stage.node()));
  }

  show() {
    const { transform } = this;
    this.root.attr('transform', String(transform));
    this.stage.classed('far', transform.k < READABLE);
    this.titles(Math.min(90, Math.max(14, 11 / transform.k)));
  }

  /**
   * The titles of the boxes can be read from afar too. The size is set where it counts: a change of the stage's own style would reach all that is in it.
   * @param {number} size
   */
  titles(size) {
    this.root.select('.boxes').style('font-size', `${size}px`);
  }

  /** The whole graph, however large the paper makes it. */
  print() {
    const { x, y, width, height } = this.size;
    this.stage.attr('viewBox', `${x - 4} ${y - 4} ${width + 8} ${height + 8}`);
    this.stage.classed('far', false); // Paper is sharper than a screen.
    this.root.attr('transform', null);
    this.isMoved = true; // What the paper makes of the size is none of the screen's.
    this.titles(15);
  }

  endPrint() {
    this.stage.attr('viewBox', null);
    this.fit();
  }
}

/**
 * The wheel alone scrolls the page, and so does one finger; two fingers move and zoom.
 * @param {WheelEvent | MouseEvent | TouchEvent} event
 */
function isForGraph(event) {
  if (event.type === 'wheel') return event.ctrlKey || event.metaKey;
  return 'touches' in event ? event.touches.length > 1 : event.button === 0 && !event.ctrlKey;
}
