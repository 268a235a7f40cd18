import { grad, hessian, hvp, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Functions with rules of their own, in places where they see more, or less, than their arguments. */

const own = (rule: string, use: string, value: number, tangent: number): Program => ({
  code: `import { customJvp, checkpoint, customVjp } from "dualize";
    ${rule.startsWith("//") ? rule.slice(2) : ""}
    export function f(x: number): number { "use dual"; ${rule.startsWith("//") ? "" : rule} ${use} }`,
  at: [3],
  value,
  tangent,
});

const square = "const sq = customJvp((v: number) => v * v, ([v], [dv]) => [v * v, 2 * v * dv]);";
const backward =
  "const sq = customVjp((v: number) => v * v, (v: number): [number, number] => [v * v, v], (v: number, c: number): [number] => [2 * v * c]);";
const step = "const step = checkpoint((v: number) => v * v);";

const cases: Record<string, Program> = {
  "a rule that captured what is active": own(
    "const k = customJvp((v: number) => v * x, ([v], [dv]) => [v * x, dv * x]);",
    "return k(x) * k(2);",
    54,
    54,
  ),
  "a rule whose function captured what is active, of a constant": own(
    "const k = customJvp((v: number) => v * x, ([v], [dv]) => [v * x, dv * x]);",
    "return k(2) + k(0);",
    6,
    2,
  ),
  "a backward rule that captured what is active": own(
    "const k = customVjp((v: number) => v * v * x, (v: number): [number, number] => [v * v * x, v], (v: number, c: number): [number] => [2 * v * c * x]);",
    "return k(x) * k(2);",
    324,
    432,
  ),
  "a backward rule of several numbers that captured what is active": own(
    "const k = customVjp((v: number, w: number) => [v * x, w * x], (v: number, w: number): [number[], number] => [[v * x, w * x], v * x], (r: number, c: number[]): [number, number] => [c[0] * x, (c[1] * r) / 3]);",
    "const [a, b] = k(3, x); return a * b;",
    81,
    81,
  ),
  "a checkpoint that captured what is active": own(
    "const k = checkpoint((v: number) => v * v * x);",
    "return k(x) * k(2);",
    324,
    432,
  ),
  "a rule for what does not move, beside a checkpoint": own(
    `//${square} ${step}`,
    "return (sq(x * 0) + 1) * step(x);",
    9,
    6,
  ),
  "a backward rule for what does not move, beside a checkpoint": own(
    `//${backward} ${step}`,
    "return (sq(x * 0) + 1) * step(x);",
    9,
    6,
  ),
  "a checkpoint of what does not move": own(
    `//${square} ${step}`,
    "return (step(x * 0) + 1) * sq(x);",
    9,
    6,
  ),
};

describe("rules", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});

describe("a root of functions that captured what is active", () => {
  const ways = {
    "by Newton's method":
      "let u = 1; for (let i = 0; i < 60; i++) u -= (u * u * a - x) / (2 * u * a); return u;",
    "by halving":
      "let lo = 0, hi = 9; for (let i = 0; i < 60; i++) { const u = (lo + hi) / 2; if (u * u * a < x) lo = u; else hi = u; } return lo;",
    "by text": "return Number(String(Math.sqrt(primalOf(x) / primalOf(a))));",
  };
  const uses = { "of what moves": "root(x)", "of a constant": "root(2)" };
  for (const [way, solve] of Object.entries(ways))
    it.each(Object.entries(uses))(`${way}, %s, is refused`, (_, use) => {
      const main = `import { primalOf } from "dualize"; import { customRoot } from "dualize/root";
        export function f(x: number): number {
          "use dual";
          const root = customRoot((u: number, a: number) => u * u * a - x, (a: number) => { ${solve} });
          return ${use};
        }`;
      const { f } = load(translate({ main }), "main");
      expect(f?.(8)).toBeCloseTo(use === "root(2)" ? 2 : 1, 12);
      for (const run of [
        () => jvp(f as never, [8] as never, [1] as never),
        () => grad(f as never, { mode: "reverse" } as never)(8 as never),
        () => hessian(f as never)(8 as never),
      ])
        expect(run).toThrow(/DUAL109.*captured an active value/s);
    });
});

describe("second derivatives of functions that have none by a constant", () => {
  const at = [0.7, 1.3];
  const along = [1, 2];
  const gradientOf = (code: string) => {
    const main = `import { besselJ, besselK } from "dualize-special"; ${code}`;
    const { f } = load(translate({ main }), "main");
    const g = grad(f as never, { mode: "forward" } as never) as unknown as (
      x: number[],
    ) => number[];
    const h = 1e-5;
    const moved = (s: number) => g(at.map((x, i) => x + s * h * (along[i] as number)));
    const [ahead, behind] = [moved(1), moved(-1)];
    const found = hvp(f as never)(at as never, along as never) as unknown as number[];
    found.forEach((x, i) => {
      expect(x).toBeCloseTo(((ahead[i] as number) - (behind[i] as number)) / (2 * h), 7);
    });
  };
  it.each([
    ["the order of a Bessel function", "return besselJ(2, p[0] * p[1]) + besselK(1, p[1]);"],
    ["the same in a helper", "return g(1, p[0]) * g(2, p[1]);"],
  ])("%s", (_, body) =>
    gradientOf(
      `function g(n: number, x: number): number { return besselJ(n, x); }
       export function f(p: number[]): number { "use dual"; ${body} }`,
    ),
  );
  it("still refuses an order that moves", () => {
    const main = `import { besselJ } from "dualize-special";
      function g(n: number, x: number): number { return besselJ(n, x); }
      export function f(p: number[]): number { "use dual"; return g(1, p[0]) * g(p[0], p[1]); }`;
    const { f } = load(translate({ main }), "main");
    expect(() => hvp(f as never)(at as never, along as never)).toThrow(/DUAL108/);
  });
});

describe("a rule that gives no number for a tangent", () => {
  const code = `import { customJvp } from "dualize";
    const twice = customJvp((v: number) => 2 * v, (([v]: [number]) => [2 * v, "2"]) as never);
    export function f(x: number): number { "use dual"; return twice(x) * x; }`;
  it.each(["forward", "reverse"] as const)("is told so in %s mode", (mode) => {
    const { f } = load(translate({ main: code }), "main");
    expect(() => grad(f as never, { mode } as never)(3 as never)).toThrow(/DUAL103/);
  });
});
