/// <reference lib="dom" />
/** The page: an arm whose tool can be dragged. */
import { UR5 } from "../src/arm.ts";
import { pointingDown, target } from "../src/path.ts";
import { floor, line, onFloor, type Point, placeAt, project, skeleton } from "../src/picture.ts";
import { solve } from "../src/solve.ts";

const START = [0, -1, 1.5, -2, -1.5, 0];
const STEP = 0.02;

const picture = element("picture") as unknown as SVGSVGElement;
picture.tabIndex = 0;
const words = element("words");
let place = target(0).map((row) => row[3]);
let angles = solve(UR5, pointingDown(place), START).angles;

picture.addEventListener("pointerdown", (event) => {
  picture.setPointerCapture(event.pointerId);
  moveTo(placeAt(pointOf(event), place));
});
picture.addEventListener("pointermove", (event) => {
  if (event.buttons !== 0) {
    moveTo(placeAt(pointOf(event), place));
  }
});
picture.addEventListener("keydown", (event) => {
  const moved = byKey(event);
  if (moved !== undefined) {
    event.preventDefault();
    moveTo(place.map((x, i) => x + STEP * moved[i]));
  }
});
moveTo(place);

function byKey({ key, shiftKey }: KeyboardEvent): number[] | undefined {
  switch (key) {
    case "ArrowLeft":
      return [0, -1, 0];
    case "ArrowRight":
      return [0, 1, 0];
    case "ArrowUp":
      return shiftKey ? [-1, 0, 0] : [0, 0, 1];
    case "ArrowDown":
      return shiftKey ? [1, 0, 0] : [0, 0, -1];
  }
}

/** Brings the tool to a place, where it can be; else says so and leaves it. */
function moveTo(wanted: number[]): void {
  const begin = performance.now();
  try {
    const solution = solve(UR5, pointingDown(wanted), angles);
    const time = (performance.now() - begin).toFixed(1);
    const rest = solution.iterations[solution.iterations.length - 1].distance.toExponential(0);
    const degrees = solution.angles.map((angle) => `${((180 * angle) / Math.PI).toFixed(1)}°`);
    [place, angles] = [wanted, solution.angles];
    words.textContent = `${degrees.join("  ")} — ${solution.iterations.length - 1} iterations, ${time} ms, ${rest} missing`;
  } catch {
    words.textContent = "The arm does not reach that far.";
  }
  picture.innerHTML = draw(wanted);
}

function draw(wanted: number[]): string {
  const arm = skeleton(UR5, angles);
  const joints = arm.map((joint) => circle(project(joint), 6, "var(--ground)", "var(--arm)"));
  const grid = floor().map((points) => `<polyline points="${line(points)}"/>`);
  return `
    <g fill="none" stroke-linecap="round" stroke-linejoin="round">
      <g stroke="var(--faint)">${grid.join("")}</g>
      <polyline points="${line(arm.map(onFloor))}" stroke="var(--shadow)" stroke-width="7"/>
      <polyline points="${line([wanted, onFloor(wanted)])}" stroke="var(--shadow)" stroke-dasharray="2 5"/>
      <polyline id="arm" points="${line(arm)}" stroke="var(--arm)" stroke-width="9"/>
    </g>
    ${joints.join("")}
    ${circle(project(wanted), 9, "var(--target)", "none")}`;
}

function circle([x, y]: Point, radius: number, fill: string, stroke: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="3"/>`;
}

/** Where a pointer is, in the picture's own coordinates. */
function pointOf(event: PointerEvent): Point {
  const inverse = picture.getScreenCTM()?.inverse();
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(inverse);
  return [x, y];
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`The page has no element #${id}.`);
  }
  return found;
}
