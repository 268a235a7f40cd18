import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "./support/compile.ts";

/** A function whose own name is hidden by something inside, as compilers of other languages and minifiers write it. */
const hidden = {
  "a variable": `
    export const f = function sum(x) { var sum = 0; var i = 3; while (--i >= 0) sum += x * i; return sum * x; };`,
  "a variable that is written first": `
    export const f = function s(x) { s = x * x; var s; return s * x; };`,
  "a variable of a pattern": `
    export const f = function s(x) { var [s, t] = [x * x, x]; s *= t; return s + x; };`,
  "a variable of a block": `
    export const f = function s(x) { let s = x * x; s *= x; return s + x; };`,
  "a variable of a loop": `
    export const f = function s(x) { let t = 1; for (var s of [x, 2 * x]) t *= s * s; return t + s; };`,
  "a variable that is captured": `
    export const f = function s(x) { var s = x; const add = (y) => { s += y * y; }; add(x); add(2 * x); return s; };`,
  "a parameter": `
    export const f = function s(x, s = x * x) { return s * x; };`,
  "a function": `
    export const f = function g(x) { function g(y) { return y * y * y; } return g(x) + g(2 * x); };`,
};

describe("a function whose own name is hidden by", () => {
  it.each(Object.entries(hidden))("%s has its derivatives in the fast form", (_, code) => {
    const emitted = translate({ main: `"use dual";${code}` }, {}, "js");
    const f = load(emitted, "main").f as (x: number) => number;
    expect(twinOf(f)?.tangent).toBeDefined();
    const slope = (f(1.3 + 1e-5) - f(1.3 - 1e-5)) / 2e-5;
    const [value, tangent] = jvp(f, [1.3], [1]);
    expect(value).toBe(f(1.3));
    expect(tangent).toBeCloseTo(slope, 6);
    expect(grad(f)(1.3)).toBeCloseTo(slope, 6);
  });
});
