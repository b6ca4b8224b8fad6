/* Moving and zooming the graph. */

const MIN_SCALE = 0.02;
const MAX_SCALE = 2.5;
/** Names of workloads cannot be read below it. */
const READABLE = 0.5;

class Viewport {
  /**
   * @param {SVGSVGElement} stage
   * @param {SVGGElement} root
   */
  constructor(stage, root) {
    this.stage = stage;
    this.root = root;
    /** All that is drawn: lines can go around the boxes. */
    this.size = root.getBBox();
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    stage.addEventListener('wheel', event => {
      if (!event.ctrlKey && !event.metaKey) return; // The page scrolls.
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
    }, { passive: false });
    stage.addEventListener('pointerdown', event => this.drag(event));
    /** Whether somebody has moved or zoomed; else the graph fits itself into a window of any size. */
    this.isMoved = false;
    /** The size of the stage. It is kept: to ask for it after a change would have everything laid out twice. */
    this.screen = { width: 0, height: 0 };
    new ResizeObserver(() => {
      this.measure();
      if (!this.isMoved) this.fit();
    }).observe(stage);
  }

  measure() {
    this.screen = { width: this.stage.clientWidth, height: this.stage.clientHeight };
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
    this.scale = Math.max(MIN_SCALE, Math.min(1.1, (wide - room) / width, (tall - room) / height));
    this.x = (wide - width * this.scale) / 2 - x * this.scale;
    this.y = (tall - height * this.scale) / 2 - y * this.scale;
    this.isMoved = part !== undefined;
    this.show();
  }

  /**
   * @param {number} factor
   * @param {number} [x] the point that stays where it is
   * @param {number} [y]
   */
  zoom(factor, x = this.screen.width / 2, y = this.screen.height / 2) {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.scale * factor));
    this.x = x - (x - this.x) * scale / this.scale;
    this.y = y - (y - this.y) * scale / this.scale;
    this.scale = scale;
    this.isMoved = true;
    this.show();
  }

  /**
   * Moves the graph as little as makes a place of it visible.
   * @param {number} x
   * @param {number} y
   */
  reveal(x, y) {
    const margin = 90;
    const [left, top] = [this.x + x * this.scale, this.y + y * this.scale];
    const dx = Math.max(0, margin - left) + Math.min(0, this.screen.width - margin - left);
    const dy = Math.max(0, margin / 2 - top) + Math.min(0, this.screen.height - margin / 2 - top);
    if (dx === 0 && dy === 0) return;
    this.x += dx;
    this.y += dy;
    this.isMoved = true;
    this.show();
  }

  show() {
    this.root.setAttribute('transform', `translate(${this.x} ${this.y}) scale(${this.scale})`);
    this.stage.style.setProperty('--scale', String(this.scale));
    this.stage.style.setProperty('--title', `${Math.min(90, Math.max(14, 11 / this.scale))}px`);
    this.stage.classList.toggle('far', this.scale < READABLE);
  }

  /** @param {PointerEvent} start */
  drag(start) {
    if (start.button !== 0) return;
    const from = { x: this.x - start.clientX, y: this.y - start.clientY };
    let isDragging = false;
    /** @param {PointerEvent} event */
    const move = event => {
      if (!isDragging && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 4) return;
      if (!isDragging) this.stage.setPointerCapture(start.pointerId);
      isDragging = true;
      this.stage.classList.add('dragging');
      this.x = from.x + event.clientX;
      this.y = from.y + event.clientY;
      this.isMoved = true;
      this.show();
    };
    const end = () => {
      this.stage.removeEventListener('pointermove', move);
      this.stage.classList.remove('dragging');
      // The click that ends the dragging chooses nothing.
      if (isDragging) this.stage.addEventListener('click', event => event.stopPropagation(), { capture: true, once: true });
    };
    this.stage.addEventListener('pointermove', move);
    this.stage.addEventListener('pointerup', end, { once: true });
    this.stage.addEventListener('pointercancel', end, { once: true });
  }
}
