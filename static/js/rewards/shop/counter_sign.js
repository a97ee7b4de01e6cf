// Signing with a finger: a canvas that draws smooth strokes and gives them as a PNG, black on white.

const INK = 2.6; // CSS pixels

export class SignaturePad extends EventTarget {
  constructor(canvas) {
    super();
    this.canvas = canvas;
    this.strokes = [];
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.go(event));
    for (const kind of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(kind, () => this.end());
    new ResizeObserver(() => this.redraw()).observe(canvas);
  }

  get empty() {
    return !this.strokes.some((stroke) => stroke.length > 2);
  }

  clear() {
    this.strokes = [];
    this.current = null;
    this.redraw();
    this.dispatchEvent(new Event("change"));
  }

  // Base64 of the PNG, without its prefix.
  png() {
    return this.canvas.toDataURL("image/png").split(",")[1];
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.current = [this.spot(event)];
    this.strokes.push(this.current);
  }

  go(event) {
    if (!this.current) return;
    event.preventDefault();
    this.current.push(this.spot(event));
    this.redraw();
  }

  end() {
    if (!this.current) return;
    this.current = null;
    this.dispatchEvent(new Event("change"));
  }

  // Positions as parts of the canvas, so that turning the phone keeps the signature.
  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  redraw() {
    const { canvas } = this;
    const scale = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, width, height);
    Object.assign(brush, { strokeStyle: "#000", lineWidth: INK * scale, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) trace(brush, stroke.map(([x, y]) => [x * width, y * height]));
  }
}

// Curves through the middles of neighbouring points.
function trace(brush, points) {
  brush.beginPath();
  brush.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i += 1) {
    const [x, y] = points[i];
    const [nextX, nextY] = points[i + 1];
    brush.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  brush.lineTo(...points[points.length - 1]);
  brush.stroke();
}
