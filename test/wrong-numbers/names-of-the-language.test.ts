import { grad, hessian, hvp, jvp, vjp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { load, translate } from "../tangent/support/compile.ts";

/** A file may have something of its own that is called like what emitted code takes from the language. */
const names = ["Array", "Number", "Symbol", "Float64Array", "NaN", "Infinity", "undefined"];
const own = names.map((n) => `const ${n}: any = () => 7;`).join(" ");
const ownMath =
  "const Math: any = () => 7; Math.log = Math.exp = Math.cos = Math.max = Math.sqrt = Math;";

const bodies: Record<string, string> = {
  powers: "return x ** (x + 1) + 2 ** x + x ** 0.5 + x ** 3;",
  remainders: "return (x % 0.7) * x + ((3 * x) % x);",
  "lists that are mapped and filled":
    "const xs = [x, x * x, 3]; let s = 0; for (const v of xs.slice(1)) s += v * v; const ys = xs.map((v) => v * 2); return s * x + ys.reduce((a, b) => a + b * b, 0) + xs.fill(x)[0] ** 2;",
  "a list that is gone through":
    "let s = x; for (const v of table.rows[0]) s = s * x + v; return s;",
  "a set that is gone through":
    "let s = x; for (const v of table.rows[1]) s = s * x + v; return s;",
  "a pattern": "const [a, b] = table.rows[2]; return a * x ** 2 + b * x;",
  "rows that are made":
    "const rows: number[][] = []; for (let i = 0; i < 3; i++) rows.push([x, x * i]); let s = 1; for (let i = 0; i < 3; i++) s += rows[i][0] * rows[i][1] * s; return s;",
  "an inner function": "const g = (y: number) => y ** x; return g(x) * g(2);",
};

type F = (x: number) => number;

const program = (body: string, before: string): F =>
  load(
    translate({
      main: `"use dual"; ${before}
        const table: { rows: any } = { rows: [[1, 2], new Set([3, 4]), [5, 6]] };
        export function f(x: number): number { ${body} }`,
    }),
    "main",
  ).f as F;

const at = 1.3;
const all = (f: F) => ({
  jvp: jvp(f, [at], [1]),
  dual: pushDual(f, undefined, [at], [1]),
  forward: grad(f, { mode: "forward" })(at),
  reverse: grad(f, { mode: "reverse" })(at),
  pulled: vjp(f, [at])[1](1),
  hvp: hvp(f)(at, 1),
  hessian: hessian(f)(at),
});

function expectNear(found: object, expected: object): void {
  const [a, b] = [found, expected].map((of) => Object.values(of).flat() as number[]);
  expect(a).toHaveLength(b?.length as number);
  for (const [i, x] of (b ?? []).entries()) expect((a?.[i] as number) / x).toBeCloseTo(1, 14);
}

describe("a file that calls things of its own as the language calls its", () => {
  it.each(Object.entries(bodies))(
    "has the derivatives that it would have without: %s",
    (_, body) => {
      const named = program(body, own);
      expect(twinOf(named)?.tangent).toBeDefined();
      expect(all(named)).toEqual(all(program(body, "")));
    },
  );

  it.each(Object.entries({ ...bodies, "a power": "return x ** x + Math.log() * x;" }))(
    "has them with a `Math` of its own, too: %s",
    (_, body) => {
      // By dual numbers second derivatives are computed in another order.
      expectNear(
        all(program(body, own + ownMath)),
        all(program(body.replace("Math.log()", "7"), "")),
      );
    },
  );

  it.each([own, own + ownMath])("and so has what it calls of a class of another file", (before) => {
    const vec = `"use dual"; export class Vec {
      constructor(public x: number, public y: number) {}
      power(n: number): number { return (this.x ** this.y) ** n * Math.max(2.5, 1) + Math.log(this.x); }
    }`;
    const run = (more: string) => {
      const main = `"use dual"; import { Vec } from "./vec"; ${more}
        export const f = (x: number): number => new Vec(x, 2 * x).power(3) + x;`;
      return all(load(translate({ main, vec }), "main").f as F);
    };
    expectNear(run(before), run(""));
  });

  it.each([own, own + ownMath])(
    "and so has what stands in a function with such names",
    (before) => {
      const run = (more: string) => {
        const main = `function make() { ${more} return (x: number): number => { "use dual"; return 2 ** x + x ** x; }; }
        export const f = make();`;
        return all(load(translate({ main }), "main").f as F);
      };
      expectNear(run(before), run(""));
    },
  );
});
