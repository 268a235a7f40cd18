import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Function expressions that know themselves by a name, for more than calling themselves. */

const cases: Record<string, Program> = {
  "that make themselves without new": {
    code: `"use dual";
      const lib = {};
      lib.line = function g(a, b) {
        if (!(this instanceof g)) return new g(a, b);
        this.a = a;
        this.b = b;
      };
      lib.line.prototype.at = function (x) { return this.a * x + this.b; };
      export function f(x) { return lib.line(x, 2).at(x); }`,
    at: [3],
    value: 11,
    tangent: 6,
  },
  "that keep something in a field of their own": {
    code: `"use dual";
      const scale = function g(x) { return g.factor * x * x; };
      scale.factor = 3;
      export function f(x) { return scale(x) * x; }`,
    at: [2],
    value: 24,
    tangent: 36,
  },
  "that hand themselves on": {
    code: `"use dual";
      const apply = (g, k, x) => g(k, x);
      const power = { of: function g(k, x) { return k === 0 ? 1 : x * apply(g, k - 1, x); } };
      export function f(x) { return power.of(3, x); }`,
    at: [2],
    value: 8,
    tangent: 12,
  },
  "of factories": {
    code: `"use dual";
      function make(k) {
        const scaled = function g(x) { return x * x * g.k; };
        scaled.k = k;
        return scaled;
      }
      const three = make(3);
      export function f(x) { return three(x); }`,
    at: [2],
    value: 12,
    tangent: 12,
  },
  "that make one with another number": {
    code: `"use dual";
      const curve = (function custom(k) {
        function of(x) { return k * x * x; }
        of.with = function (other) { return custom(+other); };
        return of;
      })(0.5);
      export function f(x, k) { return curve.with(k)(x); }`,
    at: [2, 3],
    along: [1, 1],
    value: 12,
    tangent: 16,
  },
};

describe("functions with a name of their own", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
