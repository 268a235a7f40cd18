import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Variables of the module, and of what surrounds a function, that hold what is active while a derivative lasts. */

const cases: Record<string, Program> = {
  "one that one function writes and another reads": {
    code: `"use dual";
      let kept = 0;
      function put(x) { kept = x * x; return x; }
      function get() { return kept * 2; }
      export function f(x) { put(x); return get() * x; }`,
    at: [3],
    value: 54,
    tangent: 54,
  },
  "a sum that is begun anew": {
    code: `"use dual";
      let sum = 0;
      const stream = { point(x, y) { sum += x * y; }, end() { return sum; } };
      function each(points, to) { for (const [x, y] of points) to.point(x, y); }
      export function f(x, y) { sum = 0; each([[x, y], [y, x], [x, 1]], stream); return stream.end() * x; }`,
    at: [3, 2],
    value: 45,
    along: [1, 0],
    tangent: 30,
  },
  "the last point": {
    code: `"use dual";
      let x0, y0, length;
      function first(x, y) { x0 = x, y0 = y; to.point = next; }
      function next(x, y) { length += Math.hypot(x - x0, y - y0); x0 = x, y0 = y; }
      const to = { point: first };
      export function f(x) {
        length = 0;
        to.point = first;
        for (const [a, b] of [[0, 0], [x, 4], [x * 2, 8]]) to.point(a, b);
        return length;
      }`,
    at: [3],
    value: 10,
    tangent: 1.2,
  },
  "those of a factory whose instance the module keeps": {
    code: `"use dual";
      function Cubic() {
        let c0 = 0, c1 = 0;
        function init(a, b) { c0 = a; c1 = b - a; }
        return { set: function (a, b) { init(a, b * a); }, at: function (t) { return c0 + c1 * t; } };
      }
      const px = Cubic();
      export function f(x, t) { px.set(x, 3); return px.at(t); }`,
    at: [2, 0.5],
    along: [1, 1],
    value: 4,
    tangent: 6,
  },
  "one that decides": {
    code: `"use dual";
      let best = Infinity;
      let at = 0;
      function see(x, y) { if (y < best) { best = y; at = x; } }
      export function f(x) { best = Infinity; for (let i = 0; i < 5; i++) see(i * x, (i * x - 2.2) ** 2); return at * best; }`,
    at: [0.9],
    value: 1.8 * (1.8 - 2.2) ** 2,
    tangent: 2 * 0.4 ** 2 + 1.8 * 2 * -0.4 * 2,
  },
  "one that holds what an argument of another call was": {
    code: `"use dual";
      let scale = 1;
      const of = (x) => x * scale;
      export function f(x, k) { scale = k; const y = of(x); scale = 2; return y + of(x); }`,
    at: [3, 5],
    along: [1, 1],
    value: 21,
    tangent: 10,
  },
  "one of another file": {
    code: {
      main: `"use dual";
        import { put, get } from "./other";
        export function f(x) { put(x * x); return get() * x; }`,
      other: `"use dual";
        let kept = 0;
        export function put(x) { kept = x; }
        export function get() { return kept; }`,
    },
    at: [3],
    value: 27,
    tangent: 27,
  },
  "one that holds what is made a number by itself": {
    code: `"use dual";
      class Sum { constructor() { this.parts = new Float64Array(4); this.n = 0; }
        add(x) { this.parts[this.n++] = x; }
        valueOf() { let s = 0; for (let i = 0; i < this.n; i++) s += this.parts[i]; return s; } }
      let sum;
      function see(x) { sum.add(x * x); }
      export function f(x) { sum = new Sum(); see(x); see(2); return +sum * x; }`,
    at: [3],
    value: 39,
    tangent: 31,
  },
  "a constant that is made a number by itself": {
    code: `"use dual";
      class Sum { constructor() { this.s = 0; } add(x) { this.s += x; } valueOf() { return this.s; } }
      const sum = new Sum();
      export function f(x) { sum.s = 0; sum.add(x * x); return -sum * 2; }`,
    at: [3],
    value: -18,
    tangent: -12,
  },
  "one that an exception leaves half-way": {
    code: `"use dual";
      let acc = 0;
      function add(v) { acc += v; if (v > 5) throw new Error("big"); }
      export function f(x) { acc = 0; try { add(x); add(x * x); add(1); } catch { acc *= 2; } return acc * x; }`,
    at: [3],
    value: 72,
    tangent: 66,
  },
  "one that calls inside each other put back": {
    code: `"use dual";
      let depth = 0;
      function go(x, n) { const before = depth; depth = depth + x; const r = n > 0 ? go(x * 2, n - 1) : depth; depth = before; return r + depth; }
      export function f(x) { depth = 0; return go(x, 2); }`,
    at: [3],
    value: 33,
    tangent: 11,
  },
  "two that change places": {
    code: `"use dual";
      let a = 1;
      let b = 2;
      function step() { const t = a; a = b; b = t; }
      export function f(x) { a = x; b = x * x; step(); return a - b * 2; }`,
    at: [3],
    value: 3,
    tangent: 4,
  },
  "one that is counted up": {
    code: `"use dual";
      let t = 0;
      function step(h) { t += h; t++; return t; }
      export function f(h) { t = 0; step(h); return step(h) * h; }`,
    at: [3],
    value: 24,
    tangent: 14,
  },
};

describe("variables outside of functions in files that are marked as a whole", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
