import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { twinOf } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "./support/compile.ts";
import { expectAgreement } from "./support/forms.ts";

const vec = `
const TWO = 2;
function half(x) { return x / TWO; }
export class Vec {
  static { this.prototype.isVec = true; }
  constructor(x = 0, y = 0) { this.x = x; this.y = y; }
  set(x, y) { this.x = x; this.y = y; return this; }
  copy(v) { this.x = v.x; this.y = v.y; return this; }
  clone() { return new this.constructor(this.x, this.y); }
  dot(v) { return this.x * v.x + this.y * v.y; }
  scale(k) { this.x *= k; this.y *= k; return this; }
  halved() { return new Vec(half(this.x), half(this.y)); }
  get squared() { return this.dot(this); }
}`;

const ball = `"use dual";
import { Vec } from "./vec.js";
export { Vec };
export class Ball {
  constructor(center = new Vec(), radius = 1) { this.center = center; this.radius = radius; }
  distanceTo(p) {
    const dx = p.x - this.center.x, dy = p.y - this.center.y;
    return Math.sqrt(dx * dx + dy * dy) - this.radius;
  }
  energy(k) { return this.center.squared * k + this.center.halved().dot(this.center); }
  grow(k) { this.center.scale(k); this.radius *= k; return this; }
}
export const make = (x, y, r) => new Ball(new Vec(x, y), r);
export function distance(x, y) { return new Ball(new Vec(x, y), x * y).distanceTo({ x: y, y: 3 }); }
export function energy(x, y) { return make(x, y, x).energy(y); }
export function grown(x, y) { const b = make(x, y, x * y).grow(y); return b.radius * b.center.dot(new Vec(y, x)); }
export function flagged(x, y) { const v = new Vec(x, y); return v.isVec ? v.dot(v) : x; }
export function still(x, y) { return new Ball().radius * x * y; }
`;

const functions = ["distance", "energy", "grown", "flagged", "still"] as const;
const scriptsOf = (cls: string, mark = '"use dual";') =>
  translate({ vec: `${mark}${cls}`, ball }, {}, "js");

function expectSlopes(f: (x: number, y: number) => number, x: number, y: number): void {
  const slope = (of: (t: number) => number) => (of(1e-6) - of(-1e-6)) / 2e-6;
  const [dx, dy] = [slope((t) => f(x + t, y)), slope((t) => f(x, y + t))];
  expect(jvp(f, [x, y], [1, 0.3])[1]).toBeCloseTo(dx + 0.3 * dy, 6);
  expect(grad(f)(x, y)).toBeCloseTo(dx, 6);
  expect(grad(f, { argnum: 1 })(x, y)).toBeCloseTo(dy, 6);
}

describe("classes of other files of JavaScript", () => {
  const all = load(scriptsOf(vec), "ball");

  it.each(functions)("agree in all forms: %s", (name) => {
    expectAgreement({ f: all[name] as never, at: [0.7, 1.9] });
    expectSlopes(all[name] as never, 0.7, 1.9);
  });

  it("are taken by the fast forms", () => {
    const fast = functions.filter((name) => twinOf(all[name])?.tangent !== undefined);
    expect(fast).toEqual(functions);
  });

  it("are refused where their files have no mark", () => {
    const { energy, distance } = load(scriptsOf(vec, ""), "ball");
    expect(energy?.(0.7, 1.9)).toBe(all.energy?.(0.7, 1.9));
    for (const f of [energy, distance])
      expect(() => jvp(f as never, [0.7, 1.9] as never, [1, 0] as never)).toThrow(/DUAL101/);
  });

  it.each([
    ["another method", "this.x * v.x + this.y", "this.x * v.x - this.y"],
    ["another default", "constructor(x = 0, y = 0)", "constructor(x = 5, y = 0)"],
    ["another constant", "const TWO = 2;", "const TWO = 4;"],
    ["another helper", "x / TWO", "x * TWO"],
    ["another mark", "isVec", "isVector"],
    ["a mark over a method", "isVec = true", "isVec = true; this.prototype.dot = () => 3"],
  ])("are not taken for those that were read: %s", (_, from, to) => {
    const other = scriptsOf(vec.replace(from, to));
    const mixed = load({ ball: scriptsOf(vec).ball as string, vec: other.vec as string }, "ball");
    const whole = load(other, "ball");
    for (const name of functions.filter((n) => !to.includes("=> 3") || n === "still")) {
      const f = mixed[name] as never as (x: number, y: number) => number;
      expect(f(0.7, 1.9)).toBe(whole[name]?.(0.7, 1.9));
      expectSlopes(f, 0.7, 1.9);
    }
  });

  it("are seen to have a method replaced", () => {
    const { energy, Vec } = load(scriptsOf(vec), "ball");
    const at = () => jvp(energy as never, [0.7, 1.9] as never, [1, 0] as never);
    expect(at()).toBeDefined();
    Object.assign((Vec as never as { prototype: object }).prototype, { dot: () => 3 });
    expect(at).toThrow(/DUAL101/);
  });

  it.each(["", "static { this.prototype.dot = 3; }"])(
    "are not those that extend them %s",
    (block) => {
      const script = translate(
        {
          vec: `"use dual";${vec}`,
          mine: `"use dual"; import { Vec } from "./vec.js";
          class Mine extends Vec { ${block} dot(v) { return 3 * this.x * v.x; } scale(k) { return super.scale(k * k); } }
          export const make = (x, y) => new Vec(x, y);
          export const makeMine = (x, y) => new Mine(x, y);
          export function of(a, b) { return a.dot(b) * b.y; }
          export function f(x, y) { return new Mine(x, y).scale(x).dot(new Vec(y, x)); }`,
        },
        {},
        "js",
      );
      const { of, f, make, makeMine } = load(script, "mine");
      const b = () => make?.(1.5, 0.3);
      const declines = "nothing tells what it is";
      expectAgreement({ f: of as never, at: [make?.(0.4, 0.9), b()], declines });
      if (block === "") {
        expectAgreement({ f: of as never, at: [makeMine?.(0.4, 0.9), b()], declines });
        expectAgreement({ f: f as never, at: [0.7, 1.9] });
        expectSlopes(f as never, 0.7, 1.9);
      }
    },
  );
});
