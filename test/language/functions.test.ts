import { derivative } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What the language asks of functions themselves: their properties, and lists of arguments. */

const x = 1.37;
const rows = [
  [`function C() {} const b = C.bind(); return new C() instanceof b ? x * x : x`, x * x, 2 * x],
  [
    `function C() {} const b = C.bind(); return b[Symbol.hasInstance](new C()) ? x * x : x`,
    x * x,
    2 * x,
  ],
  [
    `function C() {} const b = C.bind().bind(); return new b() instanceof b ? x * x : x`,
    x * x,
    2 * x,
  ],
  [`class C {} return C[Symbol.hasInstance](new C()) ? x * x : x`, x * x, 2 * x],
  [
    `function f(a, b) {} Object.defineProperty(f, "length", { value: x - x + 3 }); return f.bind(null).length * x`,
    3 * x,
    3,
  ],
  [
    `function f(a, b) {} Object.defineProperty(f, "length", { value: x - x + 3 }); return f.bind(null, 1).length * x`,
    2 * x,
    2,
  ],
  [
    `const l = { length: 2, 0: x, 1: 3, [Symbol.iterator]: function* () { yield 7; } }; return ((a, b) => a * b).apply(null, l)`,
    3 * x,
    3,
  ],
  [
    `const l = [x, 3]; l[Symbol.iterator] = function* () { yield 7; }; return Reflect.apply((a, b) => a * b, null, l)`,
    3 * x,
    3,
  ],
  [
    `class C { static m() {} } return Reflect.ownKeys(C).length + Object.getOwnPropertySymbols(C).length + Reflect.ownKeys(Object.getOwnPropertyDescriptors(C)).length === 8 ? x * x : x`,
    x * x,
    2 * x,
  ],
  [
    `const p = new Proxy({}, { getPrototypeOf() { throw new RangeError("no"); } }); try { (function f() {})[Symbol.hasInstance](p); return x; } catch (e) { return e instanceof RangeError ? x * x : x; }`,
    x * x,
    2 * x,
  ],
  [
    `const p = new Proxy({}, { getPrototypeOf() { throw new RangeError("no"); } }); try { p instanceof (function f() {}); return x; } catch (e) { return e instanceof RangeError ? x * x : x; }`,
    x * x,
    2 * x,
  ],
  [
    `try { Reflect.construct(function () {}, 1); return x; } catch (e) { return e instanceof TypeError ? x * x : x; }`,
    x * x,
    2 * x,
  ],
  [
    `let n = 0; new Promise((resolve, reject) => { n = resolve.length + reject.length; }); return n * x;`,
    2 * x,
    2,
  ],
] as const;

describe("a function", () => {
  for (const [body, v, t] of rows)
    it(body, () =>
      expectEveryForm({
        code: `export function f(x) { "use dual"; ${body} }`,
        at: [x],
        value: v,
        tangent: t,
      }),
    );

  it("gets no active number for its prototype, which the language would take for an object", () => {
    const code = `export function f(x: number): number { "use dual"; function C() {} C.prototype = x; return new C() instanceof C ? x : 1; }`;
    const { f } = load(translate({ main: code }), "main");
    expect(() => derivative(f as (x: number) => number)(2)).toThrow(
      /DUAL108.*prototype of a function/,
    );
  });
});
