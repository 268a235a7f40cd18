/// <reference lib="dom" />
import type { At, Drawable, Range } from "../protocol.ts";
import { type ContourPlot, contourPlot, fieldValues } from "./contour-plot.ts";
import { type CurvePlot, curvePlot, curveValues } from "./curve-plot.ts";
import { ask } from "./engine.ts";
import { short } from "./frame.ts";
import type { State } from "./link.ts";

/** Who is told of what happens in the picture. */
interface Listener {
  failed(message: string): void;
  moved(): void;
}

type Axis = "x" | "y";

/** The picture of a function, with a point that can be moved and ranges that can be changed. */
export class Picture {
  x: Range = [-1, 1];
  y: Range = [-1, 1];
  point: readonly number[] = [0];
  readonly #slider = document.querySelector("#plot") as HTMLElement;
  readonly #svg = document.querySelector("#plot svg") as SVGSVGElement;
  readonly #values = document.querySelector("#values") as HTMLOutputElement;
  readonly #fields: Record<Axis, HTMLFieldSetElement> = {
    x: document.querySelector("#range-x") as HTMLFieldSetElement,
    y: document.querySelector("#range-y") as HTMLFieldSetElement,
  };
  #drawable: Drawable | undefined;
  #plot: CurvePlot | ContourPlot | undefined;
  #isAsking = false;
  #isStale = false;

  constructor(private readonly listener: Listener) {
    const slider = this.#slider;
    slider.addEventListener("pointerdown", (event) => {
      slider.setPointerCapture(event.pointerId);
      this.#moveTo(this.#placeAt(event));
    });
    slider.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) this.#moveTo(this.#placeAt(event));
    });
    slider.addEventListener("keydown", (event) => this.#key(event));
    slider.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.#zoom(Math.exp(event.deltaY / 400), this.#placeAt(event));
      },
      { passive: false },
    );
    for (const axis of ["x", "y"] as const)
      this.#fields[axis].addEventListener("change", () => this.#readRange(axis));
    new ResizeObserver(() => this.#again()).observe(slider);
  }

  /** What is to be seen of the next function that is drawn. */
  look({ x, y, point }: Pick<State, "x" | "y" | "point">): void {
    [this.x, this.y, this.point] = [x, y, point];
    this.#drawable = this.#plot = undefined;
  }

  clear(message: string): void {
    this.#drawable = this.#plot = undefined;
    const { width, height } = this.#svg.getBoundingClientRect();
    this.#svg.innerHTML = `<text class="message" x="${width / 2}" y="${height / 2}" text-anchor="middle">${message}</text>`;
    this.#values.replaceChildren();
  }

  /** Draws a function; gives whether that went well. */
  async draw(drawable: Drawable): Promise<boolean> {
    this.#drawable = drawable;
    const [px = mid(this.x), py = mid(this.y)] = this.point;
    this.point = drawable.dimension === 1 ? [px] : [px, py];
    this.#showRanges();
    return this.#again();
  }

  async #again(): Promise<boolean> {
    const drawable = this.#drawable;
    const { width, height } = this.#svg.getBoundingClientRect();
    if (drawable === undefined || width === 0) return false;
    const { name, dimension } = drawable;
    const [x, y] = [this.x, this.y];
    try {
      const plot =
        dimension === 1
          ? curvePlot(await ask("curve", { name, range: x }), x, width, height)
          : contourPlot(await ask("field", { name, x, y }), x, y, width, height);
      // Another function, or another part of it, has been asked for since.
      if (drawable !== this.#drawable || x !== this.x || y !== this.y) return false;
      this.#plot = plot;
      this.#svg.innerHTML = `${plot.svg}<g id="over"></g>`;
      this.#slider.dataset.function = name;
      return await this.#showPoint();
    } catch (error) {
      if (drawable === this.#drawable) this.#fail(error);
      return false;
    }
  }

  /** Shows where the point is; while it is dragged, the last place alone. */
  async #showPoint(): Promise<boolean> {
    if (this.#isAsking) {
      this.#isStale = true;
      return true;
    }
    this.#isAsking = true;
    let isShown = false;
    do {
      this.#isStale = false;
      isShown = await this.#askForPoint();
    } while (this.#isStale);
    this.#isAsking = false;
    return isShown;
  }

  async #askForPoint(): Promise<boolean> {
    const [drawable, plot, point] = [this.#drawable, this.#plot, this.point];
    if (drawable === undefined || plot === undefined) return false;
    try {
      const at = await ask("at", { name: drawable.name, point, x: this.x, y: this.y });
      if (plot === this.#plot) this.#put(plot, at, point);
      return true;
    } catch (error) {
      // What is drawn by now may be another function.
      if (plot === this.#plot) this.#fail(error);
      return false;
    }
  }

  #put(plot: CurvePlot | ContourPlot, at: At, point: readonly number[]): void {
    const over = this.#svg.querySelector("#over");
    if (over === null) return;
    const isField = "y" in plot;
    over.innerHTML = isField ? plot.over(at, point) : plot.over(at, point[0]);
    const values = isField ? fieldValues(at, point) : curveValues(at, point[0]);
    this.#values.replaceChildren(...values.map(entry));
    this.#slider.setAttribute("aria-valuenow", String(point[0]));
    this.#slider.setAttribute(
      "aria-valuetext",
      values.map(([name, text]) => `${name} ${text}`).join(", "),
    );
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.clear("There is nothing to draw.");
    this.listener.failed(message);
  }

  // ---- pointer and keys

  #placeAt({ clientX, clientY }: MouseEvent): number[] {
    const { left, top } = this.#svg.getBoundingClientRect();
    const plot = this.#plot;
    if (plot === undefined) return [...this.point];
    const x = inside(this.x, plot.x.invert(clientX - left));
    return "y" in plot ? [x, inside(this.y, plot.y.invert(clientY - top))] : [x];
  }

  #moveTo(point: readonly number[]): void {
    if (this.#plot === undefined) return;
    this.point = point.map((at, i) => rounded(at, i === 0 ? this.x : this.y));
    this.#showPoint();
    this.listener.moved();
  }

  #key(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const step = shiftKey ? 1 / 20 : 1 / 200;
    const [dx, dy] =
      key === "ArrowLeft"
        ? [-step, 0]
        : key === "ArrowRight"
          ? [step, 0]
          : key === "ArrowUp"
            ? [0, step]
            : key === "ArrowDown"
              ? [0, -step]
              : [0, 0];
    if (key === "+" || key === "=") this.#zoom(1 / 1.25, this.point);
    else if (key === "-" || key === "−") this.#zoom(1.25, this.point);
    else if (dx === 0 && dy === 0) return;
    else {
      const [x, y] = this.point;
      const to = inside(this.x, x + dx * span(this.x));
      this.#moveTo(y === undefined ? [to] : [to, inside(this.y, y + dy * span(this.y))]);
    }
    event.preventDefault();
  }

  // ---- ranges

  #zoom(factor: number, [x, y]: readonly number[]): void {
    if (this.#plot === undefined) return;
    this.x = zoomed(this.x, factor, x);
    if (y !== undefined) this.y = zoomed(this.y, factor, y);
    this.#showRanges();
    this.#again();
    this.listener.moved();
  }

  #readRange(axis: Axis): void {
    const [from, to] = [...this.#fields[axis].querySelectorAll("input")].map(({ value }) =>
      Number(value.replace("−", "-").replace(",", ".")),
    );
    if (Number.isFinite(from) && Number.isFinite(to) && from < to) {
      this[axis] = [from, to];
      this.point = this.point.map((at, i) => inside(i === 0 ? this.x : this.y, at));
      this.#again();
      this.listener.moved();
    }
    this.#showRanges();
  }

  #showRanges(): void {
    this.#fields.y.hidden = this.#drawable?.dimension !== 2;
    for (const axis of ["x", "y"] as const)
      this.#fields[axis].querySelectorAll("input").forEach((input, i) => {
        input.value = short(this[axis][i]);
      });
    this.#slider.setAttribute("aria-valuemin", String(this.x[0]));
    this.#slider.setAttribute("aria-valuemax", String(this.x[1]));
  }
}

const mid = ([from, to]: Range): number => (from + to) / 2;
const span = ([from, to]: Range): number => to - from;
const inside = ([from, to]: Range, at: number): number => Math.min(to, Math.max(from, at));

/** To a thousandth of the range: nobody points more exactly. */
function rounded(at: number, range: Range): number {
  const digits = Math.min(100, Math.max(0, Math.ceil(3 - Math.log10(span(range)))));
  return Number(at.toFixed(digits));
}

const zoomed = (range: Range, factor: number, about: number): Range => {
  const [from, to] = range.map((end) => about + (end - about) * factor);
  const zoomed: Range = [rounded(from, [from, to]), rounded(to, [from, to])];
  return span(zoomed) > 1e-9 && span(zoomed) < 1e9 ? zoomed : range;
};

function entry([name, text, colour]: [string, string, string]): HTMLElement {
  const span = document.createElement("span");
  const label = document.createElement("i");
  label.textContent = `${name} `;
  const number = document.createElement("b");
  Object.assign(number, { textContent: text });
  number.style.cssText = `color: ${colour}; font-weight: 600`;
  span.append(label, number);
  return span;
}
