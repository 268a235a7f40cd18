import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Objects from outside in which instances are replaced by such of other classes, of which the types do not tell. */

const classes = `"use dual";
  export class A { constructor(readonly k: number) {} go(x: number): number { return this.k * x; } }
  export class B extends A { override go(x: number): number { return this.k * x * x; } }`;

describe("what is replaced between two derivatives", () => {
  const cases: Record<string, readonly [code: string, before: number, after: number]> = {
    "an instance in a list of objects": [
      `interface S { parts: { a: A }[] } const sim: S = { parts: [{ a: new A(2) }] };
       export function swap(): void { (sim.parts[0] as { a: A }).a = new B(2); }
       export function f(x: number): number { const s: S = sim; return s.parts[0].a.go(x); }`,
      2,
      12,
    ],
    "the field of an instance": [
      `class Holder { constructor(public a: A) {} run(x: number): number { return this.a.go(x); } } const held = new Holder(new A(2));
       export function swap(): void { held.a = new B(2); }
       export function f(x: number): number { const h: Holder = held; return h.run(x); }`,
      2,
      12,
    ],
    "what stands for an argument that is missing": [
      `const box: { a: A } = { a: new A(2) }; export function swap(): void { box.a = new B(2); }
       export function f(x: number, b: { a: A } = box): number { return b.a.go(x); }`,
      2,
      12,
    ],
    "a method of one instance": [
      `const box: { a: A } = { a: new A(2) }; export function swap(): void { box.a.go = (x) => x * x * x; }
       export function f(x: number): number { const b: { a: A } = box; return b.a.go(x); }`,
      2,
      27,
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [code, before, after]) => {
    const program = load(translate({ main: classes + code }), "main");
    const f = program.f as never;
    const all = () => [
      derivative(f)(3 as never),
      jvp(f, [3] as never, [1])[1],
      grad(f)(3 as never),
    ];
    expect(all()).toEqual([before, before, before]);
    program.swap?.();
    expect(all()).toEqual([after, after, after]);
  });
});

describe("what is replaced during a derivative", () => {
  const cases: Record<string, Program> = {
    "in an object of the function": {
      code: `${classes} const pool: A[] = [new A(2), new B(3)]; interface Held { now: A }
        export function f(x: number): number { const h: Held = { now: pool[0] }; const y = h.now.go(x); h.now = pool[1]; return y + h.now.go(x); }`,
      at: [4],
      value: 56,
      tangent: 26,
    },
    "by a function without a mark": {
      code: {
        m: `export class A { constructor(readonly k: number) {} go(x: number): number { "use dual"; return this.k * x; } }
          export class B extends A { override go(x: number): number { "use dual"; return this.k * x * x; } }
          export const sim: { a: A } = { a: new A(2) }; export function swap(k: number): void { sim.a = k ? new B(2) : new A(2); }`,
        main: `import { A, sim, swap } from "./m";
          export function f(x: number): number { "use dual"; swap(0); const s: { a: A } = sim; const y = s.a.go(x); swap(1); return y + s.a.go(x); }`,
      },
      at: [4],
      value: 40,
      tangent: 18,
    },
  };
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
