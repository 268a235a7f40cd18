import { describe, it } from "vitest";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What stands under a key that is computed may be an accessor, or stand in the place of a method from then on. */

const shape = `"use dual";
  class A {
    constructor(public a: number, public b: number) {}
    get w(): number { return this.a * 2; }
    set w(v: number) { this.a = v * 3; }
  }
  class B {
    constructor(public a: number, public b: number) {}
    go(x: number): number { return this.a * x; }
  }
  const cube = (y: number): number => y ** 3;`;

const cases: Record<string, readonly [body: string, key: string, value: number, tangent: number]> =
  {
    "a getter that is read": ["const o = new A(x, 3); return (o as any)[k] * o.b;", "w", 12, 6],
    "a setter that is given an active number": [
      "const o = new A(x, 3); (o as any)[k] = x * x; return o.w * o.b;",
      "w",
      72,
      72,
    ],
    "a setter that is given a constant": [
      "const o = new A(x, 3); (o as any)[k] = 5; return o.w * x;",
      "w",
      60,
      30,
    ],
    "a method that is replaced": [
      "const o = new B(x, 3); (o as any)[k] = (y: number) => y ** 3; return o.go(x) * o.b;",
      "go",
      24,
      36,
    ],
    "a method that is replaced by a function of the file": [
      "const o = new B(x, 3); (o as any)[k] = cube; return o.go(x) * o.b;",
      "go",
      24,
      36,
    ],
    "a method that a pattern replaces": [
      "const o = new B(x, 3); [(o as any)[k]] = [cube]; return o.go(x) * o.b;",
      "go",
      24,
      36,
    ],
    "a method that a pattern of an object replaces": [
      "const o = new B(x, 3); ({ q: (o as any)[k] } = { q: cube }); return o.go(x) * o.b;",
      "go",
      24,
      36,
    ],
    "a method of a list that a pattern replaces": [
      "const l = [x, 3]; [(l as any)[k]] = [(g: (y: number) => number) => [g(7)]]; return l.map((v) => v * x)[0];",
      "map",
      14,
      7,
    ],
    "a method of a list": [
      "const l = [x, 3]; (l as any)[k] = (g: (y: number) => number) => [g(7)]; return l.map((v) => v * x)[0];",
      "map",
      14,
      7,
    ],
    "a field of an instance with methods": [
      "const o = new B(x, x); (o as any)[k] = x * x; return o.go(x) * o.b;",
      "a",
      16,
      32,
    ],
  };

describe("under a computed key", () => {
  it.each(Object.entries(cases))("%s", (_, [body, key, value, tangent]) =>
    expectEveryForm({
      code: `${shape} export function f(x: number): number { return of(x, "${key}"); } function of(x: number, k: string): number { ${body} }`,
      at: [2],
      value,
      tangent,
    }),
  );
});
